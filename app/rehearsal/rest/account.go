package rest

import (
	"net/http"
	"strconv"

	"callin/app/rehearsal/exchange"
)

func account(s *server) {
	s.handle("GET ", func(r *request) (reply, error) {
		return reply{http.StatusOK, showAccount(r)(r.x.Account())}, nil
	})
	s.handle("POST ", func(r *request) (reply, error) {
		// Twilio closes or suspends only subaccounts, of which there are none.
		if err := r.oneOf("Status", "active"); err != nil {
			return reply{}, err
		}
		return reply{http.StatusOK, showAccount(r)(r.x.NameAccount(r.Form.Get("FriendlyName")))}, nil
	})
	s.handle("GET /Balance", func(r *request) (reply, error) {
		a := r.x.Account()
		return reply{http.StatusOK, object{"account_sid": a.Sid, "balance": strconv.FormatFloat(a.Balance, 'f', -1, 64), "currency": a.Currency}}, nil
	})
}

func listAccounts(r *request) (reply, error) {
	found := []exchange.Account{}
	if a := r.x.Account(); r.is("FriendlyName", a.Name) && r.is("Status", a.Status) {
		found = append(found, a)
	}
	return list(r, "accounts", found, oldestFirst("AC"), func(a exchange.Account) string { return a.Sid }, showAccount(r))
}

func showAccount(r *request) func(exchange.Account) object {
	kind := "Full"
	if r.x.Switches().Trial {
		kind = "Trial"
	}
	return func(a exchange.Account) object {
		return object{
			"sid": a.Sid, "auth_token": a.AuthToken, "friendly_name": a.Name, "owner_account_sid": a.Sid,
			"status": a.Status, "type": kind, "date_created": r.date(a.Created), "date_updated": r.date(a.Updated),
			"uri": "/" + version + "/Accounts/" + a.Sid + ".json",
			"subresource_uris": subresources(r, []string{
				"Applications", "AvailablePhoneNumbers", "Balance", "Calls", "Conferences", "IncomingPhoneNumbers", "Keys",
				"Messages", "Notifications", "Queues", "Recordings", "Usage/Records",
			}),
		}
	}
}
