package voice

import (
	"strings"

	"golang.org/x/text/cases"
	"golang.org/x/text/language"

	"callin/app/plain"
)

// longestPart is how many characters a card holds of each part of an area.
const longestPart = 40

// area is where the caller's number is from, such as "Seattle, WA, US": Twilio looks
// that up by how the number begins, and knows nothing of where the telephone is. It
// is for people to read, and nothing follows from it.
func (r request) area() string {
	var parts []string
	for _, field := range []string{"FromCity", "FromState", "FromCountry"} {
		part := plain.Cut(plain.Line(r.value(field)), longestPart)
		if !plain.Says(part) {
			continue
		}
		if field == "FromCity" && part == strings.ToUpper(part) { // as Twilio writes them
			part = cases.Title(language.Und).String(part)
		}
		parts = append(parts, part)
	}
	return strings.Join(parts, ", ")
}
