package call

import "strings"

// IsSoftphone reports whether a From of Twilio's is a softphone's.
func IsSoftphone(from string) bool { return strings.HasPrefix(from, "client:") }

// Number is the E.164 number in a From of Twilio's; empty when the caller
// withholds it: Twilio then sends a word or a number that spells one.
func Number(from string) string {
	switch from {
	case "+266696687", // ANONYMOUS
		"+7378742833", // RESTRICTED
		"+2562533",    // BLOCKED
		"+8566696687": // UNAVAILABLE without its end
		return ""
	}
	if len(from) < 3 || len(from) > 16 || from[0] != '+' {
		return ""
	}
	for _, d := range from[1:] {
		if d < '0' || d > '9' {
			return ""
		}
	}
	return from
}
