package plain_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"callin/app/plain"
)

func TestTextFromOutsideIsOneLineOfPlainText(t *testing.T) {
	for _, c := range []struct{ what, text, want string }{
		{"nothing", "", ""},
		{"a name", "Ana Ålund", "Ana Ålund"},
		{"a name in another script", "علي 王 Ωμέγα", "علي 王 Ωμέγα"},
		{"letters in parts", "Zoe\u0308 A\u030Alund", "Zoë Ålund"},
		{"Hangul in parts", "\u1112\u1161\u11ab", "한"},
		{"a part behind what shows nothing", "Zoe\u034f\u0308", "Zoë"},
		{"emoji", "Ana 🎉", "Ana 🎉"},
		{"emoji in parts", "\u2764\ufe0f", "\u2764"},
		{"punctuation", "O'Neil, Jr. – \"Bob\" (?)", "O'Neil, Jr. – \"Bob\" (?)"},

		{"one space", " ", ""},
		{"spaces", "  Ana   Lund  ", "Ana Lund"},
		{"spaces of other kinds", "\u00a0Ana\u2003\u2009\u202f\u205f\u3000\u1680Lund\u2007", "Ana Lund"},
		{"lines", "Ana\r\nLund\u2028\u2029\u0085\v\f\tBerg\n", "Ana Lund Berg"},
		{"control characters", "A\x00n\x1b\x7fa\u0080\u009f", "Ana"},
		{"no width", "\u200bA\u200cn\u200da\ufeff\u2060", "Ana"},
		{"nothing but no width", "\u200b\u200c\u200d\ufeff\u2060\u180e\u00ad", ""},
		{"directions", "\u202eanA\u202c\u2066\u2067\u2068\u2069\u200e\u200f\u061c", "anA"},
		{"invisible signs", "A\u2061\u2062\u2063\u2064na", "Ana"},
		{"tags", "Ana\U000e0041\U000e007f\U000e0001", "Ana"},
		{"Braille blanks", "\u2800\u2800", ""},
		{"Braille letters", "⠁⠝⠁", "⠁⠝⠁"},
		{"fillers", "\u3164\u115f\u1160\uffa0\u17b4\u17b5", ""},
		{"variation selectors", "\ufe00\U000e0100\u180b", ""},
		{"gaps of music and hieroglyphs", "\U0001d159\U00013441\U00013442", ""},
		{"accents on nothing", " \u0301\u0308\u20dd ", ""},
		{"private use and what is unassigned", "\ue000\U000f0000\U0010ffff\u0378", ""},
		{"bytes that are no text", "A\xffn\xc3a\xed\xa0\x80", "Ana"},
	} {
		if got := plain.Line(c.text); got != c.want {
			t.Errorf("%s: %q becomes %q, want %q", c.what, c.text, got, c.want)
		}
	}
}

func TestALineIsCutByCharacters(t *testing.T) {
	for _, c := range []struct {
		line string
		most int
		want string
	}{{"Ana", 3, "Ana"}, {"Ana", 2, "An"}, {"éé王王", 3, "éé王"}, {"Ana Lund", 4, "Ana"}, {"Ana", 0, ""}, {"", 0, ""}} {
		if got := plain.Cut(c.line, c.most); got != c.want {
			t.Errorf("the first %d characters of %q are %q, want %q", c.most, c.line, got, c.want)
		}
	}
}

func TestAVoiceSaysLettersAndDigits(t *testing.T) {
	for line, want := range map[string]bool{"Ana": true, "王": true, "7": true, "": false, "?": false, "– …": false, "🎉": false} {
		if plain.Says(line) != want {
			t.Errorf("%q: %v", line, !want)
		}
	}
}

func FuzzLine(f *testing.F) {
	f.Add("Zoe\u0308  Ålund\u200b")
	f.Add("\u2800\xff\n")
	f.Fuzz(func(t *testing.T, text string) {
		line := plain.Line(text)
		switch {
		case !utf8.ValidString(line), strings.TrimSpace(line) != line, strings.ContainsAny(line, "\r\n\t\u2028\u200b"):
			t.Errorf("%q becomes %q", text, line)
		case plain.Line(line) != line:
			t.Errorf("%q becomes %q, and that %q", text, line, plain.Line(line))
		}
	})
}
