package rest

import (
	"io"
	"net/http"
	"reflect"
	"regexp"
	"strings"
	"testing"

	"github.com/twilio/twilio-go/client"
	api "github.com/twilio/twilio-go/rest/api/v2010"

	"callin/app/rehearsal/exchange"
)

// covered are the resources that this stand-in has, as twilio-go names them.
var covered = regexp.MustCompile(`^(Create|Fetch|Update|Delete|List)(Account|Application|AvailablePhoneNumber(Country|Local|Mobile|TollFree)|Balance|` +
	`Call|CallEvent|CallNotification|CallRecording|Conference|ConferenceRecording|IncomingPhoneNumber|IncomingPhoneNumber(Local|Mobile|TollFree)|` +
	`Key|NewKey|Member|Message|Media|Notification|Participant|Queue|Recording|` +
	`UsageRecord(AllTime|Daily|LastMonth|Monthly|ThisMonth|Today|Yearly|Yesterday)?)$`)

// uncovered are calls for these resources that it has not, and why.
var uncovered = map[string]string{
	"CreateAccount": "one account, no subaccounts",
	"FetchMedia":    "no message has media, so that none can be fetched",
	"DeleteMedia":   "no message has media, so that none can be deleted",
}

// asks keeps the last request made, and answers nothing to it.
type asks struct{ method, path string }

func (a *asks) RoundTrip(r *http.Request) (*http.Response, error) {
	a.method, a.path = r.Method, r.URL.Path
	return &http.Response{StatusCode: http.StatusOK, Header: http.Header{}, Body: io.NopCloser(strings.NewReader("{}")), Request: r}, nil
}

// Every call that twilio-go has for these resources leads somewhere.
func TestCallsOfTwilioGo(t *testing.T) {
	x := exchange.New(exchange.Options{})
	t.Cleanup(x.Close)
	s := newServer(x)
	last := &asks{}
	c := &client.Client{Credentials: client.NewCredentials("AC0", "0"), HTTPClient: &http.Client{Transport: last}}
	c.SetAccountSid("AC0")
	service := reflect.ValueOf(api.NewApiServiceWithClient(c))
	n := 0
	for i := range service.NumMethod() {
		name := service.Type().Method(i).Name
		if !covered.MatchString(name) {
			continue
		}
		n++
		call := service.Method(i)
		var in []reflect.Value
		for j := range call.Type().NumIn() {
			if typ := call.Type().In(j); typ.Kind() == reflect.Pointer {
				in = append(in, reflect.New(typ.Elem()))
			} else {
				in = append(in, reflect.ValueOf("XX0"))
			}
		}
		call.Call(in)
		if _, not := uncovered[name]; not == s.leads(last.method, last.path) {
			t.Errorf("%s: %s %s", name, last.method, last.path)
		}
	}
	if n < 70 {
		t.Errorf("only %d calls", n)
	}
}

// leads reports whether a path is one of the API's.
func (s *server) leads(method, path string) bool {
	path = strings.TrimSuffix(strings.TrimPrefix(path, "/2010-04-01/Accounts"), ".json")
	if path == "" {
		return method == http.MethodGet
	}
	parameter := regexp.MustCompile(`\{\w+\}`)
	for of, methods := range s.routes {
		if methods[method] != nil && regexp.MustCompile("^/[^/]+"+parameter.ReplaceAllString(of, "[^/]+")+"$").MatchString(path) {
			return true
		}
	}
	return false
}
