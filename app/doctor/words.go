package doctor

import (
	"errors"
	"fmt"
	"strings"

	"callin/app/call"
	"callin/app/setup"
)

// said are an error's words: what is wrong, and what to do.
func said(err error) (what, do string) {
	refused := refusal(err)
	if refused == nil {
		return "Callin could not look at this.", "Look again; if it stays so, look in Callin's log."
	}
	what, do, more := strings.Cut(refused.Message, ". ")
	if more {
		what += "."
	}
	return what, do
}

// saysWrong is a finding of what an error says.
func saysWrong(err error) Finding { return wrong(said(err)) }

// untold is a finding of something that Twilio does not tell, which is no fault of the
// station's.
func untold(err error) Finding {
	what, _ := said(err)
	return unlooked("Twilio did not say this. "+what, "Look again in a minute.")
}

// many is a number of things: "1 caller", "2 callers".
func many(n int, one string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %ss", n, one)
}

// list are things in a sentence: "a", "a and b", "a, b and c".
func list(of []string) string {
	if len(of) < 2 {
		return strings.Join(of, "")
	}
	return strings.Join(of[:len(of)-1], ", ") + " and " + of[len(of)-1]
}

// refusal is the refusal that an error is, in words; nil for none.
func refusal(err error) *call.Error {
	var refused *call.Error
	errors.As(setup.InWords(err), &refused)
	return refused
}
