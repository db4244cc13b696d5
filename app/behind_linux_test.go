package app_test

import (
	"context"
	"errors"
	"os"
	"strings"
	"syscall"
	"testing"

	"callin/app/call"
	"callin/app/picture"
	"callin/app/rehearsal/stage"
	"callin/app/settings"
)

// behind is a site whose station runs as on an account at Twilio, behind a tunnel.
type behind struct {
	*site
	*cloud
}

func newBehind(t *testing.T) *behind {
	t.Helper()
	c := newCloud(t)
	b := &behind{&site{t: t, data: t.TempDir(), env: c.env()}, c}
	b.build()
	c.twilioIs(b.stage.Address)
	b.station = b.process([]string{
		"TWILIO_ACCOUNT_SID=" + b.stage.AccountSid, "TWILIO_AUTH_TOKEN=" + b.stage.AuthToken, "CALLIN_NUMBER=" + b.numbers.listeners,
		"CALLIN_TUNNEL=cloudflared", "CALLIN_PARK_SECONDS=60", "CALLIN_WAIT_SECONDS=1",
	}, "--no-browser", "--data", b.data, "--settings", os.DevNull)
	b.enter(b.run(b.station))
	b.id = call.StationID(settings.StationID(b.data))
	return b
}

// hears waits until somebody hears words, while something is done.
func (b *behind) hears(who call.Sid, words string, while func()) {
	b.site.t.Helper()
	ctx, stop := context.WithTimeout(b.site.t.Context(), 2*long)
	defer stop()
	heard := errors.New("heard")
	ctx, is := context.WithCancelCause(ctx)
	defer is(nil)
	b.stage.Events(ctx, while, func(e stage.Event) {
		if e.CallSid == string(who) && e.Heard != nil && strings.Contains(e.Heard.Text, words) {
			is(heard)
		}
	})
	if context.Cause(ctx) != heard {
		b.site.t.Errorf("%s does not hear %q", who, words)
	}
}

// wayIn waits until the desk says this of Twilio's way to the station; nothing where says is empty.
func (b *behind) wayIn(what, says string) {
	b.site.t.Helper()
	b.until(what, func(p picture.Picture) bool {
		now := wrongWithTheWayIn(p)
		return says == "" && now == "" || says != "" && strings.Contains(now, says)
	})
}

func wrongWithTheWayIn(p picture.Picture) string {
	if p.WayIn == nil {
		return ""
	}
	return p.WayIn.Message
}

// A show on the hosts of an account, behind a tunnel that is cut, refused and given another address.
func TestAStationBehindATunnel(t *testing.T) {
	t.Parallel()
	b := newBehind(t)
	until := func(what string, is func(picture.Picture) bool) { t.Helper(); b.until(what, is) }
	b.do("open", nil)
	until("the show is open", func(p picture.Picture) bool { return p.Studios[0].Show.State == call.ShowOpen })
	if p := b.picture(); p.Station.Rehearsal {
		t.Fatal("the station rehearses")
	}
	ana := b.ring()
	until("Ana waits", waits(ana))

	b.is(func(c *cloud) { c.cut = true })
	ben := b.ring()
	b.wayIn("cut", "New callers do not get in.")
	if p := b.picture(); card(p, ben) != nil || card(p, ana) == nil {
		t.Errorf("while it is cut the desk shows %+v", p.Cards)
	}
	b.is(func(c *cloud) { c.cut = false })
	b.wayIn("mended", "")
	b.hears(ana, "You are next", func() {})
	cleo := b.ring()
	until("Cleo waits", waits(cleo))

	before := b.host()
	b.is(func(c *cloud) { c.refuses = true })
	b.end()
	b.wayIn("refused", "Cloudflare gives no more addresses")
	b.is(func(c *cloud) { c.refuses = false })
	b.hears(ana, "You are next", func() {})
	if b.host() == before {
		t.Error("it has the address of before")
	}
	b.wayIn("moved", "")
	dev := b.ring()
	until("Dev waits", waits(dev))
	until("all are there", func(p picture.Picture) bool { return waits(ana)(p) && waits(cleo)(p) })

	b.station.Process.Signal(syscall.SIGTERM)
	b.station.Wait()
	if !b.gone() {
		t.Error("the tunnel outlives the station")
	}
}
