package tunnel

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"callin/app/call"
)

// far is a far end that does as it is told, in a bubble of time.
type far struct {
	began   time.Time
	running chan struct{}
	end     context.CancelFunc

	mu     sync.Mutex
	asked  []time.Duration // since it began
	news   chan error      // of the tunnel that stands
	closed int
	told   []string
	toldAt []time.Duration
}

// keeps runs a tunnel to the far end.
func keeps(t *testing.T, answer func(*far) (*standing, error)) *far {
	t.Helper()
	f := &far{began: time.Now(), running: make(chan struct{})}
	ctx, end := context.WithCancel(t.Context())
	f.end = end
	make := func(ctx context.Context) (*standing, error) {
		f.mu.Lock()
		defer f.mu.Unlock()
		f.asked = append(f.asked, time.Since(f.began))
		return answer(f)
	}
	go func() {
		defer close(f.running)
		keep(ctx, make, changes(f.tell), slog.New(slog.DiscardHandler))
	}()
	t.Cleanup(func() { end(); <-f.running })
	return f
}

func (f *far) tell(s State) {
	said := s.Address
	switch {
	case s.Trouble != nil:
		said += s.Trouble.Code.String()
	case said == "":
		said = "connecting"
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.told, f.toldAt = append(f.told, said), append(f.toldAt, time.Since(f.began))
}

func (f *far) up(address string) (*standing, error) {
	f.news = make(chan error)
	return &standing{address: address, news: f.news, close: func() {
		f.mu.Lock()
		defer f.mu.Unlock()
		f.closed++
	}}, nil
}

// lose ends the tunnel that stands.
func (f *far) lose(err error) {
	if err != nil {
		f.news <- err
	}
	close(f.news)
	synctest.Wait()
}

// has fails unless this was told, and nothing else.
func (f *far) has(t *testing.T, told ...string) {
	t.Helper()
	f.mu.Lock()
	defer f.mu.Unlock()
	if !slices.Equal(f.told, told) {
		t.Errorf("it told %q, want %q", f.told, told)
	}
}

// count is how often it was made and closed.
func (f *far) count() (made, closed int) {
	f.mu.Lock()
	defer f.mu.Unlock()
	return len(f.asked), f.closed
}

// pass lets time pass, and what happens at its end happen.
func pass(d time.Duration) {
	time.Sleep(d)
	synctest.Wait()
}

var errNet = errors.New("network is unreachable")

// For a minute nothing reaches the far end; then it gives another address.
func TestATunnelThatIsCutForAMinuteComesBackByItself(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var back time.Duration // guarded by the far end
		f := keeps(t, func(f *far) (*standing, error) {
			switch now := time.Since(f.began); {
			case now == 0:
				return f.up("https://first.example")
			case now < back:
				return nil, errNet
			}
			return f.up("https://second.example")
		})
		pass(time.Hour)
		cut := time.Since(f.began)
		f.mu.Lock()
		back = cut + time.Minute
		f.mu.Unlock()
		f.lose(errNet)
		f.has(t, "connecting", "https://first.example", "tunnel_cut")
		if _, closed := f.count(); closed != 1 {
			t.Error("the lost one was not closed")
		}
		pass(time.Minute + longestPause)
		f.has(t, "connecting", "https://first.example", "tunnel_cut", "https://second.example")
		if late := f.toldAt[3] - back; late < 0 || late > longestPause {
			t.Errorf("it was back %v after the network", late)
		}
		var pauses []time.Duration
		for i, at := range f.asked[1:] {
			pauses = append(pauses, at-max(f.asked[i], cut))
		}
		want := []time.Duration{firstPause, 1e9, 2e9, 4e9, 8e9, 16e9, 30e9}
		if !slices.Equal(pauses, want) {
			t.Errorf("the pauses were %v, want %v", pauses, want)
		}
		pass(time.Hour) // the next cut is another matter
		f.lose(errNet)
		pass(firstPause)
		f.has(t, "connecting", "https://first.example", "tunnel_cut", "https://second.example", "tunnel_cut", "https://second.example")
	})
}

// One that falls down again and again is not asked for ever faster.
func TestATunnelThatDoesNotStandIsMadeMoreSeldom(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := keeps(t, func(f *far) (*standing, error) {
			s, err := f.up("https://shaky.example")
			news := f.news
			time.AfterFunc(time.Second, func() { close(news) })
			return s, err
		})
		pass(10 * time.Minute)
		if n, _ := f.count(); n < 10 || n > 30 {
			t.Errorf("it was made %d times in ten minutes", n)
		}
	})
}

// A far end that comes back by itself keeps its address, and is not made anew.
func TestATunnelThatComesBackByItselfIsLeftAlone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := keeps(t, func(f *far) (*standing, error) { return f.up("https://one.example") })
		synctest.Wait()
		f.news <- errNet
		f.news <- errNet
		f.news <- nil
		synctest.Wait()
		f.has(t, "connecting", "https://one.example", "tunnel_cut", "https://one.example")
		if made, closed := f.count(); made != 1 || closed != 0 {
			t.Errorf("it was made %d times and closed %d times", made, closed)
		}
	})
}

// A refusal says what to do, once; it is asked for seldom, and is over when it is put
// right.
func TestARefusalIsSaidOnceAndTriedSeldom(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		right := false // guarded by the far end
		f := keeps(t, func(f *far) (*standing, error) {
			if !right {
				return nil, refusal("ERR_NGROK_107")
			}
			return f.up("https://one.example")
		})
		pass(10 * longestPause)
		f.has(t, "connecting", "tunnel_token")
		if made, _ := f.count(); made > 11 {
			t.Errorf("it was tried %d times in five minutes", made)
		}
		f.mu.Lock()
		right = true
		f.mu.Unlock()
		pass(longestPause)
		f.has(t, "connecting", "tunnel_token", "https://one.example")
	})
}

// A far end that neither takes nor refuses.
func TestAFarEndThatDoesNotAnswerIsGivenUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, end := context.WithCancel(t.Context())
		var told []State
		running := make(chan struct{})
		go func() {
			defer close(running)
			keep(ctx, func(ctx context.Context) (*standing, error) {
				<-ctx.Done()
				return nil, context.Cause(ctx)
			}, changes(func(s State) { told = append(told, s) }), slog.New(slog.DiscardHandler))
		}()
		pass(opening + time.Second)
		if len(told) != 2 || told[1].Trouble == nil {
			t.Errorf("it told %+v", told)
		}
		end()
		<-running
	})
}

func TestATunnelEndsWithItsStation(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := keeps(t, func(f *far) (*standing, error) { return f.up("https://one.example") })
		synctest.Wait()
		f.end()
		<-f.running
		f.has(t, "connecting", "https://one.example")
		if _, closed := f.count(); closed != 1 {
			t.Error("the tunnel was left open")
		}
		f = keeps(t, func(*far) (*standing, error) { return nil, errNet })
		pass(5 * time.Minute)
		began := time.Now()
		f.end()
		<-f.running
		if took := time.Since(began); took > 0 {
			t.Errorf("between two tries it ended after %v", took)
		}
	})
}

func TestSettingsThatMakeNoTunnelAreSaid(t *testing.T) {
	for name, o := range map[string]Options{
		"no kind":                 {},
		"no such kind":            {Kind: "string"},
		"ngrok without a token":   {Kind: Ngrok},
		"a token without address": {Kind: Cloudflared, Token: "t"},
		"address without a token": {Kind: Cloudflared, Domain: "radio.example.org"},
	} {
		synctest.Test(t, func(t *testing.T) {
			ctx, end := context.WithCancel(t.Context())
			var told []State
			o.Tell, o.Log = func(s State) { told = append(told, s) }, slog.New(slog.DiscardHandler)
			running := make(chan struct{})
			go func() { defer close(running); Run(ctx, o) }()
			pass(time.Hour)
			if len(told) != 1 || told[0].Trouble == nil || told[0].Trouble.Code != call.CodeTunnelSetting || !strings.HasSuffix(told[0].Trouble.Message, ".") {
				t.Errorf("%s: %+v", name, told)
			}
			end()
			<-running
		})
	}
}
