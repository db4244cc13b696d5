package pairing_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"callin/app/call"
	"callin/app/pairing"
)

func TestAChangeCountsForTheNextRequest(t *testing.T) {
	b := begin(t)
	ana, secret := b.paired("Ana", call.Producer)
	b.paired("Ben", call.Manager)
	<-b.Changed()
	_, life := b.admits("before", secret, ana)
	<-b.Changed() // it was seen
	b.news("nothing", false)
	is(t, "renaming", b.Rename(ana, "ANA"), done)
	b.news("a name", true)
	is(t, "other roles", b.SetRoles(ana, call.Host|call.Producer), done)
	b.news("roles", true)
	studios := []call.Studio{"b", ""}
	is(t, "other studios", b.SetStudios(ana, studios), done)
	b.news("studios", true)
	studios[0] = "mine"
	b.Desks()[0].Studios[0] = "mine"
	desk, _ := b.admits("once more", secret, ana)
	desk.Studios[0] = "mine"
	for name, b := range map[string]*book{"at once": b, "after a restart": b.again()} {
		got, _ := b.admits(name, secret, ana)
		if got.Name != "ANA" || got.Roles != call.Host|call.Producer || !slices.Equal(got.Studios, []call.Studio{"b", ""}) {
			t.Errorf("%s it is %+v", name, got)
		}
		if names := b.names(); !slices.Equal(names, []string{"ANA", "Ben"}) {
			t.Errorf("%s the desks are %v", name, names)
		}
	}
	if life.Err() != nil {
		t.Error("it was signed out")
	}
	for what, err := range map[string]error{
		"renaming": b.Rename("nobody", "X"), "roles": b.SetRoles("nobody", call.Host),
		"studios": b.SetStudios("nobody", nil), "revoking": b.Revoke("nobody"), "a code": onlyErr(b.Code("nobody")),
	} {
		is(t, what+" of nobody", err, call.CodeNoSuchDesk)
	}
	for what, err := range map[string]error{
		"roles that there are not": b.SetRoles(ana, 1<<7), "a studio's name": b.SetStudios(ana, []call.Studio{"B 2"}),
		"a studio twice": b.SetStudios(ana, []call.Studio{"b", "b"}),
	} {
		is(t, what, err, call.CodeBadField)
	}
}

func TestNamesTellDesksApart(t *testing.T) {
	b := begin(t)
	ana, _ := b.add("Ana at home", call.Host)
	b.add("王 Ωμέγα 🎉", call.Host)
	for name, want := range map[string]call.Code{
		"": call.CodeBadField, "   ": call.CodeBadField, " Ben": call.CodeBadField, "Ben ": call.CodeBadField, "B  en": call.CodeBadField,
		"Ben\nAna": call.CodeBadField, "Ana\u00a0at home": call.CodeBadField, "Ana\u200b at home": call.CodeBadField, "Ana\u3164": call.CodeBadField,
		"\u2800": call.CodeBadField, "Ana\ufe0f": call.CodeBadField, "\u202eanA": call.CodeBadField, "A\xff": call.CodeBadField, "A\x00": call.CodeBadField,
		strings.Repeat("é", 41): call.CodeTooLong, "ana AT home": call.CodeNameTaken, "王 ΩΜΈΓΑ 🎉": call.CodeNameTaken,
		strings.Repeat("é", 40): done, "Ana": done,
	} {
		_, _, err := b.Add(name, call.Host, nil)
		is(t, fmt.Sprintf("a desk called %q", name), err, want)
		var refused *call.Error
		if errors.As(err, &refused) && refused.Field != "name" {
			t.Errorf("%q is a fault of %q", name, refused.Field)
		}
	}
	is(t, "another's name", b.Rename(ana, "ANA"), call.CodeNameTaken)
	is(t, "its own name", b.Rename(ana, "ANA AT HOME"), done)
	is(t, "revoking", b.Revoke(ana), done)
	b.add("Ana at home", call.Host)
}

// There is always a way back.
func TestTheLastManagerStays(t *testing.T) {
	b := begin(t)
	ana, _ := b.paired("Ana", call.Manager|call.Host)
	ben, code := b.add("Ben", call.Manager) // not paired: nobody is there
	is(t, "revoking the last", b.Revoke(ana), call.CodeLastManager)
	is(t, "demoting the last", b.SetRoles(ana, call.Host), call.CodeLastManager)
	is(t, "other roles of the last", b.SetRoles(ana, call.Manager|call.Producer), done)
	b.pair(code, pairing.Browser)
	var refused []error
	var both sync.WaitGroup
	var mu sync.Mutex
	for _, id := range []call.DeskID{ana, ben} { // each demotes the other
		both.Go(func() {
			err := b.SetRoles(id, call.Watcher)
			mu.Lock()
			defer mu.Unlock()
			if err != nil {
				refused = append(refused, err)
			}
		})
	}
	both.Wait()
	if len(refused) != 1 {
		t.Fatalf("of two managers that demote each other %d stay", len(refused))
	}
	is(t, "the later one", refused[0], call.CodeLastManager)

	own := open(t, b.dir, func(o *pairing.Options) { o.OwnManager = true })
	is(t, "revoking one", own.Revoke(ana), done)
	is(t, "revoking the other", own.Revoke(ben), done)
}

// A browser whose time is over is no manager that is left.
func TestAManagerThatIsSignedOutIsNotLeft(t *testing.T) {
	dir := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		b := open(t, dir, nil)
		ana, _ := b.paired("Ana", call.Manager)
		ben, code := b.add("Ben", call.Manager)
		b.pair(code, pairing.Browser)
		time.Sleep(pairing.BrowserLife)
		is(t, "revoking the last", b.Revoke(ana), call.CodeLastManager)
		is(t, "revoking the one who is out", b.Revoke(ben), done)
		synctest.Wait()
	})
}

func TestAStationHasTwoHundredDesks(t *testing.T) {
	b := begin(t)
	ids := map[call.DeskID]bool{}
	for i := range 200 {
		id, _ := b.add(fmt.Sprint("Desk ", i), call.Watcher)
		ids[id] = true
	}
	if len(ids) != 200 || ids[""] {
		t.Errorf("200 desks have %d ids", len(ids))
	}
	_, _, err := b.Add("One more", call.Watcher, nil)
	is(t, "one more", err, call.CodeTooManyDesks)
	if n := len(b.again().Desks()); n != 200 {
		t.Errorf("after a restart there are %d", n)
	}
}
