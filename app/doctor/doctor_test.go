package doctor_test

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"callin/app/call"
	"callin/app/carrier"
	"callin/app/desk"
	"callin/app/doctor"
	"callin/app/rehearsal/stage"
	"callin/app/setup"
)

// pages are what only a page can see.
var pages = []string{"microphone", "output", "sound", "signalling"}

// found are the findings of a state, by their ids.
func found(all []doctor.Finding, state desk.FindingState) (ids []string) {
	for _, f := range all {
		if f.State == state {
			ids = append(ids, f.ID)
		}
	}
	return ids
}

// run looks the patient over, and holds each finding to be a sentence without secrets.
func (p *patient) run() []doctor.Finding {
	p.Helper()
	all := doctor.Run(p.Context(), p.Options)
	for _, f := range all {
		text := fmt.Sprintf("%+v", f)
		for _, secret := range []string{p.rehearsal.AuthToken, p.keySecret, "hush"} {
			if strings.Contains(text, secret) {
				p.Errorf("a secret is in %s", text)
			}
		}
		if !strings.HasSuffix(f.What, ".") || f.Do != "" && !strings.HasSuffix(f.Do, ".") || f.State == desk.Wrong && f.Do == "" {
			p.Errorf("%s says %q, and to do %q", f.ID, f.What, f.Do)
		}
	}
	return all
}

// Whatever others have in the account, a station that is well has nothing wrong, and all
// is looked at but what only a page can see.
func TestAHealthyStation(t *testing.T) {
	p := newPatient(t)
	p.plant(stage.Planting{Profiles: []stage.Profile{{Name: "Radio Ltd", Status: "twilio-approved"}}})
	all := p.run()
	if wrong := doctor.Wrong(all); len(wrong) > 0 {
		t.Errorf("it has %+v", wrong)
	}
	if diff := cmp.Diff(pages, found(all, desk.Unlooked)); diff != "" {
		t.Errorf("not looked at (-want +got):\n%s", diff)
	}
}

// Each fault is found by the finding that is about it, and by no other.
func TestEachFaultIsFound(t *testing.T) {
	nothing := 0.0
	little := 3.2
	soon, expired, elsewhere := here(), here(), x509.Certificate{DNSNames: []string{"radio.example.org"}}
	soon.NotBefore, soon.NotAfter = time.Now().Add(-time.Hour), time.Now().Add(13*24*time.Hour)
	expired.NotBefore, expired.NotAfter = time.Unix(1, 0), time.Unix(2, 0)
	account := func(a stage.Account) func(*patient) {
		return func(p *patient) { p.plant(stage.Planting{Account: &a}) }
	}
	app := func(field, value string) func(*patient) {
		return func(p *patient) { p.set(carrier.App, p.apps[listeners], field, value) }
	}
	shows := func(c func() tls.Certificate) func(*patient) { return func(p *patient) { p.show(c()) } }
	alert := func(a stage.PlantedAlert) func(*patient) {
		return func(p *patient) {
			if a.URL != "" {
				a.URL = p.Wish.Public + a.URL
			}
			p.plant(stage.Planting{Alerts: []stage.PlantedAlert{a}})
		}
	}
	for _, c := range []struct {
		what, id, says string
		fault          func(*patient)
	}{
		{"a wrong auth token", "credentials", "does not know this Account SID", func(p *patient) { p.Twilio = p.speaks(p.rehearsal.Address, strings.Repeat("0", 32)) }},
		{"no auth token", "credentials", "auth_token is missing", func(p *patient) {
			p.Twilio, p.NoTwilio = nil, &call.Error{Code: call.CodeCredentials, Message: "auth_token is missing. It stands in Twilio's console."}
		}},
		{"a Twilio that does not answer", "credentials", "does not answer", func(p *patient) { p.fails(stage.Faults{REST: []stage.RESTFault{{Kind: "down"}}}) }},
		{"a suspended account", "account", "suspended", account(stage.Account{Status: "suspended"})},
		{"a closed account", "account", "closed", account(stage.Account{Status: "closed"})},
		{"no balance", "balance", "used up", account(stage.Account{Balance: &nothing})},
		{"a low balance", "balance", "low: 3.20 USD", account(stage.Account{Balance: &little})},
		{"a trial account", "limits", "trial", func(p *patient) { p.must(p.stage.Switch(p.Context(), stage.Switches{Trial: true})) }},
		{"a rejected profile", "limits", "rejected", func(p *patient) {
			p.plant(stage.Planting{Profiles: []stage.Profile{{Name: "Radio Ltd", Status: "twilio-rejected"}}})
		}},
		{"a revoked key", "key", "not at Twilio any more", func(p *patient) { p.must(p.Twilio.RevokeKey(p.Context(), p.Wish.KeySid)) }},
		{"a key of another name", "key", `"Office"`, func(p *patient) { p.must(p.Twilio.NameKey(p.Context(), p.Wish.KeySid, "Office")) }},
		{"a clock that is behind", "clock", "10 minutes behind", func(p *patient) { p.fails(stage.Faults{ClockSeconds: 600}) }},
		{"a clock that is ahead", "clock", "60 minutes ahead", func(p *patient) { p.fails(stage.Faults{ClockSeconds: -3600}) }},
		{"another Callin", "other", "Another Callin, at http://", func(p *patient) {
			other := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, proof("other")) }))
			p.Cleanup(other.Close)
			p.set(carrier.App, p.Wish.DeskAppSid, "VoiceUrl", other.URL+"/voice/desk?station=others22")
		}},
		{"another Callin that has ended", "numbers", `"Client DJ Call-In" asks elsewhere`, func(p *patient) {
			p.set(carrier.App, p.Wish.DeskAppSid, "VoiceUrl", "http://127.0.0.1:9/voice/desk?station=others22")
		}},
		{"a number that leads elsewhere", "numbers", "calls to +12025550100 go elsewhere", func(p *patient) {
			sid := p.plant(stage.Planting{Apps: []stage.App{{Name: "Office"}}}).Apps[0]
			p.set(carrier.Number, p.numbers[p.rehearsal.ListenersNumber], "VoiceApplicationSid", sid)
		}},
		{"a dial-in number that leads elsewhere", "numbers", "calls to +12025550101 go elsewhere", func(p *patient) {
			p.set(carrier.Number, p.numbers[p.rehearsal.DialInNumber], "VoiceUrl", "https://office.example/")
		}},
		{"texts that go elsewhere", "numbers", "texts to +12025550100 go elsewhere", func(p *patient) {
			p.set(carrier.Number, p.numbers[p.rehearsal.ListenersNumber], "SmsUrl", "https://office.example/")
		}},
		{"an app that asks elsewhere", "numbers", "asks elsewhere", app("VoiceUrl", "https://office.example/")},
		{"an app that tells elsewhere", "numbers", "how calls end", app("StatusCallback", "https://office.example/")},
		{"an app without the fallback", "numbers", "another fallback", app("VoiceFallbackUrl", "https://office.example/")},
		{"an app that was deleted", "numbers", "is not there", func(p *patient) { p.must(p.Twilio.DeleteApp(p.Context(), p.apps[listeners])) }},
		{"numbers that were given back", "numbers", "no telephone number", func(p *patient) { p.plant(stage.Planting{NoNumbers: true}) }},
		{"nobody at the address", "address", "Nobody answers", func(p *patient) {
			p.public = func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }
		}},
		{"something else at the address", "address", "Something else", func(p *patient) {
			p.public = func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, "It works!") }
		}},
		{"a certificate that ends soon", "certificate", "ends on", shows(func() tls.Certificate { return signed(&authority, soon) })},
		{"a certificate that has ended", "certificate", "not good at this time", shows(func() tls.Certificate { return signed(&authority, expired) })},
		{"a certificate for another name", "certificate", "another name", shows(func() tls.Certificate { return signed(&authority, elsewhere) })},
		{"a certificate of its own", "certificate", "no authority", shows(func() tls.Certificate { return signed(nil, here()) })},
		{"a certificate without those between", "certificate", "does not send those between", shows(func() tls.Certificate {
			between := signed(&authority, x509.Certificate{IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign})
			return signed(&between, here())
		})},
		{"a tunnel whose quota is used up", "quota", "allows no more", func(p *patient) {
			p.Tunnel = func(context.Context) *call.Error {
				return &call.Error{Code: call.CodeTunnelLimit, Message: "The account at ngrok allows no more this month. Choose a larger plan."}
			}
		}},
		{"a tunnel in trouble", "tunnel", "is down", func(p *patient) {
			p.Tunnel = func(context.Context) *call.Error {
				return &call.Error{Code: call.CodeWayIn, Message: "The tunnel is down. Look at its program."}
			}
		}},
		{"an edge that is not reached", "edge", "not reached at voice-js.frankfurt.twilio.com", func(p *patient) { p.fails(stage.Faults{FarMs: map[string]int{"frankfurt": -1}}) }},
		{"an edge that is far", "edge", "both begin to speak at once", func(p *patient) { p.fails(stage.Faults{FarMs: map[string]int{"frankfurt": 320}}) }},
		{"a voice listener that does not answer", "port", "does not answer", func(p *patient) { p.voice = http.NotFound }},
		{"no fallback where one is set", "fallback", "no TwiML Bin", func(p *patient) {
			p.Wish.Fallback += "x"
			p.set(carrier.App, p.apps[listeners], "VoiceFallbackUrl", p.Wish.Fallback)
		}},
		{"a fallback that lets nobody wait", "fallback", "does not let callers wait", func(p *patient) {
			_, err := p.stage.PutBin(p.Context(), "fallback", "<Response><Say>No</Say></Response>")
			p.must(err)
		}},
		{"a queue of a show that is over", "queues", "1 queue of a show", func(p *patient) { p.Open = func() bool { return false } }},
		{"requests that failed", "errors", "could not fetch from Callin (11200, 1 time", alert(stage.PlantedAlert{Code: 11200, URL: "/voice/inbound?hush", Message: "hush", HoursAgo: 2})},
		{"an error without words", "errors", "14227", alert(stage.PlantedAlert{Code: 14227, URL: "/voice/inbound", HoursAgo: 2})},
		{"too many calls at once", "errors", "more calls at once", alert(stage.PlantedAlert{Code: 10004, HoursAgo: 2})},
		{"calls that are not allowed", "calling", "telephones of US", func(p *patient) { p.plant(stage.Planting{MayDial: map[string]bool{"US": false}}) }},
		{"texts that are not allowed", "texting", "numbers of GB", func(p *patient) { p.Texts = []string{"US", "GB"} }},
		{"a full disk", "disk", "100 MB left", func(p *patient) { p.Free = func(string) (uint64, error) { return 100 << 20, nil } }},
		{"a folder that cannot be written to", "disk", "cannot write", func(p *patient) { p.Data, p.Dir = filepath.Join(p.Dir, "not"), filepath.Join(p.Dir, "there") }},
		{"a damaged journal", "journal", "damaged", func(p *patient) {
			p.Journal = func(context.Context) *call.Error {
				return &call.Error{Code: call.CodeJournalDamaged, Message: "The journal was damaged. The old one is aside."}
			}
		}},
		{"secrets that cannot be read", "secrets", "keyring is locked", func(p *patient) {
			p.Secrets = func() (string, error) {
				return "", &call.Error{Code: call.CodeCredentials, Message: "The keyring is locked. Open it."}
			}
		}},
	} {
		t.Run(c.what, func(t *testing.T) {
			t.Parallel()
			p := newPatient(t)
			c.fault(p)
			all := p.run()
			if wrong := found(all, desk.Wrong); !slices.Equal(wrong, []string{c.id}) {
				t.Fatalf("it is found by %v: %+v", wrong, all)
			}
			if f := doctor.Wrong(all)[0]; !strings.Contains(f.What, c.says) {
				t.Errorf("it says %q", f.What)
			}
		})
	}
}

// What Twilio does not answer is not looked at, and no fault.
func TestWhatTwilioDoesNotAnswerIsNotLookedAt(t *testing.T) {
	for path, id := range map[string]string{"/Alerts": "errors", "/Queues": "queues", "/Keys": "key", "/DialingPermissions": "calling", "/GeoPermissions": "texting", "/CustomerProfiles": "limits", "/IncomingPhoneNumbers": "numbers"} {
		t.Run(id, func(t *testing.T) {
			t.Parallel()
			p := newPatient(t)
			p.fails(stage.Faults{REST: []stage.RESTFault{{Kind: "error", Path: path}}})
			all := p.run()
			if diff := cmp.Diff(append([]string{id}, pages...), found(all, desk.Unlooked)); diff != "" || len(doctor.Wrong(all)) > 0 {
				t.Errorf("%+v\nnot looked at (-want +got):\n%s", doctor.Wrong(all), diff)
			}
		})
	}
}

// A network may have no way back to itself: then Twilio's own requests count.
func TestTwiliosRequestsOutrankALookFromHere(t *testing.T) {
	p := newPatient(t)
	p.public = func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }
	for ago, is := range map[time.Duration]desk.FindingState{time.Minute: desk.Fine, time.Hour: desk.Wrong} {
		p.LastSigned = func() time.Time { return time.Now().Add(-ago) }
		if all := p.run(); slices.Contains(found(all, desk.Wrong), "address") != (is == desk.Wrong) {
			t.Errorf("Twilio came %s ago: %+v", ago, all)
		}
	}
}

// A tunnel's quota is never claimed to be known.
func TestTheQuotaOfATunnelIsNotLookedAt(t *testing.T) {
	p := newPatient(t)
	for kind, says := range map[string]string{"ngrok": "dashboard.ngrok.com", "cloudflared": "an address of your own"} {
		p.TunnelKind, p.Tunnel = kind, func(context.Context) *call.Error { return nil }
		all := p.run()
		at := slices.IndexFunc(all, func(f doctor.Finding) bool { return f.ID == "quota" })
		if all[at].State != desk.Unlooked || !strings.Contains(all[at].Do, says) {
			t.Errorf("%s: %+v", kind, all[at])
		}
	}
}

// Of a station that does not run nobody expects answers.
func TestAStationThatDoesNotRun(t *testing.T) {
	p := newPatient(t)
	p.Here, p.LastSigned, p.Open = nil, nil, nil
	taken := p.run()
	if wrong := found(taken, desk.Wrong); !slices.Equal(wrong, []string{"port"}) {
		t.Errorf("with its port taken: %+v", doctor.Wrong(taken))
	}
	l := httptest.NewServer(nil)
	p.Port = l.Listener.Addr().(*net.TCPAddr).Port
	l.Close()
	all := p.run()
	if wrong := doctor.Wrong(all); len(wrong) > 0 || !slices.Contains(found(all, desk.Unlooked), "address") {
		t.Errorf("%+v", all)
	}
	// Somebody waits, and nobody looks after them.
	p.public = func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/xml")
		io.WriteString(w, "<Response><Enqueue>"+stationID.AtTwilio(call.OnAir)+"</Enqueue></Response>")
	}
	_, err := p.stage.Ring(t.Context(), stage.Casting{Voice: "none"})
	p.must(err)
	for late := time.Now().Add(10 * time.Second); ; {
		wrong := doctor.Wrong(p.run())
		if len(wrong) == 1 && wrong[0].ID == "queues" && strings.Contains(wrong[0].What, "1 caller wait") {
			break
		}
		if time.Now().After(late) {
			t.Fatalf("nobody is said to wait: %+v", wrong)
		}
	}
}

// Without an account there is nothing of Twilio to look at, and nothing wrong with that.
func TestWithoutAnAccount(t *testing.T) {
	p := newPatient(t)
	p.Twilio, p.Trip, p.Here, p.Wish = nil, nil, nil, setup.Wish{}
	p.Port = 0
	all := p.run()
	if wrong := doctor.Wrong(all); len(wrong) > 0 {
		t.Errorf("%+v", wrong)
	}
	if diff := cmp.Diff([]string{"quota", "disk", "journal", "policy"}, found(all, desk.Fine)); diff != "" {
		t.Errorf("looked at (-want +got):\n%s", diff)
	}
}
