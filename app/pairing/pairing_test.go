package pairing_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"callin/app/call"
	"callin/app/pairing"
)

func TestAPairedDeskIsLetInUntilItIsRevoked(t *testing.T) {
	b := begin(t)
	ana, code := b.add("Ana", call.Producer)
	b.refuses("a code", code)
	desk, secret, err := b.Pair(code, pairing.PC, "")
	if err != nil || desk.ID != ana || desk.Name != "Ana" || desk.Roles != call.Producer || !slices.Equal(desk.Studios, []call.Studio{""}) {
		t.Fatalf("the desk is %+v, %v", desk, err)
	}
	ben, other := b.paired("Ben", call.Host)
	if len(secret) != 43 || secret == other {
		t.Errorf("the secret is no 256 bits: %d characters", len(secret))
	}
	for name, b := range map[string]*book{"at once": b, "after a restart": b.again()} {
		got, _ := b.admits(name, secret, ana)
		if got.Name != "Ana" || got.Roles != call.Producer {
			t.Errorf("%s it is %+v", name, got)
		}
		b.admits(name, other, ben)
		b.refuses(name, "")
		b.refuses(name, secret[1:])
		b.refuses(name, secret+" ")
		if names := b.names(); !slices.Equal(names, []string{"Ana", "Ben"}) {
			t.Errorf("%s the desks are %v", name, names)
		}
	}
	if text := b.file(); strings.Contains(text, secret) || strings.Contains(text, code) {
		t.Error("a secret or a code is on the disk")
	}

	_, life := b.admits("before", secret, ana)
	_, staying := b.admits("before", other, ben)
	open := b.code(ana)
	is(t, "revoking", b.Revoke(ana), done)
	ends(t, "who was revoked", life)
	is(t, "the code of who was revoked", second(b.Pair(open, pairing.PC, "")), call.CodeWrongCode)
	is(t, "a new code for who was revoked", second("", "", onlyErr(b.Code(ana))), call.CodeNoSuchDesk)
	for name, b := range map[string]*book{"at once": b, "after a restart": b.again()} {
		b.refuses(name, secret)
		b.admits(name, other, ben)
		if who, at, ok := b.Name(ana); !ok || who != "Ana" || at.IsZero() {
			t.Errorf("%s who was revoked is called %q, since %v", name, who, at)
		}
		if who, at, ok := b.Name(ben); !ok || who != "Ben" || !at.IsZero() {
			t.Errorf("%s who stays is called %q, since %v", name, who, at)
		}
		is(t, "revoking again", b.Revoke(ana), done)
	}
	if _, _, ok := b.Name("nobody"); ok {
		t.Error("a desk that never was has a name")
	}
	if staying.Err() != nil {
		t.Error("another desk is off too")
	}
	if again, _ := b.add("ana", call.Watcher); again == ana {
		t.Error("an id was given twice")
	}
}

// A desk is one seat: where it was paired last.
func TestANewPairingEndsTheEarlierOne(t *testing.T) {
	b := begin(t)
	ana, first := b.paired("Ana", call.Host)
	code := b.code(ana)
	_, life := b.admits("before the code is used", first, ana)
	now := b.pair(code, pairing.Browser)
	ends(t, "the lost PC", life)
	for name, b := range map[string]*book{"at once": b, "after a restart": b.again()} {
		b.refuses(name, first)
		b.admits(name, now, ana)
		if desk := b.Desks()[0]; desk.With != pairing.Browser || desk.Paired.IsZero() || desk.Until.Sub(desk.Paired) != pairing.BrowserLife {
			t.Errorf("%s it is signed in with %+v", name, desk)
		}
	}
	is(t, "a pairing with a toaster", second(b.Pair(b.code(ana), "toaster", "")), call.CodeBadField)
	b.admits("after it", now, ana)
}

func TestABrowserIsSignedOutAfterThirtyDays(t *testing.T) {
	dir := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		b := open(t, dir, nil)
		ana, code := b.add("Ana", call.Host)
		ben, pc := b.paired("Ben", call.Host)
		secret := b.pair(code, pairing.Browser)
		time.Sleep(pairing.BrowserLife / 2)
		after := b.again()
		for _, b := range []*book{b, after} {
			b.admits("half way", secret, ana) // which prolongs nothing
		}
		time.Sleep(pairing.BrowserLife/2 - time.Nanosecond)
		var lives []context.Context
		for _, b := range []*book{b, after} {
			_, life := b.admits("at the end", secret, ana)
			lives = append(lives, life)
			<-b.Changed()
		}
		time.Sleep(time.Nanosecond)
		synctest.Wait()
		for i, b := range []*book{b, after, b.again()} {
			b.refuses("after thirty days", secret)
			if i < len(lives) && lives[i].Err() == nil {
				t.Error("the browser's feeds go on")
			}
			b.news("a browser is signed out", true)
			if desk := b.Desks()[0]; desk.With != "" || !desk.Until.IsZero() || desk.Paired.IsZero() {
				t.Errorf("it is shown as %+v", desk)
			}
		}
		time.Sleep(10 * 365 * 24 * time.Hour)
		b.admits("a PC after ten years", pc, ben)
		b.again().admits("a PC after ten years and a restart", pc, ben)
	})
}

func TestWhoIsSignedOutIsOut(t *testing.T) {
	b := begin(t)
	ana, secret := b.paired("Ana", call.Manager)
	ben, other := b.paired("Ben", call.Host)
	_, life := b.admits("before", secret, ana)
	_, others := b.admits("before", other, ben)
	is(t, "signing out", b.SignOut(secret), done)
	ends(t, "who signs out", life)
	is(t, "ending another's session", b.EndSession(ben), done)
	ends(t, "whose session is ended from elsewhere", others)
	for _, b := range []*book{b, b.again()} {
		b.refuses("who signed out", secret)
		b.refuses("whose session was ended", other)
		if desk := b.Desks()[0]; desk.With != "" || desk.Paired.IsZero() {
			t.Errorf("who signed out is shown as %+v", desk)
		}
	}
	b.admits("a new pairing", b.pair(b.code(ana), pairing.PC), ana)

	is(t, "ending a session again", b.EndSession(ben), done)
	is(t, "ending that of nobody", b.EndSession("nobody"), call.CodeNoSuchDesk)
	if err := os.Remove(filepath.Join(b.dir, "desks.json")); err != nil {
		t.Fatal(err)
	}
	is(t, "a stranger who signs out", b.SignOut("no secret"), done)
	if _, err := os.Stat(filepath.Join(b.dir, "desks.json")); err == nil {
		t.Error("a stranger has the station write")
	}
}

// A request writes nothing; the day that a desk was last seen is kept at the end.
func TestTheDayADeskWasSeenIsKept(t *testing.T) {
	dir := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		b := open(t, dir, nil)
		ana, secret := b.paired("Ana", call.Host)
		if seen := b.Desks()[0].Seen; seen != "" {
			t.Errorf("it was seen on %q before it came", seen)
		}
		before := b.file()
		for range 3 {
			b.admits("a request", secret, ana)
		}
		if b.file() != before {
			t.Error("a request has the station write")
		}
		<-b.Changed()
		b.admits("a request", secret, ana)
		b.news("a second request of a day", false)
		time.Sleep(24 * time.Hour)
		b.admits("a request", secret, ana)
		b.news("the first request of a day", true)
		is(t, "closing", b.Close(), done)
		want := time.Now().Format(time.DateOnly)
		if seen := b.again().Desks()[0].Seen; seen != want {
			t.Errorf("it was seen on %q, want %q", seen, want)
		}
	})
}

// All at once, for the race detector.
func TestManyAtOnce(t *testing.T) {
	b := begin(t)
	b.paired("Boss", call.Manager)
	var all sync.WaitGroup
	for i := range 8 {
		all.Go(func() {
			name := fmt.Sprint("Desk ", i)
			desk, code, err := b.Add(name, call.Host, nil)
			_, secret, failed := b.Pair(code, pairing.PC, "")
			_, life, ok := b.Admit(secret)
			err = errors.Join(err, failed, b.Rename(desk.ID, name+"!"), b.SetRoles(desk.ID, call.Producer), b.SetStudios(desk.ID, []call.Studio{"b"}))
			if got, _, still := b.Admit(secret); !ok || !still || got.Name != name+"!" || got.Roles != call.Producer || got.Studios[0] != "b" {
				t.Errorf("%s is %+v", name, got)
				return
			}
			b.Desks()
			if err := errors.Join(err, b.Revoke(desk.ID)); err != nil {
				t.Error(err)
			}
			ends(t, name, life)
		})
	}
	all.Wait()
	if names := b.again().names(); !slices.Equal(names, []string{"Boss"}) {
		t.Errorf("the desks are %v", names)
	}
}

// What a page is told of a desk has no secret, nor what it is known by.
func TestADeskIsShownWithoutItsSecret(t *testing.T) {
	b := begin(t)
	b.paired("Ana", call.Host)
	text, err := json.Marshal(b.Desks()[0])
	var shown map[string]any
	if err := errors.Join(err, json.Unmarshal(text, &shown)); err != nil {
		t.Fatal(err)
	}
	fields := slices.Sorted(maps.Keys(shown))
	if want := []string{"id", "name", "paired", "roles", "studios", "with"}; !slices.Equal(fields, want) {
		t.Errorf("it is shown with %v, want %v", fields, want)
	}
}

// A browser sends its cookie to whatever has the host's name by then: what it shows is
// of use at one host only, and nowhere as it is.
func TestASecretOfAHostIsOfUseThereOnly(t *testing.T) {
	b := begin(t)
	ana, code := b.add("Ana", call.Host)
	_, secret, err := b.Pair(code, pairing.Browser, "desk.example.org")
	if err != nil {
		t.Fatal(err)
	}
	b.admits("at its host", pairing.OfHost("desk.example.org", secret), ana)
	b.refuses("at another host", pairing.OfHost("other.example.org", secret))
	b.refuses("as it is", secret)
}
