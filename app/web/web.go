// Package web is the desk's door for a browser: the page, the operations over
// HTTP and the feed as server-sent events, on a loopback address and behind a
// key.
package web

import (
	"crypto/rand"
	"crypto/subtle"
	"fmt"
	"io"
	"io/fs"
	"mime"
	"net/http"
	"strconv"
	"strings"
	"time"

	"callin/app/call"
	"callin/app/desk"
	"callin/app/desk/door"
)

// browserDoor serves one room to browsers on this machine.
type browserDoor struct {
	room *desk.Room
	key  string
	// host is the only Host header answered to, such as 127.0.0.1:8100.
	host string
	// epoch tells this process's event numbers from another one's.
	epoch string
	mux   *http.ServeMux
}

// Options are what a door is made of.
type Options struct {
	Room *desk.Room
	// Key is what an address must carry to be let in.
	Key  string
	Host string
	// Page is the built page, with index.html at its root.
	Page fs.FS
	// Connect are the sources the page may connect to besides its own, in the
	// Content-Security-Policy's notation.
	Connect []string
}

// New makes a door.
func New(o Options) http.Handler {
	d := &browserDoor{
		room: o.Room, key: o.Key, host: o.Host, mux: http.NewServeMux(),
		epoch: rand.Text()[:8],
	}
	d.mux.HandleFunc("POST /api/op/{name}", d.operate)
	d.mux.HandleFunc("GET /api/feed", d.feed)
	d.mux.HandleFunc("GET /api/record/{file}", d.record)
	d.mux.HandleFunc("GET /api/voicemail/{recording}", func(w http.ResponseWriter, r *http.Request) {
		door.Voicemail(d.room, w, r, r.PathValue("recording"))
	})
	d.mux.Handle("GET /", http.FileServerFS(o.Page))
	return door.Secure(o.Connect, d)
}

// cookie is the name of the key's cookie. Cookies do not tell ports apart.
func (d *browserDoor) cookie() string {
	_, port, _ := strings.Cut(d.host, ":")
	return "callin-key-" + port
}

// ServeHTTP lets in who comes to the right Host, from no other Origin, with the key.
func (d *browserDoor) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Host != d.host {
		door.Refuse(w, &call.Error{Code: call.CodeWrongHost, Message: "Open the desk at the address that Callin printed."})
		return
	}
	if origin := r.Header.Get("Origin"); origin != "" && origin != "http://"+d.host {
		door.Refuse(w, &call.Error{Code: call.CodeWrongOrigin, Message: "Another page tried to use this desk."})
		return
	}
	if given := r.URL.Query().Get("key"); given != "" && r.URL.Path == "/" && r.Method == http.MethodGet {
		if d.right(given) {
			http.SetCookie(w, &http.Cookie{
				Name: d.cookie(), Value: given, Path: "/", HttpOnly: true,
				SameSite: http.SameSiteStrictMode, MaxAge: int((365 * 24 * time.Hour).Seconds()),
			})
			// A page, not a redirect: a browser does not send a strict cookie
			// along on a redirect that began elsewhere.
			w.Header().Set("Content-Type", "text/html; charset=utf-8")
			w.Header().Set("Refresh", "0; url=/")
			io.WriteString(w, `<!doctype html><html lang="en"><title>Callin</title><link rel="icon" href="data:,"><p><a href="/">Open the desk</a>`)
			return
		}
	}
	if c, err := r.Cookie(d.cookie()); err != nil || !d.right(c.Value) {
		door.Refuse(w, &call.Error{Code: call.CodeNoKey, Message: "This desk is locked. Open it at the address that Callin printed, with its key."})
		return
	}
	d.mux.ServeHTTP(w, r)
}

func (d *browserDoor) right(key string) bool {
	return subtle.ConstantTimeCompare([]byte(key), []byte(d.key)) == 1
}

func (d *browserDoor) operate(w http.ResponseWriter, r *http.Request) {
	if kind, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type")); kind != "application/json" {
		door.Refuse(w, &call.Error{Code: call.CodeWrongType, Message: "The page sent something that is not JSON. Reload the page."})
		return
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, desk.Limit))
	if err != nil {
		door.Refuse(w, desk.TooLong)
		return
	}
	result, refused := d.room.Operate(r.Context(), r.PathValue("name"), body)
	if refused != nil {
		door.Refuse(w, refused)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.Write(result)
}

// alive is how often a feed says that it is there, in a comment.
const alive = 10 * time.Second

// feed sends server-sent events. An event's id is this process's epoch and the
// fact's number: a page that comes back goes on from it.
func (d *browserDoor) feed(w http.ResponseWriter, r *http.Request) {
	from := int64(-1)
	last := r.Header.Get("Last-Event-ID")
	if last == "" {
		last = r.URL.Query().Get("from")
	}
	if epoch, seq, ok := strings.Cut(last, "-"); ok && epoch == d.epoch {
		if n, err := strconv.ParseInt(seq, 10, 64); err == nil {
			from = n
		}
	}
	feed := d.room.Attach(from)
	defer feed.Close()
	w.Header().Set("Content-Type", "text/event-stream")
	out := http.NewResponseController(w)

	events := make(chan desk.Event)
	go func() {
		defer close(events)
		for {
			e, err := feed.Next(r.Context())
			if err != nil {
				return
			}
			select {
			case events <- e:
			case <-r.Context().Done():
				return
			}
		}
	}()
	// The page comes back soon after a break.
	fmt.Fprint(w, "retry: 500\n\n")
	if out.Flush() != nil {
		return
	}
	still := time.NewTicker(alive)
	defer still.Stop()
	for {
		select {
		case e, ok := <-events:
			if !ok {
				return
			}
			if e.Seq > 0 {
				fmt.Fprintf(w, "id: %s-%d\n", d.epoch, e.Seq)
			}
			fmt.Fprintf(w, "event: %s\ndata: %s\n\n", e.Name, e.Data)
		case <-still.C:
			fmt.Fprint(w, ": still here\n\n")
		}
		if out.Flush() != nil {
			return
		}
	}
}
