package pairing

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"callin/app/call"
)

// longestName is how many characters a desk's name can have.
const longestName = 40

// unseen are characters that count as graphic and show nothing: two names that
// differ by one look the same.
var unseen = []*unicode.RangeTable{
	unicode.Other_Default_Ignorable_Code_Point, unicode.Variation_Selector,
	{R16: []unicode.Range16{{Lo: 0x2800, Hi: 0x2800, Stride: 1}}}, // empty Braille
}

// checkName says what is wrong with a name for the desk with an id, empty for a new
// one.
func (k *kept) checkName(name string, id call.DeskID) error {
	refuse := func(code call.Code, message string) error {
		return &call.Error{Code: code, Message: message, Field: "name"}
	}
	seen := func(r rune) bool {
		return unicode.IsGraphic(r) && !unicode.In(r, unseen...) && (r == ' ' || !unicode.IsSpace(r))
	}
	switch {
	case strings.TrimSpace(name) == "":
		return refuse(call.CodeBadField, "A desk needs a name, such as Studio or Ana at home.")
	case utf8.RuneCountInString(name) > longestName:
		return refuse(call.CodeTooLong, "The name of a desk has at most 40 characters. Shorten it.")
	case !utf8.ValidString(name), strings.ContainsFunc(name, func(r rune) bool { return !seen(r) }),
		name != strings.Join(strings.Fields(name), " "):
		return refuse(call.CodeBadField, "The name of a desk is one line of letters that can be seen, with single spaces. Type it anew.")
	case slices.ContainsFunc(k.Desks, func(at seat) bool { return at.ID != id && strings.EqualFold(at.Name, name) }):
		return refuse(call.CodeNameTaken, "Another desk has this name. Choose one that tells them apart.")
	}
	return nil
}

// checkRights says what is wrong with what a desk may do.
func checkRights(roles call.Roles, studios []call.Studio) error {
	if roles&^(call.Host|call.Producer|call.Manager) != 0 {
		return &call.Error{Code: call.CodeBadField, Message: "A desk is host, producer, manager or watcher. Choose from these.", Field: "roles"}
	}
	for i, studio := range studios {
		plain := strings.Trim(string(studio), "abcdefghijklmnopqrstuvwxyz0123456789") == ""
		if !plain || slices.Contains(studios[:i], studio) {
			return &call.Error{Code: call.CodeBadField, Message: "Each studio is named once, by small letters and digits. Choose from those of the station.", Field: "studios"}
		}
	}
	return nil
}
