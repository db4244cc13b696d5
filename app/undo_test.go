package app_test

import (
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"

	"callin/app/call"
	"callin/app/carrier"
	"callin/app/rehearsal"
	"callin/app/setup"
)

// tenant is an account that others use too, and a set-up in it that can be broken off.
type tenant struct {
	t      *testing.T
	twilio *carrier.Twilio
	wish   setup.Wish
	dir    string
	// breaks is which request that changes something fails, from 1 on; 0 for none. With
	// deaf it is done and its answer is lost.
	breaks atomic.Int64
	deaf   bool
}

func newTenant(t *testing.T) *tenant {
	t.Helper()
	r, err := rehearsal.Start(rehearsal.Options{Listen: "127.0.0.1:0"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { r.Close() })
	at, err := url.Parse(r.Address)
	if err != nil {
		t.Fatal(err)
	}
	a := &tenant{t: t, dir: t.TempDir()}
	through := httputil.NewSingleHostReverseProxy(at)
	rest := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodGet || a.breaks.Load() == 0 || a.breaks.Add(-1) != 0 {
			through.ServeHTTP(w, r)
			return
		}
		if a.deaf {
			through.ServeHTTP(httptest.NewRecorder(), r)
		}
		http.Error(w, "<html>502", http.StatusBadGateway)
	}))
	t.Cleanup(rest.Close)
	if a.twilio, err = carrier.New(carrier.Account{
		AccountSid: r.AccountSid, Username: r.AccountSid, Password: r.AuthToken, Public: public, Rehearsal: rest.URL,
	}); err != nil {
		t.Fatal(err)
	}
	a.wish = setup.Wish{Public: public, Station: "k7rq2m4x", Number: r.ListenersNumber, DialIn: r.DialInNumber, Texts: true}
	shop, err := a.twilio.CreateApp(t.Context(), map[string]string{"FriendlyName": "The shop", "VoiceUrl": "https://shop.example.org", "VoiceFallbackUrl": "https://shop.example.org/f"})
	if err != nil {
		t.Fatal(err)
	}
	before := map[string]map[string]string{
		r.ListenersNumber: {"VoiceApplicationSid": shop.Sid, "SmsUrl": "https://shop.example.org/texts", "SmsMethod": "GET"},
		r.DialInNumber:    {"VoiceUrl": "https://old.example.org/menu", "VoiceMethod": "GET", "StatusCallback": "https://old.example.org/status"},
	}
	for _, n := range all(t, a.twilio, carrier.Number) {
		if err := a.twilio.Update(t.Context(), carrier.Number, n.Sid, before[n.Name]); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := a.twilio.BuyNumber(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, _, err := a.twilio.MakeKey(t.Context(), "The shop's"); err != nil {
		t.Fatal(err)
	}
	return a
}

// ensure is a set-up that is begun anew: nothing but the files is left of the one before.
func (a *tenant) ensure() error {
	was, err := setup.LoadBefore(a.dir)
	if err != nil {
		a.t.Fatal(err)
	}
	w := a.wish
	w.Was = was
	_, err = setup.Ensure(a.t.Context(), a.twilio, w)
	return err
}

// undo puts all back, and returns what it says that it left.
func (a *tenant) undo() ([]string, error) {
	was, err := setup.LoadBefore(a.dir)
	if err != nil {
		a.t.Fatal(err)
	}
	return setup.Undo(a.t.Context(), a.twilio, a.wish.Station, was)
}

// everything is what the account has: numbers, apps and the names of its keys.
func (a *tenant) everything() (found []any) {
	a.t.Helper()
	for _, kind := range []carrier.Kind{carrier.Number, carrier.App} {
		for _, of := range all(a.t, a.twilio, kind) {
			found = append(found, of)
		}
	}
	keys, err := a.twilio.Keys(a.t.Context())
	if err != nil {
		a.t.Fatal(err)
	}
	for _, k := range keys {
		found = append(found, k)
	}
	return found
}

// Whatever request a set-up breaks off at, not done or done with its answer lost, it
// goes on and comes to the same; and what it changed is put back field by field, also
// when that breaks off.
func TestASetUpIsUndoneAfterABreakAtEveryStep(t *testing.T) {
	t.Parallel()
	for n := int64(1); ; n++ {
		a := newTenant(t)
		a.deaf = n%2 == 0
		before := a.everything()
		a.breaks.Store((n + 1) / 2)
		err := a.ensure()
		if err == nil { // there are no more requests
			if n < 9 {
				t.Errorf("only %d requests could be broken", n)
			}
			break
		}
		var said *call.Error
		if !errors.As(err, &said) {
			t.Errorf("%d: it says %v", n, err)
		}
		a.breaks.Store(0)
		if err := a.ensure(); err != nil {
			t.Fatalf("%d: again: %v", n, err)
		}
		todo, _, err := setup.Look(t.Context(), a.twilio, a.wish)
		if err != nil || len(todo) > 0 {
			t.Errorf("%d: there is still to do %+v, %v", n, todo, err)
		}
		a.breaks.Store((n + 1) / 2)
		_, _ = a.undo() // breaks off too, if it needs so many requests
		a.breaks.Store(0)
		if left, err := a.undo(); err != nil || len(left) > 0 {
			t.Errorf("%d: undone: left %q, %v", n, left, err)
		}
		if was, err := setup.LoadBefore(a.dir); err != nil || len(was.Resources) > 0 {
			t.Errorf("%d: there is still to undo %+v, %v", n, was, err)
		}
		if diff := cmp.Diff(before, a.everything()); diff != "" {
			t.Errorf("%d: not as before (-was +is):\n%s", n, diff)
		}
	}
}

// What cannot be put back is not changed.
func TestNothingIsChangedThatCannotBeWrittenDown(t *testing.T) {
	t.Parallel()
	a := newTenant(t)
	before := a.everything()
	if err := os.Mkdir(filepath.Join(a.dir, "before.json"), 0o700); err != nil {
		t.Fatal(err)
	}
	if _, err := setup.LoadBefore(a.dir); err == nil {
		t.Error("a folder is read")
	}
	a.dir = filepath.Join(a.dir, "not there")
	var said *call.Error
	if err := a.ensure(); !errors.As(err, &said) || said.Code != call.CodeSetup {
		t.Errorf("it says %v", err)
	}
	now := a.everything()
	now = slices.DeleteFunc(now, func(of any) bool {
		k, is := of.(carrier.Key)
		return is && k.FriendlyName == setup.KeyName(a.wish.Station)
	})
	if diff := cmp.Diff(before, now); diff != "" {
		t.Errorf("something was changed:\n%s", diff)
	}
}

// A set-up changes what it said it would, field by field, and nothing else.
func TestASetUpChangesOnlyWhatItSaid(t *testing.T) {
	t.Parallel()
	a := newTenant(t)
	flat := func() map[string]string {
		fields := map[string]string{}
		for _, kind := range []carrier.Kind{carrier.Number, carrier.App} {
			for _, of := range all(t, a.twilio, kind) {
				for name, value := range of.Fields {
					fields[of.Name+" "+name] = value
				}
			}
		}
		return fields
	}
	want := flat()
	todo, other, err := setup.Look(t.Context(), a.twilio, a.wish)
	if err != nil || other != "" || len(todo) == 0 {
		t.Fatalf("to do: %+v, %q, %v", todo, other, err)
	}
	if diff := cmp.Diff(want, flat()); diff != "" {
		t.Fatalf("a look changes something:\n%s", diff)
	}
	if err := a.ensure(); err != nil {
		t.Fatal(err)
	}
	is := flat()
	for _, s := range todo {
		for _, f := range s.Fields {
			if was := want[s.Name+" "+f.Name]; was != f.From {
				t.Errorf("%s %s was %q, and the plan says %q", s.Name, f.Name, was, f.From)
			}
			want[s.Name+" "+f.Name] = f.To
			if f.Name == "VoiceApplicationSid" && f.To != "" { // made meanwhile
				want[s.Name+" "+f.Name] = is[s.Name+" "+f.Name]
			}
		}
	}
	for _, app := range []string{setup.DeskApp, setup.ListenersApp(a.wish.Station)} {
		for _, name := range carrier.Fields(carrier.App) {
			if _, planned := want[app+" "+name]; !planned { // of what Twilio makes with an app
				want[app+" "+name] = is[app+" "+name]
			}
		}
	}
	if diff := cmp.Diff(want, is); diff != "" {
		t.Errorf("not what was said (-said +done):\n%s", diff)
	}
}

// What somebody has changed since is theirs: an undo leaves it and says so; and a
// set-up that changes it again remembers it as what was before.
func TestAnUndoLeavesWhatSomebodyChangedSince(t *testing.T) {
	t.Parallel()
	a := newTenant(t)
	if err := a.ensure(); err != nil {
		t.Fatal(err)
	}
	number := func(name string) (of carrier.Resource) {
		for _, of = range all(t, a.twilio, carrier.Number) {
			if of.Name == name {
				return of
			}
		}
		t.Fatalf("there is no %s", name)
		return of
	}
	const menu = "https://new.example.org/menu"
	if err := a.twilio.Update(t.Context(), carrier.Number, number(a.wish.DialIn).Sid, map[string]string{"VoiceUrl": menu}); err != nil {
		t.Fatal(err)
	}
	if err := a.ensure(); err != nil {
		t.Fatal(err)
	}
	if err := a.twilio.Update(t.Context(), carrier.Number, number(a.wish.Number).Sid, map[string]string{"SmsUrl": menu}); err != nil {
		t.Fatal(err)
	}
	left, err := a.undo()
	if want := []string{fmt.Sprintf("%s: somebody has changed it since, which stays.", a.wish.Number)}; err != nil || cmp.Diff(want, left) != "" {
		t.Errorf("left: %q, %v", left, err)
	}
	if at := number(a.wish.DialIn).Fields["VoiceUrl"]; at != menu {
		t.Errorf("the DJ's number asks %q", at)
	}
	listeners := number(a.wish.Number).Fields
	if listeners["SmsUrl"] != menu || listeners["SmsMethod"] != "POST" { // which goes with the address
		t.Errorf("texts go to %q by %s", listeners["SmsUrl"], listeners["SmsMethod"])
	}
	if listeners["VoiceApplicationSid"] == "" || listeners["VoiceApplicationSid"] == setup.ListenersApp(a.wish.Station) {
		t.Errorf("calls go to %q", listeners["VoiceApplicationSid"])
	}
}

// A second station takes the first one's calls over; that the first is undone then
// takes nothing of the second away, and that the second is undone leads no number to an
// app of the first's that is gone.
func TestTheUndoOfAStationLeavesAnotherAsItIs(t *testing.T) {
	t.Parallel()
	const trunk = "TK00000000000000000000000000000001"
	for _, was := range []map[string]string{
		{"TrunkSid": trunk, "SmsUrl": "https://shop.example.org/texts", "SmsMethod": "GET"},
		{"VoiceApplicationSid": "", "TrunkSid": "", "VoiceUrl": "", "SmsUrl": "", "SmsMethod": "GET"},
		nil, // the shop's app
	} {
		first := newTenant(t)
		for _, n := range all(t, first.twilio, carrier.Number) {
			if was != nil && (n.Name == first.wish.Number || n.Name == first.wish.DialIn) {
				if err := first.twilio.Update(t.Context(), carrier.Number, n.Sid, was); err != nil {
					t.Fatal(err)
				}
			}
		}
		second := &tenant{t: t, twilio: first.twilio, wish: first.wish, dir: t.TempDir()}
		second.wish.Station, second.wish.Public, second.wish.TakeOver = "mine2222", "https://second.example.org", true
		for _, a := range []*tenant{first, second} {
			if err := a.ensure(); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := first.undo(); err != nil {
			t.Fatal(err)
		}
		if todo, _, err := setup.Look(t.Context(), first.twilio, second.wish); err != nil || len(todo) > 0 {
			t.Errorf("%v: the second lacks %+v, %v", was, todo, err)
		}
		if _, err := second.undo(); err != nil {
			t.Fatal(err)
		}
		apps := all(t, first.twilio, carrier.App)
		for _, n := range all(t, first.twilio, carrier.Number) {
			if sid := n.Fields["VoiceApplicationSid"]; sid != "" && !slices.ContainsFunc(apps, func(a carrier.Resource) bool { return a.Sid == sid }) {
				t.Errorf("%v: %s leads to an app that is gone", was, n.Name)
			}
		}
	}
}
