package rest

import (
	"net/http"

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
		return reply{http.StatusOK, object{"account_sid": r.account, "balance": "0.00", "currency": "USD"}}, nil
	})
}

func listAccounts(r *request) (reply, error) {
	found := []exchange.Account{}
	if a := r.x.Account(); r.is("FriendlyName", a.Name) && r.is("Status", "active") {
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
			"status": "active", "type": kind, "date_created": r.date(a.Created), "date_updated": r.date(a.Updated),
			"uri": "/" + version + "/Accounts/" + a.Sid + ".json",
			"subresource_uris": subresources(r, []string{
				"Applications", "AvailablePhoneNumbers", "Balance", "Calls", "Conferences", "IncomingPhoneNumbers", "Keys",
				"Messages", "Notifications", "Queues", "Recordings", "Usage/Records",
			}),
		}
	}
}
