package remote

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"time"

	"callin/app/call"
	"callin/app/desk"
	"callin/app/picture"
	"callin/app/update"
)

// Offered opens a file of what the station offers of newer versions. It is an
// update.Source, whatever version the station has.
func (s *Seat) Offered(ctx context.Context, name string) (io.ReadCloser, error) {
	ctx, cancel := s.living(ctx)
	late := time.AfterFunc(answerWithin, cancel)
	var answer *http.Response
	refused := s.signedIn(func() (refused *call.Error) {
		answer, refused = s.ask(ctx, http.MethodGet, "/api/updates/"+url.PathEscape(name), asks{anyVersion: true})
		return refused
	})
	if refused != nil {
		cancel()
		if refused.Code == call.CodeNoStation { // nothing is there, or the station is of before there were updates
			return nil, update.ErrNone
		}
		return nil, refused
	}
	late.Stop()
	return offered{answer.Body, cancel}, nil
}

// offered is a file of the station's that is being read.
type offered struct {
	io.ReadCloser
	end func()
}

func (o offered) Close() error {
	defer o.end()
	return o.ReadCloser.Close()
}

// sureWithin is how long the station may take to say whether a show is open, and that
// before whether this is a desk of it: a page waits for ten seconds.
const sureWithin = 4 * time.Second

// MayUpdate refuses an update of this PC while a show of the desk's is open, or may be.
func (s *Seat) MayUpdate(ctx context.Context) *call.Error {
	asked, done := context.WithTimeout(ctx, sureWithin)
	defer done()
	if _, refused := s.Operate(asked, desk.Ask{Name: "shows", Body: []byte("{}")}); refused != nil {
		switch refused.Code {
		case call.CodeNoSession, call.CodeVersions: // there is no show for this desk, and an update may end that
			return nil
		case call.CodeNotAllowed: // in the first studio, which is not the desk's
		default:
			return &call.Error{Code: call.CodeUpdate, Message: "The station is not reached, so a show may be open. Update when it is."}
		}
	}
	ctx, cancel := context.WithTimeout(ctx, sureWithin)
	defer cancel()
	feed := s.Attach(-1)
	defer feed.Close()
	for {
		e, err := feed.Next(ctx)
		if err != nil {
			return &call.Error{Code: call.CodeUpdate, Message: "The station does not say whether a show is open. Try again."}
		}
		var p picture.Picture
		if e.Name == "picture" && json.Unmarshal(e.Data, &p) == nil {
			return desk.MayUpdate(p)
		}
	}
}
