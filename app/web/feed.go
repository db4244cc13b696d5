package web

import (
	"context"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"callin/app/desk"
)

const (
	// alive is how often a feed says that it is there, in a comment.
	alive = 10 * time.Second
	// stuck is how long somebody may take nothing of a feed until it ends.
	stuck = 30 * time.Second
)

// feed sends server-sent events. An event's id is the visitor's epoch and the fact's
// number: a page that comes back goes on from it. It ends with the session.
func feed(w http.ResponseWriter, r *http.Request) {
	v := visitorOf(r)
	from := int64(-1)
	last := r.Header.Get("Last-Event-ID")
	if last == "" {
		last = r.URL.Query().Get("from")
	}
	if epoch, seq, ok := strings.Cut(last, "-"); ok && epoch == v.epoch {
		if n, err := strconv.ParseInt(seq, 10, 64); err == nil {
			from = n
		}
	}
	feed := v.at.Attach(from)
	defer feed.Close()
	w.Header().Set("Content-Type", "text/event-stream")
	out := http.NewResponseController(w)
	_ = out.SetReadDeadline(time.Time{}) // nothing more comes, for hours

	events := make(chan desk.Event)
	ctx, leave := context.WithCancel(r.Context())
	defer func() { // before the feed is closed
		leave()
		for range events {
		}
	}()
	go func() {
		defer close(events)
		for {
			e, err := feed.Next(ctx)
			if err != nil {
				return
			}
			select {
			case events <- e:
			case <-ctx.Done():
				return
			}
		}
	}()
	flush := func() bool {
		_ = out.SetWriteDeadline(time.Now().Add(stuck))
		return out.Flush() == nil
	}
	// The page comes back soon after a break.
	fmt.Fprint(w, "retry: 500\n\n")
	if !flush() {
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
				fmt.Fprintf(w, "id: %s-%d\n", v.epoch, e.Seq)
			}
			fmt.Fprintf(w, "event: %s\ndata: %s\n\n", e.Name, e.Data)
		case <-still.C:
			fmt.Fprint(w, ": still here\n\n")
		}
		if !flush() {
			return
		}
	}
}
