package rest

import (
	"net/http"

	"callin/app/rehearsal/exchange"
)

func keys(s *server) {
	s.handle("GET /Keys", func(r *request) (reply, error) {
		return list(r, "keys", r.x.Keys(), oldestFirst("SK"), func(k exchange.Key) string { return k.Sid }, r.showKey)
	})
	s.handle("POST /Keys", func(r *request) (reply, error) {
		k := r.x.AddKey(r.Form.Get("FriendlyName"))
		o := r.showKey(k)
		o["secret"] = k.Secret // here and never again
		return reply{http.StatusCreated, o}, nil
	})
	s.handle("GET /Keys/{sid}", func(r *request) (reply, error) {
		for _, k := range r.x.Keys() {
			if k.Sid == r.PathValue("sid") {
				return reply{http.StatusOK, r.showKey(k)}, nil
			}
		}
		return reply{}, found(r, false)
	})
	s.handle("POST /Keys/{sid}", func(r *request) (reply, error) {
		k, ok := r.x.ChangeKey(r.PathValue("sid"), r.Form.Get("FriendlyName"))
		return reply{http.StatusOK, r.showKey(k)}, found(r, ok)
	})
	s.handle("DELETE /Keys/{sid}", func(r *request) (reply, error) {
		return reply{http.StatusNoContent, nil}, found(r, r.x.DeleteKey(r.PathValue("sid")))
	})
}

func (r *request) showKey(k exchange.Key) object {
	return object{"sid": k.Sid, "friendly_name": k.FriendlyName, "date_created": r.date(k.Created), "date_updated": r.date(k.Updated)}
}
