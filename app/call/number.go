package call

import (
	"net/url"
	"strings"
)

// IsSoftphone reports whether a From of Twilio's is a softphone's.
func IsSoftphone(from string) bool { return strings.HasPrefix(from, "client:") }

// Number is the E.164 number in a From of Twilio's; empty when the caller
// withholds it. It may come as digits or inside an address; in place of a
// withheld one come words, and digits that spell such words on a keypad.
func Number(from string) string {
	user := written.Replace(userOf(from))
	digits, plus := strings.CutPrefix(user, "+")
	if digits == "" || strings.Trim(digits, "0123456789") != "" || withheld[digits] || withheld[strings.TrimPrefix(digits, "1")] {
		return ""
	}
	switch {
	case plus && plausible(digits):
		return "+" + digits
	case plus:
	case len(digits) == 10 && american(digits):
		return "+1" + digits
	case digits[0] == '1' && american(digits[1:]), digits[0] != '1' && len(digits) >= 11 && plausible(digits):
		return "+" + digits
	}
	return ""
}

// written drops what numbers are written with.
var written = strings.NewReplacer(" ", "", "-", "", ".", "", "(", "", ")", "")

// userOf is who an address is of: `sip:+12015550100;npdi@host;user=phone`,
// `"Ana" <sip:2015550100@host>`, `tel:+1-201-555-0100`, `client:+12015550100`.
func userOf(from string) string {
	user := strings.TrimSpace(from)
	if _, address, ok := strings.Cut(user, "<"); ok {
		user, _, _ = strings.Cut(address, ">")
	}
	if scheme, rest, ok := strings.Cut(user, ":"); ok {
		named, host, at := strings.Cut(rest, "@")
		switch scheme = strings.ToLower(scheme); {
		case (scheme == "sip" || scheme == "sips") && !at: // a host alone
			return ""
		case scheme == "client" && host != "": // a name that looks like an address
			return ""
		}
		user = named
	}
	user, _, _ = strings.Cut(user, ";")
	user, _, _ = strings.Cut(user, ":") // a password
	if plain, err := url.PathUnescape(user); err == nil {
		user = plain
	}
	return strings.TrimSpace(user)
}

// plausible reports whether digits can be a number of E.164: ITU-T allows 15, a
// country code has been assigned, and no country's numbers are shorter than 7 with it.
func plausible(digits string) bool {
	if len(digits) < 7 || len(digits) > 15 || Country(digits) == "" {
		return false
	}
	return digits[0] != '1' || digits[1] >= '2'
}

// american reports whether digits are a number of the North American plan without
// its country code: area code and exchange begin with 2 to 9 and do not end in 11.
func american(digits string) bool {
	return len(digits) == 10 && digits[0] >= '2' && digits[3] >= '2' && digits[1:3] != "11" && digits[4:6] != "11" &&
		strings.Trim(digits, digits[:1]) != ""
}

// withheld are the digits that come in place of a number, as they are spelled on a
// keypad, alone or before NUMBER, CALLER or CALL.
var withheld = func() map[string]bool {
	all := map[string]bool{
		"8566696687": true, // reported; spells none of the words whole
		"7378742883": true, // RESTRICTED in an older edition of Twilio's article
	}
	for _, word := range []string{
		// Twilio's article "Why am I getting calls from these strange numbers?"
		"ANONYMOUS", "RESTRICTED", "BLOCKED", "UNKNOWN", "UNAVAILABLE",
		// What networks send in place of a name (ANSI T1.641: private, out of area;
		// RFC 3323 and carriers' words for it).
		"PRIVATE", "WITHHELD", "HIDDEN", "UNLISTED", "OUTOFAREA",
	} {
		for _, more := range []string{"", "NUMBER", "CALLER", "CALL"} {
			all[keys(word+more)] = true
		}
	}
	return all
}()

// keys are the keys of a telephone that spell a word (ITU-T E.161).
func keys(word string) string {
	digits := []byte(word)
	for i, letter := range digits {
		digits[i] = "22233344455566677778889999"[letter-'A']
	}
	return string(digits)
}
