package clients

import (
	"container/list"
	"fmt"
	"math"
	"net/http"
	"net/netip"
	"strconv"
	"time"

	"golang.org/x/time/rate"

	"callin/app/call"
	"callin/app/desk/door"
	"callin/app/locked"
)

// Rate is how often one client may ask: so often at once, and one time more with
// every Every.
type Rate struct {
	Burst int
	Every time.Duration
	// Sentence is what a client is told that asks more often, without what to do.
	Sentence string
}

// A studio's desks share one address. Ten browsers that all load the page again
// because the station is back ask some three hundred times, and a code is mistyped
// some times by each who pairs a PC.
var (
	Requests = Rate{Burst: 600, Every: 20 * time.Millisecond, Sentence: "Too many requests came from your address."}
	Pairing  = Rate{Burst: 10, Every: 10 * time.Second, Sentence: "Too many codes were tried from your address."}
)

// most is how many clients are remembered. Who has not asked for the longest time is
// forgotten first: somebody with many addresses then gets past the limit, but keeps
// no desk out.
const most = 4096

// Limit is a Rate for each client by itself.
type Limit struct {
	rate    Rate
	proxies Proxies
	known   *locked.Value[*known]
}

// NewLimit makes a limit for the clients behind some proxies.
func NewLimit(r Rate, proxies Proxies) *Limit {
	return &Limit{rate: r, proxies: proxies, known: locked.New(&known{by: map[netip.Prefix]*list.Element{}, latest: list.New()})}
}

// known are the clients that have asked.
type known struct {
	by     map[netip.Prefix]*list.Element
	latest *list.List // of *client, the latest one first
}

type client struct {
	network netip.Prefix
	limiter *rate.Limiter
}

// Handler lets h answer whom the limit does not refuse.
func (l *Limit) Handler(h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		wait := l.ask(l.proxies.Address(r))
		if wait == 0 {
			h.ServeHTTP(w, r)
			return
		}
		seconds := int(math.Ceil(wait.Seconds()))
		w.Header().Set("Retry-After", strconv.Itoa(seconds))
		again := fmt.Sprintf("Wait %d seconds, then try again.", seconds)
		if seconds == 1 {
			again = "Wait a second, then try again."
		}
		door.Refuse(w, &call.Error{Code: call.CodeTooOften, Message: l.rate.Sentence + " " + again})
	})
}

// ask counts one more request and is 0, or how long the client has to wait.
func (l *Limit) ask(a netip.Addr) (wait time.Duration) {
	from := network(a)
	l.known.With(func(k *known) {
		reserved := k.client(from, l.rate).limiter.Reserve()
		if wait = reserved.Delay(); wait > 0 {
			reserved.Cancel()
		}
	})
	return wait
}

func (k *known) client(network netip.Prefix, r Rate) *client {
	if at, ok := k.by[network]; ok {
		k.latest.MoveToFront(at)
		return at.Value.(*client)
	}
	if k.latest.Len() == most {
		oldest := k.latest.Remove(k.latest.Back()).(*client)
		delete(k.by, oldest.network)
	}
	c := &client{network, rate.NewLimiter(rate.Every(r.Every), r.Burst)}
	k.by[network] = k.latest.PushFront(c)
	return c
}
