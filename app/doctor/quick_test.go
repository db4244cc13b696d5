package doctor_test

import (
	"context"
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"callin/app/call"
	"callin/app/carrier"
	"callin/app/desk"
	"callin/app/doctor"
	"callin/app/setup"
	"callin/app/wayin"
)

// The quick look asks Twilio three things and the address one.
func TestTheQuickLookAsksLittle(t *testing.T) {
	p := newPatient(t)
	var asked, came atomic.Int32
	at, err := url.Parse(p.rehearsal.Address)
	p.must(err)
	through := httputil.NewSingleHostReverseProxy(at)
	rest := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked.Add(1)
		r.Host = at.Host
		through.ServeHTTP(w, r)
	}))
	t.Cleanup(rest.Close)
	p.Twilio = p.speaks(rest.URL, p.rehearsal.AuthToken)
	p.public = func(w http.ResponseWriter, r *http.Request) {
		came.Add(1)
		answersHere(w, r)
	}
	p.Quick = true
	all := p.run()
	if diff := cmp.Diff([]string{"credentials", "account", "balance", "other", "address", "disk"}, found(all, desk.Fine)); diff != "" || len(all) != 6 {
		t.Errorf("%+v\nlooked at (-want +got):\n%s", all, diff)
	}
	if asked.Load() > 3 || came.Load() != 1 {
		t.Errorf("Twilio was asked %d times, and the address %d", asked.Load(), came.Load())
	}
}

// Far ends that never answer, and a disk that does not, hold a show up for no more than
// two seconds, and are what is wrong.
func TestTheQuickLookIsOverSoon(t *testing.T) {
	transport, visitors := http.DefaultTransport, wayin.Visitor.Transport
	defer func() { http.DefaultTransport, wayin.Visitor.Transport = transport, visitors }()
	synctest.Test(t, func(t *testing.T) {
		dead := &http.Transport{DisableKeepAlives: true, DialContext: func(context.Context, string, string) (net.Conn, error) {
			c, far := net.Pipe()
			go func() { // it takes all, and says nothing
				for b := make([]byte, 1024); ; {
					if _, err := far.Read(b); err != nil {
						return
					}
				}
			}()
			return c, nil
		}}
		http.DefaultTransport, wayin.Visitor.Transport = dead, dead
		twilio, err := carrier.New(carrier.Account{AccountSid: "AC1", Username: "AC1", Password: "x", Rehearsal: "http://127.0.0.1:1"})
		if err != nil {
			t.Fatal(err)
		}
		never := make(chan struct{})
		began := time.Now()
		all := doctor.Run(t.Context(), doctor.Options{
			Quick: true, Twilio: twilio, Wish: setup.Wish{Public: "http://127.0.0.1:1"}, Here: proof,
			LastSigned: func() time.Time { return time.Time{} }, Data: t.TempDir(), Dir: t.TempDir(),
			Free: func(string) (uint64, error) { <-never; return 0, nil },
		})
		if took := time.Since(began); took >= 2*time.Second {
			t.Errorf("it took %s", took)
		}
		if wrong := found(all, desk.Wrong); !slices.Equal(wrong, []string{"credentials", "address"}) {
			t.Errorf("wrong are %v: %+v", wrong, all)
		}
		close(never)
	})
}

// An address that answers after more than three seconds is a fault: a caller hears nothing
// meanwhile.
func TestASlowAddress(t *testing.T) {
	visitors := wayin.Visitor.Transport
	defer func() { wayin.Visitor.Transport = visitors }()
	for late, is := range map[time.Duration]desk.FindingState{2900 * time.Millisecond: desk.Fine, 3100 * time.Millisecond: desk.Wrong} {
		synctest.Test(t, func(t *testing.T) {
			l := &pipes{conns: make(chan net.Conn)}
			slow := &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				time.Sleep(late)
				answersHere(w, r)
			})}
			go slow.Serve(l)
			defer slow.Close()
			wayin.Visitor.Transport = &http.Transport{DisableKeepAlives: true, DialContext: l.dial}
			all := doctor.Run(t.Context(), doctor.Options{
				Wish: setup.Wish{Public: "http://127.0.0.1:1"}, Here: proof, LastSigned: func() time.Time { return time.Time{} },
				Data: t.TempDir(), Dir: t.TempDir(), Free: func(string) (uint64, error) { return 20 << 30, nil },
				Journal: func(context.Context) *call.Error { return nil },
			})
			if !slices.Contains(found(all, is), "address") || is == desk.Wrong && len(doctor.Wrong(all)) != 1 {
				t.Errorf("after %s: %+v", late, all)
			}
		})
	}
}

// pipes are a listener whose connections stay in the process.
type pipes struct {
	conns chan net.Conn
	once  sync.Once
}

func (p *pipes) dial(context.Context, string, string) (net.Conn, error) {
	near, far := net.Pipe()
	p.conns <- far
	return near, nil
}

func (p *pipes) Accept() (net.Conn, error) {
	if c, open := <-p.conns; open {
		return c, nil
	}
	return nil, net.ErrClosed
}

func (p *pipes) Close() error {
	p.once.Do(func() { close(p.conns) })
	return nil
}
func (p *pipes) Addr() net.Addr { return &net.TCPAddr{} }
