package twiml

import (
	"bytes"
	"fmt"
	"regexp"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/ianaindex"
	"golang.org/x/text/encoding/unicode"
)

// declared finds the encoding that an XML declaration names.
var declared = regexp.MustCompile(`^<\?xml\s[^>]*?\sencoding\s*=\s*["']([A-Za-z][A-Za-z0-9._-]*)["']`)

// UTF8 is what was written in some charset, without a byte order mark. The mark
// goes before the charset that came with it in a Content-Type, and that before the
// declaration (RFC 7303, section 3); without any it is UTF-8 (XML 1.0, 4.3.3).
func UTF8(b []byte, charset string) ([]byte, error) {
	e, err := encodingOf(b, charset)
	if err != nil || e == nil {
		return bytes.TrimPrefix(b, []byte("\xef\xbb\xbf")), err
	}
	return e.NewDecoder().Bytes(b)
}

// encodingOf is nil for UTF-8.
func encodingOf(b []byte, charset string) (encoding.Encoding, error) {
	begins := func(with ...string) bool {
		for _, s := range with {
			if bytes.HasPrefix(b, []byte(s)) {
				return true
			}
		}
		return false
	}
	switch { // with a mark, or with the "<" of XML (XML 1.0, appendix F)
	case begins("\xef\xbb\xbf"):
		return nil, nil
	case begins("\xfe\xff", "\x00<\x00"):
		return unicode.UTF16(unicode.BigEndian, unicode.UseBOM), nil
	case begins("\xff\xfe", "<\x00"):
		return unicode.UTF16(unicode.LittleEndian, unicode.UseBOM), nil
	}
	if m := declared.FindSubmatch(b); charset == "" && m != nil {
		charset = string(m[1])
	}
	if charset == "" {
		return nil, nil
	}
	e, err := ianaindex.IANA.Encoding(charset)
	if err != nil || e == nil {
		return nil, fmt.Errorf("the charset %q is not known", charset)
	}
	if e == unicode.UTF8 { // the parser tells what is none
		return nil, nil
	}
	return e, nil
}
