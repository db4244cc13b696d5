package rest

import (
	"net/http"
	"time"

	"callin/app/rehearsal/exchange"
)

// NewAuthTokens returns the handler of /v1/AuthTokens/, which is accounts.twilio.com's:
// the account's token is changed by making a second one and promoting it, which ends
// the first (Twilio docs: Auth Token, Secondary Auth Token).
func NewAuthTokens(x *exchange.Exchange) http.Handler {
	s := &server{x: x}
	mux := http.NewServeMux()
	mux.Handle("/v1/AuthTokens/Secondary", s.serve(map[string]handler{
		"POST": mainOnly(func(r *request) (reply, error) {
			a := r.x.MakeSecondaryToken()
			return reply{http.StatusCreated, showToken(r, a, "Secondary", "secondary_auth_token", a.SecondaryToken)}, nil
		}),
		"DELETE": mainOnly(func(r *request) (reply, error) {
			if !r.x.DropSecondaryToken() {
				return reply{}, r.notFound()
			}
			return reply{http.StatusNoContent, nil}, nil
		}),
	}))
	mux.Handle("/v1/AuthTokens/Promote", s.serve(map[string]handler{
		"POST": mainOnly(func(r *request) (reply, error) {
			a, is := r.x.PromoteToken()
			if !is {
				return reply{}, r.notFound()
			}
			return reply{http.StatusOK, showToken(r, a, "Promote", "auth_token", a.AuthToken)}, nil
		}),
	}))
	mux.Handle("/", s.serve(nil))
	return s.count(mux)
}

// mainOnly refuses Standard keys, as where keys are made (inferred).
func mainOnly(do handler) handler {
	return func(r *request) (reply, error) {
		if user, _, _ := r.BasicAuth(); user != r.account {
			return reply{}, &exchange.Fault{Code: 20003, Message: "Authenticate"}
		}
		return do(r)
	}
}

func showToken(r *request, a exchange.Account, path, name, token string) object {
	return object{
		"account_sid": a.Sid, name: token, "url": "https://accounts.twilio.com/v1/AuthTokens/" + path,
		"date_created": r.x.Clock(a.Created).UTC().Format(time.RFC3339),
		"date_updated": r.x.Clock(a.Updated).UTC().Format(time.RFC3339),
	}
}
