package app

import (
	"bufio"
	"context"
	"io"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"callin/app/desk"
)

// untunneled is a set-up at the step of the address, which takes whatever it is told.
type untunneled struct {
	desk.Setup
	told []desk.SetupAddressBody
}

func (u *untunneled) State(context.Context) (desk.SetupState, error) {
	return desk.SetupState{Step: desk.StepAddress, Public: desk.SetupPublic{Forward: "127.0.0.1:8101"}}, nil
}

func (u *untunneled) Address(_ context.Context, b desk.SetupAddressBody) (desk.SetupState, error) {
	u.told = append(u.told, b)
	return desk.SetupState{Step: desk.StepTry}, nil
}

// A tunnel is named by an option or typed where the address is asked for; its token is
// not shown while it is typed.
func TestATunnelIsChosenInATerminal(t *testing.T) {
	for name, c := range map[string]struct {
		typed string
		given map[string]string
		yes   bool
		told  desk.SetupAddressBody
		// hidden is what is typed without being shown.
		hidden string
	}{
		"typed":              {typed: "ngrok\ntheToken\nradio.ngrok.app\n", told: desk.SetupAddressBody{Kind: desk.PublicNgrok, Token: "theToken", Domain: "radio.ngrok.app"}, hidden: "theToken"},
		"the token there is": {typed: "Ngrok\n\n\n", told: desk.SetupAddressBody{Kind: desk.PublicNgrok}},
		"cloudflared":        {typed: "cloudflared\n", told: desk.SetupAddressBody{Kind: desk.PublicTunnel}},
		"one's own":          {typed: "https://callin.example.org\n", told: desk.SetupAddressBody{Kind: desk.PublicOwn, Address: "https://callin.example.org"}},
		"by options": {
			yes: true, given: map[string]string{"tunnel": "ngrok", "tunnel-token": "fromAFile", "tunnel-domain": "radio.ngrok.app"},
			told: desk.SetupAddressBody{Kind: desk.PublicNgrok, Token: "fromAFile", Domain: "radio.ngrok.app"},
		},
		"an option and a question": {
			typed: "radio.ngrok.app\n", given: map[string]string{"tunnel": "ngrok", "tunnel-token": "fromAFile"},
			told: desk.SetupAddressBody{Kind: desk.PublicNgrok, Token: "fromAFile", Domain: "radio.ngrok.app"},
		},
	} {
		u := &untunneled{}
		var out strings.Builder
		typed := strings.NewReader(c.typed)
		// One line at a time, as a person types: what is read while it is hidden is hidden.
		lines := &byLine{bufio.NewReader(typed), false, ""}
		z := &wizard{Setup: u, in: bufio.NewReader(lines), out: &out, yes: c.yes, given: map[string]string{}, hide: func() func() {
			lines.hides = true
			return func() { lines.hides = false }
		}}
		for option, value := range c.given {
			z.given[option] = value
		}
		if err := z.run(t.Context()); err != nil {
			t.Errorf("%s: %v\n%s", name, err, out.String())
		}
		if diff := cmp.Diff([]desk.SetupAddressBody{c.told}, u.told); diff != "" {
			t.Errorf("%s:\n%s", name, diff)
		}
		if got := strings.TrimSpace(lines.hidden); got != c.hidden {
			t.Errorf("%s: hidden was %q, want %q", name, got, c.hidden)
		}
	}
}

// byLine gives a line with each read, and keeps those that are read while it hides.
type byLine struct {
	in     *bufio.Reader
	hides  bool
	hidden string
}

func (l *byLine) Read(p []byte) (int, error) {
	line, err := l.in.ReadString('\n')
	if l.hides {
		l.hidden += line
	}
	if line != "" {
		return copy(p, line), nil
	}
	return 0, err
}

// Whoever ends the set-up at a question is not waited for.
func TestASetUpEndsAtAQuestion(t *testing.T) {
	ctx, end := context.WithCancel(t.Context())
	in, typing := io.Pipe()
	defer typing.Close()
	asked := make(chan struct{})
	z := &wizard{Setup: &untunneled{}, in: bufio.NewReader(in), out: writes(func() { close(asked) }), given: map[string]string{"tunnel": "ngrok"}, hide: func() func() { return func() {} }}
	ended := make(chan error)
	go func() { ended <- z.run(ctx) }()
	<-asked
	end()
	if err := <-ended; err == nil || !strings.Contains(err.Error(), "The set-up was left") {
		t.Error(err)
	}
}

type writes func()

func (w writes) Write(p []byte) (int, error) { w(); return len(p), nil }
