// Package plain makes text that comes from outside one line of plain text, where
// it enters: what callers are called, what is typed on a card, what is texted and
// what an older journal holds.
package plain

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// blank are characters that count as graphic and show nothing: the empty Braille
// pattern, a note without a head, and two gaps between hieroglyphs.
var blank = &unicode.RangeTable{
	R16: []unicode.Range16{{Lo: 0x2800, Hi: 0x2800, Stride: 1}},
	R32: []unicode.Range32{{Lo: 0x13441, Hi: 0x13442, Stride: 1}, {Lo: 0x1d159, Hi: 0x1d159, Stride: 1}},
}

// Line is text as one line in Unicode's form NFC. Spaces of every kind and line
// breaks are one space each, and none at the ends. What shows nothing is left out:
// control and format characters, those that set the direction or have no width,
// variation selectors, fillers, accents on nothing, and bytes that are no text.
func Line(text string) string {
	if simple(text) {
		return text
	}
	var b strings.Builder
	space := false
	for _, r := range strings.ToValidUTF8(text, "") {
		switch {
		case unicode.In(r, unicode.White_Space, unicode.Z):
			space = true
			continue
		case !unicode.IsGraphic(r), unicode.In(r, blank, unicode.Other_Default_Ignorable_Code_Point, unicode.Variation_Selector):
			continue
		case b.Len() == 0 && unicode.IsMark(r):
			continue
		}
		if space && b.Len() > 0 {
			b.WriteByte(' ')
		}
		space = false
		b.WriteRune(r)
	}
	return norm.NFC.String(b.String())
}

// simple reports whether text is a line already, as nearly all is.
func simple(text string) bool {
	before := byte(' ')
	for i := range len(text) {
		if c := text[i]; c < ' ' || c > '~' || c == ' ' && before == ' ' {
			return false
		}
		before = text[i]
	}
	return text == "" || before != ' '
}

// Cut is the first most characters of a line.
func Cut(line string, most int) string {
	for i := range line {
		if most == 0 {
			return strings.TrimRight(line[:i], " ")
		}
		most--
	}
	return line
}

// Says reports whether there is anything in a line that a voice could say.
func Says(line string) bool {
	return strings.ContainsFunc(line, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsNumber(r) })
}
