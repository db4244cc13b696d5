// Command bench holds the webhook listener against a bare handler: what one signed
// wait request costs that is answered with a caller's place in the queue, the
// journal on, beside one that is parsed, verified and answered with a constant.
//
//	go run ./build/bench [-waiting 9] [-pairs 5] [-for 4s]
//
// Both are processes of their own, asked in turn by one client thread over 32
// connections. It prints rates, times and their ratios; speeds are no test.
package main

import (
	"bufio"
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha1"
	"encoding/base64"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"runtime/pprof"
	"slices"
	"strconv"
	"sync"
	"time"

	"callin/app/call"
	"callin/app/journal"
	"callin/app/picture"
	"callin/app/station"
	"callin/app/voice"
)

const (
	public      = "https://radio.example.org"
	token       = "0123456789abcdef0123456789abcdef"
	path        = "/voice/wait?queue=on-air"
	connections = 32
)

var (
	waiting = flag.Int("waiting", 9, "how many callers wait")
	pairs   = flag.Int("pairs", 5, "how often both are asked")
	length  = flag.Duration("for", 4*time.Second, "how long each is asked at a time")
	profile = flag.String("profile", "", "a file for a profile of the listener")
	serve   = flag.String("serve", "", "what this process is: listener or bare")
)

func main() {
	flag.Parse()
	var err error
	switch *serve {
	case "":
		err = compare()
	default:
		err = server(*serve)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

// compare starts both and asks them in turn.
func compare() error {
	runtime.GOMAXPROCS(1)
	fmt.Printf("%d waiting, %d connections, %v each\n%10s %10s %8s %8s   %10s %8s %8s   %6s %6s\n", *waiting, connections, *length,
		"", "listener/s", "median", "p99", "bare/s", "median", "p99", "rate", "p99")
	listens, err := start("listener")
	if err != nil {
		return err
	}
	defer listens.stop()
	bares, err := start("bare")
	if err != nil {
		return err
	}
	defer bares.stop()
	requests := requests(*waiting)
	var rates, slow []float64
	for pair := range *pairs {
		listener, err := listens.ask(requests)
		if err != nil {
			return err
		}
		bare, err := bares.ask(requests)
		if err != nil {
			return err
		}
		rates, slow = append(rates, listener.rate/bare.rate), append(slow, float64(listener.p99)/float64(bare.p99))
		fmt.Printf("%10d %10.0f %8s %8s   %10.0f %8s %8s   %6.2f %6.2f\n", pair+1, listener.rate, short(listener.median), short(listener.p99),
			bare.rate, short(bare.median), short(bare.p99), rates[pair], slow[pair])
	}
	slices.Sort(rates)
	slices.Sort(slow)
	fmt.Printf("median of the ratios: rate %.2f (%.2f to %.2f), p99 %.2f (%.2f to %.2f)\n",
		rates[len(rates)/2], rates[0], rates[len(rates)-1], slow[len(slow)/2], slow[0], slow[len(slow)-1])
	mine, floor := listens.stop(), bares.stop()
	fmt.Printf("processor time a request: %v, bare %v, ratio %.2f\n", mine.Round(100*time.Nanosecond), floor.Round(100*time.Nanosecond), float64(mine)/float64(floor))
	return nil
}

func short(d time.Duration) string { return d.Round(10 * time.Microsecond).String() }

// target is a server in a process of its own.
type target struct {
	process *exec.Cmd
	in      io.Closer
	address string
	asked   int
}

// start runs this program as a server.
func start(what string) (*target, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	t := &target{process: exec.Command(self, "-serve", what, "-waiting", strconv.Itoa(*waiting), "-profile", *profile)}
	t.process.Stderr = os.Stderr
	if t.in, err = t.process.StdinPipe(); err != nil {
		return nil, err
	}
	out, err := t.process.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := t.process.Start(); err != nil {
		return nil, err
	}
	line, _, err := bufio.NewReader(out).ReadLine()
	t.address = string(line)
	return t, err
}

// stop ends the server and returns what a request has cost it of the processor.
func (t *target) stop() time.Duration {
	t.in.Close()
	t.process.Wait()
	used := t.process.ProcessState
	return (used.UserTime() + used.SystemTime()) / time.Duration(max(1, t.asked))
}

// server answers until its standard input ends.
func server(what string) error {
	handler := http.Handler(http.HandlerFunc(bare))
	if what == "listener" {
		dir, err := os.MkdirTemp("", "callin-bench-")
		if err != nil {
			return err
		}
		defer os.RemoveAll(dir)
		l, end, err := listener(dir)
		if err != nil {
			return err
		}
		defer end()
		handler = l
	}
	at, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	go http.Serve(at, handler)
	fmt.Println(at.Addr())
	if *profile != "" && what == "listener" {
		f, err := os.Create(*profile)
		if err != nil {
			return err
		}
		defer f.Close()
		if err := pprof.StartCPUProfile(f); err != nil {
			return err
		}
		defer pprof.StopCPUProfile()
	}
	_, err = io.Copy(io.Discard, os.Stdin)
	return err
}

// bare is what nobody can do without: it parses, verifies and writes a constant.
func bare(w http.ResponseWriter, r *http.Request) {
	if r.ParseForm() != nil {
		w.WriteHeader(http.StatusBadRequest)
		return
	}
	if !hmac.Equal([]byte(signature(public+r.RequestURI, r.PostForm)), []byte(r.Header.Get("X-Twilio-Signature"))) {
		w.WriteHeader(http.StatusForbidden)
		return
	}
	w.Header().Set("Content-Type", "text/xml")
	io.WriteString(w, "<Response><Play>https://radio.example.org/voice/audio/hold.wav</Play></Response>")
}

func signature(address string, form url.Values) string {
	mac := hmac.New(sha1.New, []byte(token))
	io.WriteString(mac, address)
	for _, key := range slices.Sorted(maps.Keys(form)) {
		io.WriteString(mac, key+form.Get(key))
	}
	return base64.StdEncoding.EncodeToString(mac.Sum(nil))
}

// queues is a carrier that has queues and nothing else.
type queues struct{ station.Carrier }

func (queues) OpenQueue(_ context.Context, name string, _ int) (string, error) {
	return "QU" + name, nil
}

func (queues) Survey(context.Context, []string, []string) (map[call.Sid]call.Whereabouts, error) {
	return nil, call.ErrUnknown // Twilio is not asked here
}

// listener is Callin's, of an open show with those who wait.
func listener(dir string) (http.Handler, func(), error) {
	ctx := context.Background()
	quiet := slog.New(slog.DiscardHandler)
	book, err := journal.Open(ctx, filepath.Join(dir, "journal.db"))
	if err != nil {
		return nil, nil, err
	}
	s, err := station.New(ctx, station.Options{Studios: []picture.Studio{{Show: picture.Show{Name: "Bench", ParkMs: 10_000}}}, Journal: book, Carrier: queues{}, Log: quiet})
	if err != nil {
		return nil, nil, err
	}
	s.Start()
	if err := s.Seat(call.Desk{Roles: call.Host}, "").Open(ctx); err != nil {
		return nil, nil, err
	}
	for s.Picture().Studios[0].Show.State != call.ShowOpen {
		time.Sleep(time.Millisecond)
	}
	l := voice.New(voice.Options{Station: s, Script: voice.Script{Public: public, Studios: []picture.Studio{{Show: picture.Show{Name: "Bench"}}}}, AuthTokens: voice.Only(token), Wait: time.Second, Log: quiet})
	for i := range *waiting {
		a := station.Arrival{Call: sid(i), Number: call.Number(number(i))}
		s.Arrive(a)
		s.Waiting(a, call.OnAir)
	}
	return l, func() { s.Close(); book.Close() }, nil
}

func sid(i int) call.Sid  { return call.Sid(fmt.Sprintf("CA%032d", i)) }
func number(i int) string { return fmt.Sprintf("+1555%07d", i) }
func queueSid() string    { return "QU" + fmt.Sprintf("%032d", 1) }
func account() string     { return "AC" + fmt.Sprintf("%032d", 1) }

// requests are one wait request of each caller, with the fields that Twilio sends.
func requests(n int) [][]byte {
	all := make([][]byte, n)
	for i := range all {
		form := url.Values{
			"CallSid": {string(sid(i))}, "From": {number(i)}, "To": {"+15550100100"}, "CallStatus": {"in-progress"}, "AccountSid": {account()},
			"ApiVersion": {"2010-04-01"}, "Direction": {"inbound"}, "Caller": {number(i)}, "Called": {"+15550100100"}, "FromCity": {"BOSTON"},
			"FromState": {"MA"}, "FromCountry": {"US"}, "QueueSid": {queueSid()}, "QueueTime": {"30"}, "AvgQueueTime": {"30"},
			"CurrentQueueSize": {strconv.Itoa(n)}, "MaxQueueSize": {"5000"}, "QueuePosition": {strconv.Itoa(i + 1)},
		}
		body := form.Encode()
		all[i] = fmt.Appendf(nil, "POST %s HTTP/1.1\r\nHost: radio.example.org\r\nUser-Agent: TwilioProxy/1.1\r\nContent-Type: application/x-www-form-urlencoded\r\n"+
			"X-Twilio-Signature: %s\r\nContent-Length: %d\r\n\r\n%s", path, signature(public+path, form), len(body), body)
	}
	return all
}

type result struct {
	rate        float64 // a second
	median, p99 time.Duration
}

// ask sends the requests in turn over all connections for the length of a run.
func (t *target) ask(requests [][]byte) (result, error) {
	var (
		group sync.WaitGroup
		mu    sync.Mutex
		took  []time.Duration
		wrong error
	)
	began := time.Now()
	for c := range connections {
		group.Go(func() {
			mine, err := on(t.address, requests, c, began)
			mu.Lock()
			defer mu.Unlock()
			took = append(took, mine...)
			if err != nil {
				wrong = err
			}
		})
	}
	group.Wait()
	if wrong != nil {
		return result{}, wrong
	}
	t.asked += len(took)
	slices.Sort(took)
	return result{float64(len(took)) / time.Since(began).Seconds(), took[len(took)/2], took[len(took)*99/100]}, nil
}

// on asks over one connection, as a client does that reads each answer whole.
func on(address string, requests [][]byte, first int, began time.Time) ([]time.Duration, error) {
	conn, err := net.Dial("tcp", address)
	if err != nil {
		return nil, err
	}
	defer conn.Close()
	in := bufio.NewReader(conn)
	var took []time.Duration
	for i := first; time.Since(began) < *length; i += connections {
		sent := time.Now()
		if _, err := conn.Write(requests[i%len(requests)]); err != nil {
			return nil, err
		}
		answer, err := http.ReadResponse(in, nil)
		if err != nil {
			return nil, err
		}
		body, err := io.ReadAll(answer.Body)
		if err != nil {
			return nil, err
		}
		took = append(took, time.Since(sent))
		if answer.StatusCode != http.StatusOK || !bytes.Contains(body, []byte("hold.wav")) {
			return nil, fmt.Errorf("answered %d: %s", answer.StatusCode, body)
		}
	}
	return took, nil
}
