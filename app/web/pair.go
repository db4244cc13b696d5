package web

import (
	"encoding/json"
	"errors"
	"net/http"
	"strings"

	"callin/app/call"
	"callin/app/desk/door"
	"callin/app/pairing"
)

// cookieName is of a cookie that browsers take from this host alone, by https alone.
const cookieName = "__Host-callin"

// shown is what a request shows of a secret, as the book knows it: a browser's counts
// at its host only.
func shown(r *http.Request) string {
	if secret, ok := bearer(r, "Bearer"); ok {
		return secret
	}
	if cookie, err := r.Cookie(cookieName); err == nil {
		return pairing.OfHost(strings.ToLower(r.Host), cookie.Value)
	}
	return ""
}

func cookie(value string, seconds int) *http.Cookie {
	return &http.Cookie{
		Name: cookieName, Value: value, MaxAge: seconds,
		Path: "/", Secure: true, HttpOnly: true, SameSite: http.SameSiteStrictMode,
	}
}

// pair signs a desk in by its code, or makes a PC one by a roll-out key. The earlier session of a browser ends with that:
// nobody else has its cookie.
func (s *Station) pair(w http.ResponseWriter, r *http.Request) {
	body, refused := jsonBody(w, r)
	if refused != nil {
		door.Refuse(w, refused)
		return
	}
	var given struct {
		Code string       `json:"code"`
		Kind pairing.Kind `json:"kind"`
		// Key is a roll-out key's text, in a code's place, and the rest is of the PC that
		// joins by it.
		Key      string `json:"key"`
		Computer string `json:"computer"`
		Machine  string `json:"machine"`
		Secret   string `json:"secret"`
	}
	if json.Unmarshal(body, &given) != nil {
		door.Refuse(w, &call.Error{Code: call.CodeBadBody, Message: "What was sent is not JSON. Reload the page."})
		return
	}
	host := ""
	if given.Kind == pairing.Browser {
		host = strings.ToLower(r.Host)
	}
	var by call.Desk
	var secret string
	var err error
	if given.Key != "" {
		given.Kind = pairing.PC
		by, err = s.Book.Join(given.Key, pairing.Computer{Name: given.Computer, Machine: given.Machine, Secret: given.Secret})
	} else {
		by, secret, err = s.Book.Pair(digits(given.Code), given.Kind, host)
	}
	from := s.Proxies.Address(r)
	if err != nil {
		s.Log.Warn("a desk was not paired", "address", from, "why", err)
		refuse(w, err)
		return
	}
	s.Log.Info("a desk was paired", "desk", by.Name, "with", given.Kind, "address", from)
	told := struct {
		Desk    call.Desk `json:"desk"`
		Station string    `json:"station"`
		Secret  string    `json:"secret,omitempty"`
	}{Desk: by, Station: s.Name}
	if given.Kind == pairing.Browser {
		if before := shown(r); before != "" {
			_ = s.Book.SignOut(before) // the book has logged what it could not save
		}
		http.SetCookie(w, cookie(secret, int(pairing.BrowserLife.Seconds())))
	} else {
		told.Secret = secret
	}
	answer(w, told)
}

// digits are those of a code, however it is grouped.
func digits(code string) string {
	return strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, code)
}

// leave signs the desk out that asks.
func (s *Station) leave(w http.ResponseWriter, r *http.Request) {
	http.SetCookie(w, cookie("", -1))
	if err := s.Book.SignOut(shown(r)); err != nil {
		refuse(w, err)
		return
	}
	answer(w, struct{}{})
}

// refuse answers with the words of an error that has some.
func refuse(w http.ResponseWriter, err error) {
	refused := &call.Error{Code: call.CodeFailed, Message: "The station could not do this. Try again."}
	errors.As(err, &refused)
	door.Refuse(w, refused)
}
