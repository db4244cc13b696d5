package doctor_test

import (
	"context"
	"crypto/sha256"
	"crypto/tls"
	"encoding/hex"
	"io"
	stdlog "log"
	"net"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"callin/app/call"
	"callin/app/carrier"
	"callin/app/doctor"
	"callin/app/edge"
	"callin/app/rehearsal"
	"callin/app/rehearsal/stage"
	"callin/app/setup"
)

const (
	stationID call.StationID = "k7rq2m4x"
	binWords                 = `<Response><Enqueue>` + call.Fallback + `</Enqueue></Response>`
)

// patient is a station that runs on an account of the stand-in's, and is well.
type patient struct {
	*testing.T
	doctor.Options
	rehearsal *rehearsal.Rehearsal
	stage     stage.Client
	// public and voice are what answers at the public address, and on this computer.
	public, voice http.HandlerFunc
	// shows is the public address's certificate.
	shows     atomic.Pointer[tls.Certificate]
	keySecret string
	apps      map[string]string // Sids by name
	numbers   map[string]string
}

// proof is what the station answers at /voice/here.
func proof(nonce string) string {
	sum := sha256.Sum256([]byte("secret" + nonce))
	return hex.EncodeToString(sum[:])
}

func answersHere(w http.ResponseWriter, r *http.Request) {
	if nonce, is := strings.CutPrefix(r.URL.Path, "/voice/here/"); is {
		io.WriteString(w, proof(nonce))
	}
}

func newPatient(t *testing.T) *patient {
	t.Helper()
	if runtime.GOOS != "linux" {
		t.Skip("only on Linux can a test say which authority is trusted")
	}
	r, err := rehearsal.Start(rehearsal.Options{})
	p := &patient{T: t, rehearsal: r, stage: r.Stage(), public: answersHere, voice: answersHere, apps: map[string]string{}, numbers: map[string]string{}}
	p.must(err)
	t.Cleanup(func() { r.Close() })
	p.show(signed(&authority, here()))
	public := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { p.public(w, r) }))
	public.Config.ErrorLog = stdlog.New(io.Discard, "", 0)
	public.TLS = &tls.Config{GetConfigForClient: func(*tls.ClientHelloInfo) (*tls.Config, error) {
		return &tls.Config{Certificates: []tls.Certificate{*p.shows.Load()}}, nil
	}}
	public.StartTLS()
	t.Cleanup(public.Close)
	voice := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { p.voice(w, r) }))
	t.Cleanup(voice.Close)
	_, port, _ := net.SplitHostPort(voice.Listener.Addr().String())

	p.AccountSid, p.AuthToken = r.AccountSid, r.AuthToken
	p.Twilio = p.speaks(r.Address, r.AuthToken)
	bin, err := p.stage.PutBin(t.Context(), "fallback", binWords)
	p.must(err)
	p.Wish = setup.Wish{
		Public: "https://" + public.Listener.Addr().String(), Station: stationID, Number: r.ListenersNumber, DialIn: r.DialInNumber,
		Texts: true, Fallback: bin,
	}
	ready, err := setup.Ensure(t.Context(), p.Twilio, p.Wish)
	p.must(err)
	p.Wish.KeySid, p.Wish.DeskAppSid, p.keySecret = ready.KeySid, ready.DeskAppSid, ready.KeySecret
	for kind, sids := range map[carrier.Kind]map[string]string{carrier.App: p.apps, carrier.Number: p.numbers} {
		all, err := p.Twilio.Resources(t.Context(), kind)
		p.must(err)
		for _, of := range all {
			sids[of.Name] = of.Sid
		}
	}
	p.plant(stage.Planting{
		Queues: []string{stationID.AtTwilio(call.OnAir), "callin-others22-on-air", "support"},
		Alerts: []stage.PlantedAlert{ // of another application, and long ago
			{Code: 11200, URL: "https://office.example/voice/inbound", HoursAgo: 1},
			{Code: 11200, URL: p.Wish.Public + "/voice/inbound", HoursAgo: 25},
			{Code: 13224, HoursAgo: 1},
		},
		MayDial: map[string]bool{"GB": false}, MayText: map[string]bool{"GB": false},
	})
	p.Port, _ = strconv.Atoi(port)
	p.Place, p.Trip = edge.Place{Edge: "frankfurt", Region: "us1"}, edge.ToStandIn(r.Address)
	p.Here = proof
	p.LastSigned = func() time.Time { return time.Time{} }
	p.Open = func() bool { return true }
	p.Data, p.Dir = t.TempDir(), t.TempDir()
	p.Free = func(string) (uint64, error) { return 20 << 30, nil }
	p.Journal = func(context.Context) *call.Error { return nil }
	p.Secrets = func() (string, error) { return "The account's secrets are in the system's keyring.", nil }
	return p
}

func (p *patient) must(err error) {
	p.Helper()
	if err != nil {
		p.Fatal(err)
	}
}

// speaks is a carrier of the account's.
func (p *patient) speaks(address, token string) *carrier.Twilio {
	p.Helper()
	twilio, err := carrier.New(carrier.Account{
		AccountSid: p.rehearsal.AccountSid, Username: p.rehearsal.AccountSid, Password: token,
		Public: p.Wish.Public, Station: stationID, Rehearsal: address,
	})
	p.must(err)
	return twilio
}

func (p *patient) plant(what stage.Planting) stage.Planted {
	p.Helper()
	out, err := p.stage.Plant(p.Context(), what)
	p.must(err)
	return out
}

func (p *patient) fails(f stage.Faults) { p.must(p.stage.PutFaults(p.Context(), f)) }

// set changes a field of an app or a number at Twilio.
func (p *patient) set(kind carrier.Kind, sid, field, value string) {
	p.Helper()
	p.must(p.Twilio.Update(p.Context(), kind, sid, map[string]string{field: value}))
}

func (p *patient) show(c tls.Certificate) { p.shows.Store(&c) }

// listeners is the name of the station's app for listeners.
var listeners = setup.ListenersApp(stationID)
