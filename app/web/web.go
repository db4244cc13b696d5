// Package web is the desk's door for a browser: the page, the operations over
// HTTP and the feed as server-sent events, on a loopback address and behind a
// key.
package web

import (
	"crypto/rand"
	"crypto/subtle"
	"encoding/json"
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
)

// Door serves one room to browsers on this machine.
type Door struct {
	room *desk.Room
	key  string
	// host is the only Host header answered to, such as 127.0.0.1:8100.
	host   string
	policy string
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
func New(o Options) *Door {
	d := &Door{
		room: o.Room, key: o.Key, host: o.Host, mux: http.NewServeMux(),
		epoch: rand.Text()[:8],
		policy: "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; " +
			"media-src 'self' mediastream: blob: data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; " +
			"connect-src " + strings.Join(append([]string{"'self'"}, o.Connect...), " "),
	}
	d.mux.HandleFunc("POST /api/op/{name}", d.operate)
	d.mux.HandleFunc("GET /api/feed", d.feed)
	d.mux.HandleFunc("GET /api/record/{file}", d.record)
	d.mux.HandleFunc("GET /api/voicemail/{recording}", d.voicemail)
	d.mux.Handle("GET /", http.FileServerFS(o.Page))
	return d
}

// cookie is the name of the key's cookie. Cookies do not tell ports apart.
func (d *Door) cookie() string {
	_, port, _ := strings.Cut(d.host, ":")
	return "callin-key-" + port
}

// ServeHTTP lets in who comes to the right Host, from no other Origin, with the key.
func (d *Door) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("Content-Security-Policy", d.policy)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("Cache-Control", "no-cache")
	if r.Host != d.host {
		refuse(w, &call.Error{Code: call.CodeWrongHost, Message: "Open the desk at the address that Callin printed."})
		return
	}
	if origin := r.Header.Get("Origin"); origin != "" && origin != "http://"+d.host {
		refuse(w, &call.Error{Code: call.CodeWrongOrigin, Message: "Another page tried to use this desk."})
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
		refuse(w, &call.Error{Code: call.CodeNoKey, Message: "This desk is locked. Open it at the address that Callin printed, with its key."})
		return
	}
	d.mux.ServeHTTP(w, r)
}

func (d *Door) right(key string) bool {
	return subtle.ConstantTimeCompare([]byte(key), []byte(d.key)) == 1
}

// refuse answers with an error's code and words.
func refuse(w http.ResponseWriter, e *call.Error) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(e.Code.Status())
	json.NewEncoder(w).Encode(e)
}

func (d *Door) operate(w http.ResponseWriter, r *http.Request) {
	if kind, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type")); kind != "application/json" {
		refuse(w, &call.Error{Code: call.CodeWrongType, Message: "The page sent something that is not JSON. Reload the page."})
		return
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, desk.Limit))
	if err != nil {
		refuse(w, desk.TooLong)
		return
	}
	result, refused := d.room.Operate(r.Context(), r.PathValue("name"), body)
	if refused != nil {
		refuse(w, refused)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.Write(result)
}

// alive is how often a feed says that it is there, in a comment.
const alive = 10 * time.Second

// feed sends server-sent events. An event's id is this process's epoch and the
// fact's number: a page that comes back goes on from it.
func (d *Door) feed(w http.ResponseWriter, r *http.Request) {
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
	w.Header().Set("Cache-Control", "no-store")
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
