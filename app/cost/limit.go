package cost

import (
	"regexp"
	"strconv"
	"strings"

	"callin/app/call"
)

// mostLimit is the highest limit.
const mostLimit = 1_000_000

var anAmount = regexp.MustCompile(`^[0-9]{1,9}([.,][0-9]{1,2})?$`)

// ParseLimit reads an amount as a person writes it; nothing, or 0, is no limit.
func ParseLimit(text string) (float64, error) {
	text = strings.TrimSpace(text)
	if text == "" {
		return 0, nil
	}
	wrong := func(message string) (float64, error) {
		return 0, &call.Error{Code: call.CodeBadField, Field: "limit", Message: message}
	}
	if strings.HasPrefix(text, "-") || strings.HasPrefix(text, "−") {
		return wrong("A limit is more than nothing. Write an amount such as 50 or 12.50, or leave it empty for no limit.")
	}
	if !anAmount.MatchString(text) {
		return wrong("Write the limit in digits alone, such as 50, 12.50 or 12,50, without a currency and without signs between thousands.")
	}
	amount, _ := strconv.ParseFloat(strings.Replace(text, ",", ".", 1), 64) // it matches
	if amount > mostLimit {
		return wrong("A limit is at most 1000000.")
	}
	return amount, nil
}
