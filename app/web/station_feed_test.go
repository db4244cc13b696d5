package web_test

import (
	"bytes"
	"io"
	"net/http"
	"testing"

	"callin/app/call"
	"callin/app/desk/contract"
	"callin/app/pairing"
	"callin/app/station"
)

func TestWhoIsRevokedIsOffAtOnce(t *testing.T) {
	for name, end := range map[string]func(*pairing.Book, call.DeskID) error{
		"revoked": (*pairing.Book).Revoke, "signed out": (*pairing.Book).EndSession,
	} {
		s := openStation(t, nil)
		ana, ben := s.paired("Ana", call.Host, ""), s.paired("Ben", call.Host, "")
		anas, _ := ana.follow()
		bens, _ := ben.follow()
		if s.next(anas).name != "picture" || s.next(bens).name != "picture" || ana.op("token", "{}") != (call.Code{}) {
			t.Fatal("the desks are not there")
		}
		if err := end(s.book, ana.id); err != nil {
			t.Fatal(err)
		}
		s.ends(name, anas)
		for _, what := range []string{"POST /api/op/token", "POST /api/op/next", "GET /api/feed"} {
			if _, code := s.told(what, "{}", ana.shows); code != call.CodeNoSession {
				t.Errorf("%s: %s: %v", name, what, code)
			}
		}
		if code := ben.op("token", "{}"); code != (call.Code{}) {
			t.Errorf("another desk: %v", code)
		}
	}
}

// What a desk may see is asked anew when that changes: what it saw of before is not
// all that it may see now, nor may it see all of that still.
func TestAFeedBeginsAnewWithOtherRights(t *testing.T) {
	for name, change := range map[string]func(*pairing.Book, call.DeskID) error{
		"roles":   func(b *pairing.Book, id call.DeskID) error { return b.SetRoles(id, call.Producer) },
		"studios": func(b *pairing.Book, id call.DeskID) error { return b.SetStudios(id, []call.Studio{"b"}) },
	} {
		s := openStation(t, nil)
		ana := s.paired("Ana", call.Host, "")
		events, _ := ana.follow()
		first := s.next(events)
		if err := s.book.Rename(ana.id, "Anna"); err != nil {
			t.Fatal(err)
		}
		again, hang := ana.follow(shows("Last-Event-ID", first.id))
		if code := ana.op("note", `{"call":"`+string(contract.Caller)+`","name":"Zoë"}`); code != (call.Code{}) {
			t.Fatal(code)
		}
		if e := s.next(again); e.name != "change" {
			t.Errorf("%s: who comes back with the same is sent a %s", name, e.name)
		}
		hang()
		if err := change(s.book, ana.id); err != nil {
			t.Fatal(err)
		}
		s.ends(name, events)
		anew, _ := ana.follow(shows("Last-Event-ID", first.id))
		if e := s.next(anew); e.name != "picture" {
			t.Errorf("%s: who comes back is sent a %s", name, e.name)
		}
	}
}

// Nothing of a studio's callers goes to a desk that is not the studio's, by any way.
func TestNothingOfOneStudioGoesToAnother(t *testing.T) {
	s := openStation(t, nil)
	of := s.paired("of the first", call.Host|call.Producer, "")
	beside := s.paired("of the second", call.Host|call.Producer|call.Manager, "b")
	events, _ := beside.follow()
	seen := s.next(events).data
	names := []string{"+12015550100", string(contract.Caller), contract.Message, "Ben", "Zebedee", "the wages of sin"}
	for op, body := range map[string]string{
		"note": `{"call":"` + string(contract.Caller) + `","name":"Zebedee","topic":"the wages of sin"}`,
		"lock": `{"call":"` + string(contract.Caller) + `","on":true}`,
		"say":  `{"text":"the wages of sin"}`,
	} {
		if code := of.op(op, body); code != (call.Code{}) {
			t.Fatal(op, code)
		}
	}
	for _, what := range []string{"GET /api/record/1.json", "GET /api/voicemail/" + contract.Message, "POST /api/op/record"} {
		for _, studio := range []string{"", "b"} {
			answer := s.asks(what, `{"show":1}`, beside.shows, shows("Callin-Studio", studio))
			body, _ := io.ReadAll(answer.Body)
			answer.Body.Close()
			seen = append(seen, body...)
			if answer.StatusCode == http.StatusOK {
				t.Errorf("%s of studio %q is answered: %s", what, studio, body)
			}
		}
	}
	if err := s.book.Revoke(beside.id); err != nil {
		t.Fatal(err)
	}
	seen = append(seen, s.ends("at the end", events)...)
	for _, name := range names {
		if bytes.Contains(seen, []byte(name)) {
			t.Errorf("a desk of another studio sees %q in %s", name, seen)
		}
	}
}

// Who is given to another studio goes from the one's desks and comes to the other's.
func TestAGivenCallerGoesFromOneStudioToTheOther(t *testing.T) {
	s := openStation(t, nil)
	of := s.paired("of the first", call.Host, "")
	beside := s.paired("of the second", call.Host, "b")
	froms, _ := of.follow()
	tos, _ := beside.follow()
	if _, code := s.told("POST /api/op/open", "{}", beside.shows, shows("Callin-Studio", "b")); code != (call.Code{}) {
		t.Fatal(code)
	}
	until := func(events chan event, what string) {
		t.Helper()
		for e := s.next(events); !bytes.Contains(e.data, []byte(what)); e = s.next(events) {
			if e.name == "" {
				t.Fatal("the feed has ended before ", what)
			}
		}
	}
	until(tos, `"state":"open"`)
	if code := of.op("give", `{"call":"`+string(contract.Caller)+`","studio":"b"}`); code != (call.Code{}) {
		t.Fatal(code)
	}
	s.room.Station.Waiting(station.Arrival{Call: contract.Caller, Number: "+12015550100"}, call.Studio("b").OnAir())
	until(froms, `"gone":["`+string(contract.Caller)+`"]`)
	until(tos, `"cards":[{"call":"`+string(contract.Caller)+`"`)
}

// A notice is a studio's desks' only, of which callers' names may be in it; what is for
// all reaches all.
func TestANoticeGoesToTheDesksOfItsStudio(t *testing.T) {
	s := openStation(t, nil)
	host := s.paired("of the first", call.Host, "")
	hosts, _ := host.follow()
	besides, _ := s.paired("of the second", call.Host, "b").follow()
	if code := host.op("makeNext", `{"call":"`+string(contract.Caller)+`"}`); code != (call.Code{}) {
		t.Fatal(code)
	}
	s.room.Station.Ended(contract.Caller, "completed")
	s.room.Station.Notice(&call.Error{Code: call.CodeFailed, Message: "For all."})
	for events, studios := range map[chan event]bool{hosts: true, besides: false} {
		var seen []byte
		for !bytes.Contains(seen, []byte("For all.")) {
			e := s.next(events)
			if e.name == "" {
				t.Fatalf("the feed has ended after %s", seen)
			}
			seen = append(seen, e.data...)
		}
		if told := bytes.Contains(seen, []byte("was made next, has hung up")); told != studios {
			t.Errorf("a desk of the studio %t: told is %t", studios, told)
		}
	}
}
