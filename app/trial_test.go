package app_test

import (
	"slices"
	"strings"
	"testing"

	"callin/app/carrier"
	"callin/app/connect"
	"callin/app/desk"
	"callin/app/rehearsal/stage"
	"callin/app/settings"
)

// Of a trial account each step says what that cannot do there, and buys no second number;
// of another one nothing is said.
func TestATrialAccountSaysAtEachStepWhatItCannotDo(t *testing.T) {
	t.Parallel()
	a := newApplicant(t, func(o *connect.Options) { o.Settings = settings.Settings{Texts: new(bool)}; *o.Settings.Texts = true })
	a.account()
	if st, err := a.State(t.Context()); err != nil || st.Trial != nil {
		t.Errorf("of a paid account: %v, %v", st.Trial, err)
	}
	if err := a.on.Stage().Switch(t.Context(), stage.Switches{Trial: true}); err != nil {
		t.Fatal(err)
	}
	says := func(st desk.SetupState, err error, words map[desk.SetupStep]string) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		for _, step := range []desk.SetupStep{desk.StepNumber, desk.StepDialIn, desk.StepAddress, desk.StepChange, desk.StepTry} {
			if said := st.Trial[step]; (said != "") != (words[step] != "") || !strings.Contains(said, words[step]) {
				t.Errorf("with %d numbers at %q: %q, want %q", len(st.Numbers), step, said, words[step])
			}
		}
	}
	always := map[desk.SetupStep]string{
		desk.StepNumber: "which there is", desk.StepAddress: "five seconds", desk.StepChange: "Texts go to verified telephones only", desk.StepTry: "press a key",
	}
	st, err := a.State(t.Context())
	says(st, err, always)
	found, err := a.Offers(t.Context(), desk.SetupOffersBody{Country: "US"})
	if err != nil {
		t.Fatal(err)
	}
	for _, dialIn := range []bool{false, true} {
		a.refuses("a second number", "number", st.Numbers[0].Number, func() error {
			_, err := a.Buy(t.Context(), desk.SetupBuyBody{Number: found.Offers[0].Number, Price: found.Offers[0].Price, DialIn: dialIn})
			return err
		})
	}

	// Its first one is bought as any is.
	a.plant(stage.Planting{NoNumbers: true})
	always[desk.StepNumber], always[desk.StepDialIn] = "Its credit pays", "one number is the listeners'"
	st, err = a.State(t.Context())
	says(st, err, always)
	st, err = a.Buy(t.Context(), desk.SetupBuyBody{Number: found.Offers[0].Number, Price: found.Offers[0].Price})
	always[desk.StepNumber] = "which there is"
	says(st, err, always)
	if st.Number != found.Offers[0].Number || st.Step != desk.StepDialIn {
		t.Errorf("it is at %q with %q", st.Step, st.Number)
	}
}

// The DJ's number is bought as the listeners' is, and needs a PIN then; it is neither
// theirs nor bought twice.
func TestTheDJsNumberIsBought(t *testing.T) {
	t.Parallel()
	a := newApplicant(t)
	a.account()
	if _, err := a.Number(t.Context(), a.on.ListenersNumber); err != nil {
		t.Fatal(err)
	}
	found, err := a.Offers(t.Context(), desk.SetupOffersBody{Country: "US"})
	if err != nil {
		t.Fatal(err)
	}
	body := desk.SetupBuyBody{Number: found.Offers[0].Number, Price: found.Offers[0].Price, DialIn: true}
	a.refuses("the listeners' number", "number", "Listeners call this number", func() error {
		_, err := a.Buy(t.Context(), desk.SetupBuyBody{Number: a.on.ListenersNumber, Price: body.Price, DialIn: true})
		return err
	})
	before := len(all(t, a.twilio, carrier.Number))
	for range 2 { // its answer may be lost
		st, err := a.Buy(t.Context(), body)
		if err != nil || st.DialIn != body.Number || st.Number != a.on.ListenersNumber || st.Step != desk.StepDialIn {
			t.Fatalf("it is at %q with %q and %q, %v", st.Step, st.Number, st.DialIn, err)
		}
	}
	has := all(t, a.twilio, carrier.Number)
	if len(has) != before+1 || !slices.ContainsFunc(has, func(n carrier.Resource) bool { return n.Name == body.Number }) {
		t.Errorf("the account has %+v", has)
	}
	st, err := a.DialIn(t.Context(), desk.SetupDialInBody{Number: body.Number, Pin: "4711"})
	if err != nil || st.Step != desk.StepAddress || !st.Public.Within || len(st.Public.Proxies) > 0 {
		t.Errorf("with a PIN it is at %q: %+v, %v", st.Step, st.Public, err)
	}
	a.refuses("the DJ's number", "number", "The DJ dials this number", func() error {
		_, err := a.Buy(t.Context(), desk.SetupBuyBody{Number: body.Number, Price: body.Price})
		return err
	})
}
