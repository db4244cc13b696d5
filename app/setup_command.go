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
  --tunnel KIND         or by a tunnel that Callin keeps up: ngrok or cloudflared
  --tunnel-domain NAME  ngrok's reserved domain
  --tunnel-token-file FILE   a file with ngrok's authtoken (or CALLIN_TUNNEL_TOKEN)
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
	// hide has what is typed not be shown, until the returned function is called.
	hide func() (show func())
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
	wiz := wizard{in: bufio.NewReader(w.Stdin), out: w.Stdout, given: map[string]string{}, hide: func() func() { return withoutEcho(w.Stdin) }}
	flags := flag.NewFlagSet("callin setup", flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	flags.StringVar(&o.data, "data", "", "")
	flags.StringVar(&o.settings, "settings", "", "")
	flags.BoolVar(&undo, "undo", false, "")
	flags.BoolVar(&wiz.yes, "yes", false, "")
	flags.BoolVar(&wiz.takeOver, "take-over", false, "")
	for _, name := range []string{"sid", "token-file", "number", "dial-in", "pin-file", "address", "tunnel", "tunnel-domain", "tunnel-token-file", "edge", "region", "region-token-file"} {
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
	for option, variable := range map[string]string{"token-file": "TWILIO_AUTH_TOKEN", "pin-file": "CALLIN_PIN", "tunnel-token-file": "CALLIN_TUNNEL_TOKEN", "region-token-file": ""} {
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
	asked := w
	asked.Env = func(name string) string {
		if name == "TWILIO_AUTH_TOKEN" || name == "CALLIN_PIN" { // an answer, and not what the station runs with
			return ""
		}
		return w.Env(name)
	}
	if s.loaded, err = asked.load(o); err != nil {
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
