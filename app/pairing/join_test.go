package pairing_test

import (
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"callin/app/call"
	"callin/app/pairing"
)

// computer is a PC in a test; each has an id and a secret of its own.
func computer(name string, n int) pairing.Computer {
	id := strings.Repeat(string(rune('a'+n)), 43)
	return pairing.Computer{Name: name, Machine: id, Secret: strings.ToUpper(id)}
}

// key makes a roll-out key for so many producers' PCs, good for a week.
func (b *book) key(pcs int) (pairing.Key, string) {
	b.t.Helper()
	key, text, err := b.AddKey(call.Producer, []call.Studio{""}, pcs, time.Now().Add(7*24*time.Hour))
	if err != nil {
		b.t.Fatal(err)
	}
	return key, text
}

// joins is a PC that becomes a desk and comes.
func (b *book) joins(key string, c pairing.Computer) call.Desk {
	b.t.Helper()
	desk, err := b.Join(key, c)
	if err != nil {
		b.t.Fatalf("%s: %v", c.Name, err)
	}
	b.admits(c.Name, c.Secret, desk.ID)
	return desk
}

func (b *book) refusesPC(what, key string, c pairing.Computer, code call.Code) {
	b.t.Helper()
	_, err := b.Join(key, c)
	is(b.t, what, err, code)
}

func (b *book) used() int { return b.Keys()[0].Used }

func TestAKeyMakesSoManyPCsDesks(t *testing.T) {
	b := begin(t)
	_, text := b.key(3)
	if len(text) < 26 || strings.Contains(b.file(), text) {
		t.Errorf("the key is of %d letters, or is in the file", len(text))
	}
	first := b.joins(text, computer("STUDIO-1", 0))
	if first.Name != "STUDIO-1" || first.Roles != call.Producer || !slices.Equal(first.Studios, []call.Studio{""}) {
		t.Errorf("the desk is %+v", first)
	}
	b = b.again() // what was promised is on the disk
	b.admits("after a restart", computer("", 0).Secret, first.ID)
	second := b.joins(text, computer("studio-1", 1))
	third := b.joins(text, computer(" \u2800STUDIO-1 of a name that is much too long for any desk", 2))
	if second.Name != "studio-1 2" || third.Name != "STUDIO-1 of a name that is much too long" || b.used() != 3 {
		t.Errorf("the desks are %q and %q, with %d places used", second.Name, third.Name, b.used())
	}
	if strings.Contains(b.file(), "much too long for") {
		t.Error("a PC's name is kept at any length")
	}
	b.refusesPC("one too many", text, computer("STUDIO-4", 3), call.CodeKeyEnded)
	if got := b.joins(text, computer("RENAMED", 0)); got.ID != first.ID || b.used() != 3 {
		t.Errorf("the same PC is %+v, with %d places used", got, b.used())
	}
}

func TestAtOnceNoMorePCsThanPlacesGetIn(t *testing.T) {
	b := begin(t)
	_, text := b.key(3)
	var all sync.WaitGroup
	var in, out atomic.Int32
	for n := range 12 {
		all.Go(func() {
			if _, err := b.Join(text, computer(fmt.Sprintf("PC-%d", n), n)); err == nil {
				in.Add(1)
			} else {
				out.Add(1)
			}
		})
	}
	all.Wait()
	if in.Load() != 3 || out.Load() != 9 || len(b.Desks()) != 3 || b.used() != 3 {
		t.Errorf("%d are in and %d out, and there are %d desks", in.Load(), out.Load(), len(b.Desks()))
	}
}

// The PC asks again with what it has kept.
func TestALostAnswerLosesNothing(t *testing.T) {
	b := begin(t)
	key, text := b.key(1)
	pc := computer("STUDIO", 0)
	desk, err := b.Join(text, pc) // whose answer is lost
	is(t, "the first time", err, done)
	b = b.again()
	if _, life, _ := b.Admit(pc.Secret); life == nil {
		t.Fatal("it is not in")
	} else if again := b.joins(text, pc); again.ID != desk.ID || b.used() != 1 || life.Err() != nil {
		t.Errorf("asked again it is %+v, of %d places, %v", again, b.used(), life.Err())
	}
	is(t, "revoked", b.RevokeKey(key.ID), done)
	if again := b.joins(text, pc); again.ID != desk.ID {
		t.Errorf("with a key that has ended meanwhile it is %+v", again)
	}
}

// A PC that has lost what it kept is known by its name, as long as that is nobody else's.
func TestAPCThatLostItsIdKeepsItsPlace(t *testing.T) {
	b := begin(t)
	_, text := b.key(2)
	lost, err := b.Join(text, computer("STUDIO", 0)) // has never come
	is(t, "joining", err, done)
	if got := b.joins(text, computer("studio", 1)); got.ID != lost.ID || b.used() != 1 {
		t.Errorf("before it came it is %+v, of %d places", got, b.used())
	}
	b = b.again() // also after a power cut it is known that somebody came
	if got := b.joins(text, computer("STUDIO", 2)); got.ID == lost.ID || got.Name != "STUDIO 2" || b.used() != 2 {
		t.Errorf("another PC of that name is %+v", got)
	}
	is(t, "leaving", b.SignOut(computer("", 1).Secret), done)
	if got := b.joins(text, computer("STUDIO", 3)); got.ID != lost.ID || b.used() != 2 {
		t.Errorf("once that one has left it is %+v", got)
	}
}

func TestAKeyEnds(t *testing.T) {
	dir := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		b := open(t, dir, nil)
		late, text := b.key(12)
		in := b.joins(text, computer("A", 0))
		time.Sleep(7 * 24 * time.Hour)
		b.refusesPC("after its date", text, computer("B", 1), call.CodeKeyEnded)
		b.admits("who is in stays", computer("", 0).Secret, in.ID)

		revoked, text := b.key(12)
		out := b.joins(text, computer("C", 2))
		is(t, "revoking the desk", b.Revoke(out.ID), done)
		b.refusesPC("a PC whose desk was revoked", text, computer("C", 2), call.CodeKeyEnded)
		is(t, "revoking", b.RevokeKey(revoked.ID), done)
		is(t, "revoking it twice", b.RevokeKey(revoked.ID), done)
		is(t, "revoking none", b.RevokeKey("nokey"), call.CodeNoSuchKey)
		b = b.again()
		b.refusesPC("a revoked key", text, computer("D", 3), call.CodeKeyEnded)
		if keys := b.Keys(); len(keys) != 2 || keys[0].ID != late.ID || keys[1].Revoked.IsZero() {
			t.Errorf("the keys are %+v", keys)
		}
		time.Sleep(31 * 24 * time.Hour)
		b.key(1)
		if keys := b.Keys(); len(keys) != 1 {
			t.Errorf("a month later the keys are %+v", keys)
		}
		is(t, "closing", b.Close(), done)
		for _, desk := range b.Desks() {
			is(t, "signing out", b.EndSession(desk.ID), done)
		}
		synctest.Wait()
	})
}

func TestAWrongKeyIsCounted(t *testing.T) {
	b, times, said := watched(t)
	_, text := b.key(12)
	ana, code := b.add("Ana", call.Host)
	for range 4 {
		b.refusesPC("a wrong key", text+"x", computer("A", 0), call.CodeWrongCode)
	}
	if times.Load() != 0 {
		t.Error("four are five")
	}
	b.refusesPC("a wrong key", "", computer("A", 0), call.CodeWrongCode)
	if e, _ := said.Load().(call.Error); times.Load() != 1 || e.Code != call.CodeWrongKeys {
		t.Errorf("managers were told %d times: %v", times.Load(), said.Load())
	}
	b.joins(text, computer("A", 0))
	b.admits("a code that was open", b.pair(code, pairing.PC), ana)
}

// What is not on the disk was neither shown nor used.
func TestAKeyIsKeptBeforeItIsShown(t *testing.T) {
	b := begin(t)
	b.key(1)
	if err := os.RemoveAll(b.dir); err != nil {
		t.Fatal(err)
	}
	_, text, err := b.AddKey(call.Host, nil, 1, time.Now().Add(time.Hour))
	var refused *call.Error
	if text != "" || !errors.As(err, &refused) || refused.Code != call.CodeNotSaved || len(b.Keys()) != 1 {
		t.Errorf("without a disk it is %q, %v", text, err)
	}
	for _, c := range []struct {
		pcs   int
		until time.Duration
	}{{0, time.Hour}, {201, time.Hour}, {1, 0}, {1, 367 * 24 * time.Hour}} {
		_, _, err := b.AddKey(call.Host, nil, c.pcs, time.Now().Add(c.until))
		is(t, "a key for nothing", err, call.CodeBadField)
	}
}
