package exchange

import "strings"

// verified is what a caller's carrier says of a number that it vouches for in
// full (Twilio docs: Trusted Calling with SHAKEN/STIR).
const verified = "TN-Validation-Passed-A"

// stir is what is said of a number that calls: carriers vouch for those of the US
// and Canada; of other telephones and of clients nothing is said. That all of
// them are vouched for in full is inferred.
func stir(number string) string {
	if strings.HasPrefix(number, "+1") {
		return verified
	}
	return ""
}
