package app

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strings"

	"callin/app/call"
	"callin/app/desk"
)

// run asks for each step that is not settled until all are.
func (z *wizard) run(ctx context.Context) error {
	st, err := z.State(ctx)
	for err == nil && st.Step != desk.StepTry {
		var next desk.SetupState
		next, err = z.step(ctx, st)
		var refused *call.Error
		if errors.As(err, &refused) && refused.Code != call.CodeSetupLeft && !z.yes {
			fmt.Fprintln(z.out, "▲", refused.Message)
			next, err = z.State(ctx)
		}
		st = next
	}
	if err != nil {
		return err
	}
	z.trial(st)
	fmt.Fprintf(z.out, "The account is connected. Listeners call %s. ", st.Number)
	if st.Again {
		fmt.Fprintln(z.out, "Callin has begun again with it.")
	} else {
		fmt.Fprintln(z.out, "Start Callin, open the show, and ring it yourself.")
	}
	return nil
}

// step does the first step that is not settled.
func (z *wizard) step(ctx context.Context, st desk.SetupState) (desk.SetupState, error) {
	if st.Trouble != "" {
		fmt.Fprintln(z.out, "▲", st.Trouble)
	}
	z.trial(st)
	switch st.Step {
	case desk.StepAccount:
		sid, err := z.ask(ctx, "sid", "Account SID (the first page of Twilio's console, AC…): ")
		if err != nil {
			return st, err
		}
		token, err := z.secret(ctx, "token", "Auth token (below it; it is not shown): ")
		if err != nil {
			return st, err
		}
		next, err := z.Account(ctx, desk.SetupAccountBody{Sid: sid, Token: token})
		if err == nil {
			fmt.Fprintf(z.out, "%s. Its token is kept in %s.\n%s\n", next.Account.Name, next.Secrets, strings.Join(next.Account.Says, "\n"))
		}
		return next, err
	case desk.StepNumber:
		for _, n := range st.Numbers {
			fmt.Fprintf(z.out, "  %s  %s\n", n.Number, n.Now)
		}
		number, err := z.ask(ctx, "number", "The number that listeners call (or buy one, by typing: buy): ")
		if err != nil {
			return st, err
		}
		if z.buys(number) {
			return z.buy(ctx, st, false)
		}
		return z.Number(ctx, number)
	case desk.StepDialIn:
		return z.dialIn(ctx, st)
	case desk.StepAddress:
		return z.address(ctx, st)
	}
	return z.change(ctx, st)
}

// change shows what will be changed and does it.
func (z *wizard) change(ctx context.Context, st desk.SetupState) (desk.SetupState, error) {
	fmt.Fprintln(z.out, "\nThis will be changed at Twilio, and nothing else:")
	for _, c := range st.Will {
		made := ""
		if c.Made {
			made = " (made)"
		}
		fmt.Fprintf(z.out, "  %s%s\n", c.What, made)
		for _, f := range c.Fields {
			fmt.Fprintf(z.out, "    %s: %s → %s\n", f.Name, cmp.Or(f.From, "nothing"), cmp.Or(f.To, "nothing"))
		}
	}
	if len(st.Will) == 0 {
		fmt.Fprintln(z.out, "  nothing: all is as it should be")
	}
	if st.Other != "" {
		fmt.Fprintf(z.out, "▲ Another Callin, at %s, has the account's calls. They go to this one then.\n", st.Other)
		if z.yes && !z.takeOver {
			return st, &call.Error{Code: call.CodeTakenOver, Message: "Nothing was changed. With --take-over the calls go to this Callin."}
		}
	}
	if !z.agrees(ctx, "Do it? Type yes or no: ") {
		return st, errNotAgreed
	}
	return z.Do(ctx, desk.SetupDoBody{Mark: st.Mark, Over: st.Other != ""})
}

// left ends a set-up before its end.
func left(message string) error { return &call.Error{Code: call.CodeSetupLeft, Message: message} }

// errNotAgreed ends a set-up that a person did not agree to.
var errNotAgreed = left("Nothing was changed. callin setup goes on from here.")

// undo puts everything back.
func (z *wizard) undo(ctx context.Context) error {
	st, err := z.State(ctx)
	if err != nil {
		return err
	}
	if !st.Undoable && st.Account == nil {
		fmt.Fprintln(z.out, "There is nothing to put back.")
		return nil
	}
	if !z.agrees(ctx, "Everything at Twilio is put back as it was before Callin, and the account is forgotten here. Type yes or no: ") {
		return errNotAgreed
	}
	st, err = z.Setup.Undo(ctx)
	if err != nil {
		return err
	}
	fmt.Fprintln(z.out, "Everything is as it was. A number that was bought stays: give it back in Twilio's console if nobody needs it.")
	for _, words := range st.Left {
		fmt.Fprintln(z.out, "▲", words)
	}
	return nil
}

// trial says what a trial account cannot do at a step.
func (z *wizard) trial(st desk.SetupState) {
	if words := st.Trial[st.Step]; words != "" {
		fmt.Fprintln(z.out, "▲", words)
	}
}

// dialIn asks for the DJ's number and its PIN.
func (z *wizard) dialIn(ctx context.Context, st desk.SetupState) (desk.SetupState, error) {
	number, err := z.may(ctx, "dial-in", "The DJ's own dial-in number (nothing for none; or buy one, by typing: buy): ")
	if err != nil {
		return st, err
	}
	if z.buys(number) {
		bought, err := z.buy(ctx, st, true)
		if err != nil || bought.DialIn == "" {
			return bought, err
		}
		number = bought.DialIn
	}
	var pin string
	if number != "" {
		if pin, err = z.secret(ctx, "pin", "Its PIN, 4 to 8 digits (it is not shown): "); err != nil {
			return st, err
		}
	}
	return z.DialIn(ctx, desk.SetupDialInBody{Number: number, Pin: pin})
}

// address asks how Twilio reaches the station: by an address of its own, or by a tunnel.
func (z *wizard) address(ctx context.Context, st desk.SetupState) (desk.SetupState, error) {
	if st.Public.Trouble != "" {
		fmt.Fprintln(z.out, "▲", st.Public.Trouble)
	}
	said := z.given["tunnel"]
	delete(z.given, "tunnel")
	if said == "" {
		if !z.yes {
			for _, p := range st.Public.Proxies {
				fmt.Fprintf(z.out, "\n%s:\n%s", p.Name, p.Text)
			}
		}
		question := fmt.Sprintf("\nWhere Twilio reaches this station (https://…, which leads to %s; or a tunnel: ngrok or cloudflared): ", st.Public.Forward)
		if st.Public.Within {
			question = fmt.Sprintf("\nWhere the stand-in for Twilio reaches this station (http://%s): ", st.Public.Forward)
		}
		var err error
		if said, err = z.ask(ctx, "address", question); err != nil {
			return st, err
		}
	}
	switch kind := desk.PublicKind(strings.ToLower(said)); kind {
	case desk.PublicNgrok:
		return z.ngrok(ctx, st)
	case desk.PublicTunnel:
		return z.Address(ctx, desk.SetupAddressBody{Kind: kind})
	}
	return z.Address(ctx, desk.SetupAddressBody{Kind: desk.PublicOwn, Address: said})
}

func (z *wizard) ngrok(ctx context.Context, st desk.SetupState) (desk.SetupState, error) {
	b := desk.SetupAddressBody{Kind: desk.PublicNgrok}
	var err error
	if b.Token, err = z.secretMay(ctx, "tunnel-token", "ngrok's authtoken (it is not shown; nothing for the one that there is): "); err != nil {
		return st, err
	}
	if b.Domain, err = z.may(ctx, "tunnel-domain", "Its reserved domain (nothing for none): "); err != nil {
		return st, err
	}
	return z.Address(ctx, b)
}
