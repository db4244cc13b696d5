package app

import (
	"bufio"
	"cmp"
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"strings"

	"callin/app/call"
	"callin/app/connect"
	"callin/app/desk"
	"callin/app/folder"
	"callin/app/secret"
	"callin/app/settings"
	"callin/app/tunnel"
)

const setupUsage = `callin setup connects this station with an account at Twilio, asks what it needs, and
shows what it will change before it does. It goes on where it was left.

  callin setup
  callin setup --undo      puts everything at Twilio back as it was

Options; with --yes nothing is asked, and what is missing is said:
  --sid AC…             the Account SID
  --token-file FILE     a file with the auth token (or TWILIO_AUTH_TOKEN)
  --number +1…          the number that listeners call, which the account has
  --dial-in +1…         the DJ's number; without it there is none
  --pin-file FILE       a file with its PIN (or CALLIN_PIN)
  --address https://…   where Twilio reaches this station
  --edge frankfurt      the edge of Twilio's that phones connect to (roaming: Twilio chooses)
  --region us1          the region that handles the calls
  --region-token-file FILE  a file with that region's auth token, where it is not us1
  --take-over           take the account's calls from another Callin that runs
  --yes                 do what is shown
  --data DIR            where calls and secrets are kept
  --settings FILE       the settings (TOML)
`

// wizard leads through a set-up in a terminal.
type wizard struct {
	desk.Setup
	in  *bufio.Reader
	out io.Writer
	// yes is whether nothing is asked.
	yes      bool
	takeOver bool
	// placed is whether it was asked where to use Twilio.
	placed bool
	// given is what the command line says, by the options' names. Each is used once: what
	// is refused is not tried again.
	given map[string]string
}

// setUp runs callin setup with what follows it.
func setUp(args []string, w World) int {
	o, undo := options{noBrowser: true}, false
	wiz := wizard{in: bufio.NewReader(w.Stdin), out: w.Stdout, given: map[string]string{}}
	flags := flag.NewFlagSet("callin setup", flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	flags.StringVar(&o.data, "data", "", "")
	flags.StringVar(&o.settings, "settings", "", "")
	flags.BoolVar(&undo, "undo", false, "")
	flags.BoolVar(&wiz.yes, "yes", false, "")
	flags.BoolVar(&wiz.takeOver, "take-over", false, "")
	for _, name := range []string{"sid", "token-file", "number", "dial-in", "pin-file", "address", "edge", "region", "region-token-file"} {
		flags.Func(name, "", func(value string) error { wiz.given[name] = value; return nil })
	}
	err := flags.Parse(args)
	if errors.Is(err, flag.ErrHelp) {
		fmt.Fprint(w.Stdout, setupUsage)
		return 0
	}
	if err != nil || flags.NArg() > 0 {
		fmt.Fprint(w.Stderr, "callin: these options are not understood.\n\n", setupUsage)
		return 2
	}
	flags.Visit(func(f *flag.Flag) { o.named = o.named || f.Name == "settings" })
	ctx, stop := untilEnded()
	defer stop()
	end, err := wiz.open(ctx, o, w)
	if err == nil {
		defer end()
		if undo {
			err = wiz.undo(ctx)
		} else {
			err = wiz.run(ctx)
		}
	}
	if err != nil {
		fmt.Fprintln(w.Stderr, "callin:", words(err))
		return 1
	}
	return 0
}

// open finds the station that runs with the folder, which is set up then, or opens the
// folder itself. It reads what files and the environment say.
func (z *wizard) open(ctx context.Context, o options, w World) (end func(), err error) {
	if err := o.places(); err != nil {
		return nil, err
	}
	for option, variable := range map[string]string{"token-file": "TWILIO_AUTH_TOKEN", "pin-file": "CALLIN_PIN", "region-token-file": ""} {
		path, value := z.given[option], ""
		if variable != "" {
			value = w.Env(variable)
		}
		if path != "" {
			text, err := os.ReadFile(path)
			if err != nil {
				return nil, &settings.Error{Where: "--" + option, Message: "The file that it names cannot be read."}
			}
			value = strings.TrimSpace(string(text))
		}
		z.given[strings.TrimSuffix(option, "-file")] = value
	}
	if running, err := manage(ctx, o.data, w.Stdout); err == nil {
		z.Setup = running
		return func() {}, nil
	}
	s := &process{options: o, world: w, stderr: &veil{to: w.Stderr}}
	s.log = slog.New(slog.NewTextHandler(io.Discard, nil)) // what goes wrong is said
	if s.loaded, err = settings.Load(o.settings, o.named, o.data, func(name string) string {
		if name == "TWILIO_AUTH_TOKEN" || name == "CALLIN_PIN" { // an answer, and not what the station runs with
			return ""
		}
		return w.Env(name)
	}); err != nil {
		return nil, err
	}
	return z.openFolder(ctx, s)
}

// openFolder sets a station up that does not run.
func (z *wizard) openFolder(ctx context.Context, s *process) (end func(), err error) {
	end = s.end
	defer func() {
		if err != nil {
			end()
		}
	}()
	on, _ := s.kinds()
	running, _, err := s.takeFolder(ctx, kindOf(on))
	if running {
		err = &call.Error{Code: call.CodeRunning, Message: "Callin is running with the folder " + s.dir + ", but its desk does not answer. End it first."}
	}
	if err != nil {
		return end, err
	}
	other := filepath.Join(s.data, "rehearsal")
	if held, err := folder.Take(other); errors.Is(err, folder.ErrTaken) {
		return end, &call.Error{Code: call.CodeRunning, Message: "Callin is running with the folder " + other + ", but its desk does not answer. End it first."}
	} else if err == nil {
		s.atTheEnd(func() { held.Close() })
	}
	door, err := listen(s.loaded.VoicePort, cmp.Or(s.kept.VoicePort, usualVoicePort))
	if err != nil {
		return end, err
	}
	key := []byte(rand.Text())
	here := func(nonce string) string {
		mac := hmac.New(sha256.New, key)
		io.WriteString(mac, nonce)
		return hex.EncodeToString(mac.Sum(nil))
	}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /voice/here/{nonce}", func(w http.ResponseWriter, r *http.Request) {
		io.WriteString(w, here(r.PathValue("nonce")))
	})
	s.atTheEnd(serveStrangers(door, mux, s.log))
	tunnels := &trials{run: tunnel.Run, to: door.Addr().String(), log: s.log}
	s.atTheEnd(tunnels.stop)
	z.Setup = connect.New(connect.Options{
		Trip: trip(s.loaded), Tunnel: tunnels.up,
		Data: s.data, Dir: s.dir, Settings: s.loaded, Twilio: s.loaded.Rehearsal,
		Secrets: func() *secret.Store { return s.secretsOf(on, s.dir) },
		Port:    port(door), Here: here, Open: func() bool { return false }, Again: func(bool) {}, Log: s.log,
	})
	return end, nil
}

// usualVoicePort is the port that a proxy is told to lead to where none is set.
const usualVoicePort = 8101

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
	switch st.Step {
	case desk.StepAccount:
		sid, err := z.ask("sid", "Account SID (the first page of Twilio's console, AC…): ")
		if err != nil {
			return st, err
		}
		token, err := z.ask("token", "Auth token (below it; it is shown while you type): ")
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
		number, err := z.ask("number", "The number that listeners call (buy one in Twilio's console, or at the desk): ")
		if err != nil {
			return st, err
		}
		return z.Number(ctx, number)
	case desk.StepDialIn:
		var pin string
		number, err := z.may("dial-in", "The DJ's own dial-in number (nothing for none): ")
		if err == nil && number != "" {
			pin, err = z.ask("pin", "Its PIN, 4 to 8 digits: ")
		}
		if err != nil {
			return st, err
		}
		return z.DialIn(ctx, desk.SetupDialInBody{Number: number, Pin: pin})
	case desk.StepAddress:
		if st.Public.Trouble != "" {
			fmt.Fprintln(z.out, "▲", st.Public.Trouble)
		}
		if !z.yes {
			for _, p := range st.Public.Proxies {
				fmt.Fprintf(z.out, "\n%s:\n%s", p.Name, p.Text)
			}
		}
		address, err := z.ask("address", fmt.Sprintf("\nWhere Twilio reaches this station (https://…, which leads to %s): ", st.Public.Forward))
		if err != nil {
			return st, err
		}
		return z.Address(ctx, desk.SetupAddressBody{Kind: desk.PublicOwn, Address: address})
	}
	if !z.placed {
		z.placed = true
		if next, err := z.place(ctx, st); err != nil || next.Place != st.Place {
			return next, err
		}
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
	if !z.agrees("Do it? Type yes or no: ") {
		return st, errNotAgreed
	}
	return z.Do(ctx, desk.SetupDoBody{Mark: st.Mark, Over: st.Other != ""})
}

// left ends a set-up before its end.
func left(message string) error { return &call.Error{Code: call.CodeSetupLeft, Message: message} }

// errNotAgreed ends a set-up that a person did not agree to.
var errNotAgreed = left("Nothing was changed. callin setup goes on from here.")

func (z *wizard) agrees(question string) bool {
	if z.yes {
		return true
	}
	fmt.Fprint(z.out, question)
	line, _ := z.in.ReadString('\n')
	answer := strings.ToLower(strings.TrimSpace(line))
	return answer == "yes" || answer == "y"
}

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
	if !z.agrees("Everything at Twilio is put back as it was before Callin, and the account is forgotten here. Type yes or no: ") {
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

// ask is what a person says, or the command line; never nothing.
func (z *wizard) ask(name, question string) (string, error) {
	for {
		said, err := z.may(name, question)
		if err != nil || said != "" {
			return said, err
		}
		if z.yes {
			option := map[string]string{"token": "token-file", "pin": "pin-file"}[name]
			return "", left(fmt.Sprintf("This is missing: --%s. Or leave out --yes to be asked.", cmp.Or(option, name)))
		}
	}
}

// may is what a person says, or the command line; it may be nothing.
func (z *wizard) may(name, question string) (string, error) {
	said := z.given[name]
	delete(z.given, name)
	if said != "" || z.yes {
		return said, nil
	}
	fmt.Fprint(z.out, question)
	line, err := z.in.ReadString('\n')
	if err != nil && line == "" {
		return "", left("\nThe set-up was left. callin setup goes on from here.")
	}
	return strings.TrimSpace(line), nil
}
