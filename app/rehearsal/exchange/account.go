package exchange

import (
	"slices"
	"time"
)

// Account is the one account of an exchange.
type Account struct {
	Sid, AuthToken, Name string
	Status               string  // active, suspended or closed
	Balance              float64 // what is bought goes off it; calls do not
	Currency             string
	// SecondaryToken opens the account too, but signs nothing until it is promoted;
	// "" for none.
	SecondaryToken string
	// Tokens are those of other regions than us1, by region.
	Tokens           map[string]string
	Created, Updated time.Time
}

func newAccount() Account {
	now := time.Now()
	return Account{
		Sid: newSid("AC"), AuthToken: newHex(16), Name: "Rehearsal",
		Status: "active", Balance: 100, Currency: "USD", Created: now, Updated: now,
	}
}

// Profile is a customer profile of the Trust Hub: who somebody is, which Twilio
// approves or not.
type Profile struct {
	Sid, Name, Status string
	Created           time.Time
}

// Account returns the account and its secret.
func (x *Exchange) Account() Account {
	x.mu.Lock()
	defer x.mu.Unlock()
	return x.account
}

// NameAccount names the account, unless the name is empty, and returns it.
func (x *Exchange) NameAccount(name string) Account {
	x.mu.Lock()
	defer x.mu.Unlock()
	if name != "" {
		x.account.Name, x.account.Updated = name, time.Now()
	}
	return x.account
}

// ChangeAccount lets f change the account.
func (x *Exchange) ChangeAccount(f func(*Account)) {
	x.mu.Lock()
	defer x.mu.Unlock()
	f(&x.account)
	x.account.Updated = time.Now()
}

// Active refuses what an account may do only while it is active (Twilio errors:
// 20005).
func (x *Exchange) Active() error {
	if status := x.Account().Status; status != "active" {
		return &Fault{20005, "Account is " + status}
	}
	return nil
}

// Profiles returns the customer profiles, oldest first.
func (x *Exchange) Profiles() []Profile { return list(x, &x.profiles, nil) }

// AddProfile makes a customer profile.
func (x *Exchange) AddProfile(name, status string) Profile {
	x.mu.Lock()
	defer x.mu.Unlock()
	p := &Profile{newSid("BU"), name, status, time.Now()}
	x.profiles = append(x.profiles, p)
	return *p
}

// MakeSecondaryToken gives the account a new secondary AuthToken.
func (x *Exchange) MakeSecondaryToken() Account {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.account.SecondaryToken, x.account.Updated = newHex(16), time.Now()
	return x.account
}

// DropSecondaryToken takes it away and reports whether there was one.
func (x *Exchange) DropSecondaryToken() bool {
	x.mu.Lock()
	defer x.mu.Unlock()
	had := x.account.SecondaryToken != ""
	x.account.SecondaryToken = ""
	return had
}

// PromoteToken makes the secondary AuthToken the account's, which ends the one of
// before; false if there is none.
func (x *Exchange) PromoteToken() (Account, bool) {
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.account.SecondaryToken == "" {
		return x.account, false
	}
	x.account.AuthToken, x.account.SecondaryToken, x.account.Updated = x.account.SecondaryToken, "", time.Now()
	return x.account, true
}

// Route is what a number or an application does with a call.
type Route struct {
	VoiceURL, VoiceMethod             string
	FallbackURL, FallbackMethod       string
	StatusCallback, CallbackMethod    string
	SmsURL, SmsMethod                 string
	SmsFallbackURL, SmsFallbackMethod string
}

func newRoute() Route {
	return Route{VoiceMethod: "POST", FallbackMethod: "POST", CallbackMethod: "POST", SmsMethod: "POST", SmsFallbackMethod: "POST"}
}

// Number is an incoming telephone number.
type Number struct {
	Sid, PhoneNumber, FriendlyName string
	Route
	VoiceApplicationSid, SmsApplicationSid string
	TrunkSid                               string
	ReceiveMode                            string // voice or fax
	AddressSid, BundleSid                  string // that it was bought with
	CallerIDLookup                         bool
	Created, Updated                       time.Time
	country, kind                          string // as it was sold; empty for the first ones
}

func newNumber(number, name string) *Number {
	return &Number{Sid: newSid("PN"), PhoneNumber: number, FriendlyName: name, ReceiveMode: "voice", Route: newRoute(), Created: time.Now(), Updated: time.Now()}
}

// Lead gives the number to an application or to a trunk, each of which deletes the
// other (Twilio OpenAPI: IncomingPhoneNumber). Nil leaves it as it is; that the trunk
// wins where both are given is inferred.
func (n *Number) Lead(application, trunk *string) {
	if application != nil {
		if n.VoiceApplicationSid = *application; *application != "" {
			n.TrunkSid = ""
		}
	}
	if trunk != nil {
		if n.TrunkSid = *trunk; *trunk != "" {
			n.VoiceApplicationSid = ""
		}
	}
}

// route is where a call to the number goes. An application sets aside all of
// the number's own voice URLs, and a trunk both (Twilio docs: IncomingPhoneNumber).
// Where a trunk leads is not here: it is as if nothing were set (inferred).
func (n *Number) route(apps []*Application) Route {
	if n.TrunkSid != "" {
		return newRoute()
	}
	if app := find(apps, func(a *Application) bool { return a.Sid == n.VoiceApplicationSid }); app != nil {
		return app.Route
	}
	return n.Route
}

// Application is a TwiML application.
type Application struct {
	Sid, FriendlyName string
	Route
	SmsStatusCallback, MessageStatusCallback string
	CallerIDLookup, PublicConnect            bool
	Created, Updated                         time.Time
}

func (a *Application) route() Route { return a.Route }

// Key is an API key. Secret is shown once, when it is made.
type Key struct {
	Sid, FriendlyName, Secret string
	Created, Updated          time.Time
}

// smsRoute is where a text to the number goes. An application sets aside all of
// the number's own SMS URLs (Twilio OpenAPI: IncomingPhoneNumber).
func (n *Number) smsRoute(apps []*Application) Route {
	if app := find(apps, func(a *Application) bool { return a.Sid == n.SmsApplicationSid }); app != nil {
		return app.Route
	}
	return n.Route
}

// Numbers returns the account's numbers, that with the phone number only if it
// is not empty.
func (x *Exchange) Numbers(phoneNumber string) []Number {
	return list(x, &x.numbers, func(n *Number) bool { return phoneNumber == "" || n.PhoneNumber == phoneNumber })
}

// Applications returns the applications, those named name only if it is not empty.
func (x *Exchange) Applications(name string) []Application {
	return list(x, &x.apps, func(a *Application) bool { return name == "" || a.FriendlyName == name })
}

// Keys returns the API keys.
func (x *Exchange) Keys() []Key { return list(x, &x.keys, nil) }

func list[T any](x *Exchange, from *[]*T, want func(*T) bool) []T {
	x.mu.Lock()
	defer x.mu.Unlock()
	out := []T{}
	for _, v := range *from {
		if want == nil || want(v) {
			out = append(out, *v)
		}
	}
	return out
}

// ChangeNumber lets f, unless it is nil, change a number and returns it; false
// if there is none.
func (x *Exchange) ChangeNumber(sid string, f func(*Number)) (Number, bool) {
	return change(x, &x.numbers, func(n *Number) bool { return n.Sid == sid }, func(n *Number) {
		if f != nil {
			f(n)
			n.Updated = time.Now()
		}
	})
}

// ChangeApplication lets f, unless it is nil, change an application and returns
// it; false if there is none.
func (x *Exchange) ChangeApplication(sid string, f func(*Application)) (Application, bool) {
	return change(x, &x.apps, func(a *Application) bool { return a.Sid == sid }, func(a *Application) {
		if f != nil {
			f(a)
			a.Updated = time.Now()
		}
	})
}

// DeleteNumber gives a number back and reports whether there was one.
func (x *Exchange) DeleteNumber(sid string) bool {
	return remove(x, &x.numbers, func(n *Number) bool { return n.Sid == sid })
}

// ChangeKey names a key and returns it; false if there is none.
func (x *Exchange) ChangeKey(sid, name string) (Key, bool) {
	return change(x, &x.keys, func(k *Key) bool { return k.Sid == sid }, func(k *Key) { k.FriendlyName, k.Updated = name, time.Now() })
}

func change[T any](x *Exchange, in *[]*T, is func(*T) bool, f func(*T)) (out T, ok bool) {
	x.mu.Lock()
	defer x.mu.Unlock()
	v := find(*in, is)
	if v == nil {
		return out, false
	}
	f(v)
	return *v, true
}

// AddApplication makes an application that f fills in.
func (x *Exchange) AddApplication(f func(*Application)) Application {
	x.mu.Lock()
	defer x.mu.Unlock()
	a := &Application{Sid: newSid("AP"), Route: newRoute(), Created: time.Now(), Updated: time.Now()}
	f(a)
	x.apps = append(x.apps, a)
	return *a
}

// AddKey makes an API key.
func (x *Exchange) AddKey(name string) Key {
	x.mu.Lock()
	defer x.mu.Unlock()
	k := &Key{Sid: newSid("SK"), FriendlyName: name, Secret: newHex(16), Created: time.Now(), Updated: time.Now()}
	x.keys = append(x.keys, k)
	return *k
}

// DeleteApplication reports whether there was one.
func (x *Exchange) DeleteApplication(sid string) bool {
	return remove(x, &x.apps, func(a *Application) bool { return a.Sid == sid })
}

// DeleteKey reports whether there was one; it opens nothing from then on.
func (x *Exchange) DeleteKey(sid string) bool {
	return remove(x, &x.keys, func(k *Key) bool { return k.Sid == sid })
}

func remove[T any](x *Exchange, from *[]*T, is func(*T) bool) bool {
	x.mu.Lock()
	defer x.mu.Unlock()
	before := len(*from)
	*from = slices.DeleteFunc(*from, is)
	return len(*from) < before
}

// KeySecret returns the account that a key belongs to and the key's secret.
func (x *Exchange) KeySecret(sid string) (accountSid, secret string, ok bool) {
	x.mu.Lock()
	defer x.mu.Unlock()
	if k := find(x.keys, func(k *Key) bool { return k.Sid == sid }); k != nil {
		return x.account.Sid, k.Secret, true
	}
	return "", "", false
}
