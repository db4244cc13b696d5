package twiml

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
)

// maxDepth bounds nesting; TwiML's own deepest is Response > Dial > Client > Identity.
const maxDepth = 16

type node struct {
	name  string
	attrs map[string]string
	read  map[string]bool // the attributes that the parser knows
	kids  []*node
	text  strings.Builder
	// words are the text with that of the elements inside it, in order: SSML.
	words strings.Builder
}

// tree reads XML in UTF-8, whatever encoding it declares.
func tree(b []byte) (*node, error) {
	d := xml.NewDecoder(bytes.NewReader(b))
	d.CharsetReader = func(_ string, utf8 io.Reader) (io.Reader, error) { return utf8, nil }
	var root *node
	var open []*node
	for {
		at := d.InputOffset()
		tok, err := d.Token()
		if err == io.EOF {
			if root == nil {
				return nil, errors.New("no element")
			}
			return root, nil
		}
		if err != nil {
			return nil, err
		}
		switch t := tok.(type) {
		case xml.ProcInst:
			if strings.EqualFold(t.Target, "xml") && at > 0 { // a leading space or an empty line is enough (dictionary: 12100)
				return nil, errors.New("something stands before the XML declaration")
			}
		case xml.StartElement:
			n := &node{name: t.Name.Local, attrs: map[string]string{}, read: map[string]bool{}}
			for i, a := range t.Attr {
				if slices.ContainsFunc(t.Attr[:i], func(o xml.Attr) bool { return o.Name == a.Name }) { // encoding/xml lets it pass
					return nil, fmt.Errorf("the attribute %s is there twice", a.Name.Local)
				}
				if a.Name.Space == "" && a.Name.Local != "xmlns" {
					n.attrs[a.Name.Local] = a.Value
				}
			}
			switch {
			case len(open) >= maxDepth:
				return nil, errors.New("nested too deeply")
			case len(open) > 0:
				up := open[len(open)-1]
				up.kids = append(up.kids, n)
			case root != nil:
				return nil, errors.New("more than one root element")
			default:
				root = n
			}
			open = append(open, n)
		case xml.EndElement:
			open = open[:len(open)-1]
		case xml.CharData:
			if len(open) == 0 {
				if len(bytes.TrimSpace(t)) > 0 {
					return nil, errors.New("text outside the root element")
				}
				continue
			}
			open[len(open)-1].text.Write(t)
			for _, n := range open {
				n.words.Write(t)
			}
		}
	}
}

func (n *node) trimmed() string { return strings.TrimSpace(n.text.String()) }
