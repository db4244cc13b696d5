package carrier_test

import (
	"errors"
	"fmt"
	"testing"

	"callin/app/call"
	"callin/app/carrier"
	"callin/app/rehearsal/stage"
)

// refused reports whether an error is a refusal with a code and status.
func refused(err error, code, status int) bool {
	var refusal *carrier.Refusal
	return errors.As(err, &refusal) && refusal.Code == code && refusal.Status == status
}

// Each error keeps Twilio's code beside its meaning, whatever was asked.
func TestRefusalsKeepTheirCode(t *testing.T) {
	a := newAccount(t)
	for _, c := range []struct {
		status, code int
		meaning      error
	}{
		{400, 21422, nil},
		{403, 20005, nil},
		{403, 20003, nil},
		{400, 21649, nil},
		{401, 20003, carrier.ErrCredentials},
		{404, 20404, call.ErrGone},
		{400, 21220, call.ErrGone},
		{429, 20429, call.ErrLater},
		{500, 20500, call.ErrUnknown},
		{503, 20503, call.ErrUnknown},
	} {
		a.fails(stage.RESTFault{Kind: "refused", Status: c.status, Code: c.code, Message: "No"})
		for _, ask := range []func() error{
			func() error { _, err := a.Account(t.Context()); return err },
			func() error { _, err := a.Resources(t.Context(), carrier.App); return err },
			func() error { return a.Update(t.Context(), carrier.Number, "PN1", nil) },
			func() error { _, err := a.Buy(t.Context(), "+12065550150"); return err },
			func() error { _, err := a.Prices(t.Context(), "US"); return err },
			func() error { _, err := a.MayDial(t.Context(), "US"); return err },
			func() error { _, err := a.Month(t.Context()); return err },
			func() error { _, _, err := a.MakeKey(t.Context(), "x"); return err },
		} {
			err := ask()
			if !refused(err, c.code, c.status) {
				t.Errorf("%d with %d: %v", c.code, c.status, err)
			}
			for _, meaning := range []error{carrier.ErrCredentials, call.ErrGone, call.ErrLater, call.ErrUnknown} {
				if errors.Is(err, meaning) != errors.Is(c.meaning, meaning) {
					t.Errorf("%d with %d: %v", c.code, c.status, err)
				}
			}
		}
	}
}

// What is no answer of Twilio's API is no refusal either: it is not known what was done.
func TestWhatIsNoAnswerIsNoRefusal(t *testing.T) {
	a := newAccount(t)
	for _, kind := range []string{"html", "down", "broken"} {
		a.fails(stage.RESTFault{Kind: kind})
		_, err := a.Resources(t.Context(), carrier.App)
		var refusal *carrier.Refusal
		if !errors.Is(err, call.ErrUnknown) || errors.As(err, &refusal) {
			t.Errorf("%s: %v", kind, err)
		}
	}
}

// Credentials that twilio-go does not even send are wrong ones.
func TestWrongCredentials(t *testing.T) {
	a := newAccount(t)
	for _, token := range []string{"0123456789abcdef0123456789abcdef", "not-alphanumeric", ""} {
		t.Run(fmt.Sprintf("%q", token), func(t *testing.T) {
			twilio, err := carrier.New(carrier.Account{AccountSid: a.rehearsal.AccountSid, Username: a.rehearsal.AccountSid, Password: token, Rehearsal: a.rehearsal.Address})
			a.must(err)
			if _, err := twilio.Account(t.Context()); !errors.Is(err, carrier.ErrCredentials) {
				t.Error(err)
			}
		})
	}
}
