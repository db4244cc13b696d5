package exchange

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/url"
	"strings"
	"time"

	"callin/app/rehearsal/media"
)

// maxRedirects bounds the HTTP redirects that one request follows; more are
// error 11215. The number is inferred.
const maxRedirects = 10

// fetchError is a request that failed, by the code of Twilio's debugger.
type fetchError struct {
	code int
	err  error
	in   *webhook
}

// ofTwiML reports whether a document was had and is wrong: the codes below are
// about the way to it.
func (e *fetchError) ofTwiML() bool { return e.code >= 12000 }

func (e *fetchError) Error() string { return e.err.Error() }

// answer is what a webhook answered.
type answer struct {
	*webhook        // the last request, after redirects
	kind     string // media type without parameters, empty when it cannot be read
	charset  string
	noStore  bool
}

// fetch makes a signed request as Twilio does: parameters in the body of a
// POST or the query of a GET. It tries again as the URL's fragment says, by
// default once and only if there was no connection.
func (x *Exchange) fetch(ctx context.Context, method, to string, v url.Values) (*answer, *fetchError) {
	in := &webhook{method: method, url: to, sent: v}
	u, err := url.Parse(to)
	if err == nil && !u.IsAbs() { // only TwiML without a URL of its own leaves one relative
		return nil, &fetchError{15004, fmt.Errorf("%q must be absolute", to), in}
	}
	if err != nil || u.Host == "" || (u.Scheme != "http" && u.Scheme != "https") {
		return nil, &fetchError{11100, fmt.Errorf("%q is not an absolute http URL", to), in}
	}
	set := parseOverrides(u.Fragment)
	if x.Switches().Trial {
		set.total = min(set.total, trialFetch)
	}
	ctx, cancel := context.WithTimeout(ctx, set.total)
	defer cancel()
	ctx = context.WithValue(ctx, connectKey{}, set.connect)
	u.Fragment, u.RawFragment = "", "" // Twilio's per-request settings, never sent
	if method != http.MethodGet {
		method = http.MethodPost
	}
	token := rand.Text()
	began := time.Now()
	for try := 0; ; try++ {
		a, failed := x.attempt(ctx, method, *u, v, token, set)
		if failed == nil || try >= set.retries || ctx.Err() != nil || !set.again[failed.why()] {
			x.rememberWebhook(v, began, a, failed)
			return a, failed
		}
	}
}

// attempt makes a request and goes where redirects lead, as a web browser
// does (Twilio docs: TwiML): after 301, 302 and 303 with a GET that carries no
// parameters, after 307 with the request as it was. No other 3xx is followed
// (dictionary: 11216).
func (x *Exchange) attempt(ctx context.Context, method string, u url.URL, v url.Values, token string, set overrides) (*answer, *fetchError) {
	for hop := 0; ; hop++ {
		a, failed := x.once(ctx, method, u, v, token, set)
		if failed != nil || a.status < 300 || a.status >= 400 {
			return accept(a, failed)
		}
		next, err := u.Parse(a.header.Get("Location"))
		follows := a.status <= http.StatusSeeOther && a.status != http.StatusMultipleChoices || a.status == http.StatusTemporaryRedirect
		switch {
		case follows && hop == maxRedirects:
			return nil, &fetchError{11215, fmt.Errorf("more than %d redirects", maxRedirects), a.webhook}
		case !follows || err != nil || a.header.Get("Location") == "" || next.Host == "" || next.Scheme != "http" && next.Scheme != "https":
			return nil, &fetchError{11216, fmt.Errorf("HTTP status %d to %q", a.status, a.header.Get("Location")), a.webhook}
		case a.status != http.StatusTemporaryRedirect:
			method, v = http.MethodGet, nil
		}
		next.Fragment, next.RawFragment = "", ""
		u = *next
	}
}

func accept(a *answer, failed *fetchError) (*answer, *fetchError) {
	if failed == nil && (a.status < 200 || a.status >= 300) {
		return nil, &fetchError{11200, fmt.Errorf("HTTP status %d", a.status), a.webhook}
	}
	return a, failed
}

// once makes one request and reads its answer, whatever its status.
func (x *Exchange) once(ctx context.Context, method string, u url.URL, v url.Values, token string, set overrides) (*answer, *fetchError) {
	in := &webhook{method: method, url: u.String(), sent: v}
	req, err := x.request(ctx, method, u, v)
	if err != nil {
		return nil, &fetchError{11100, err, in}
	}
	req.Header.Set("I-Twilio-Idempotency-Token", token)
	x.cookies.put(req, v)
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	patience := time.AfterFunc(set.connect+set.read, func() { stop(errSilent) })
	defer patience.Stop()
	res, err := x.client.Do(req.WithContext(ctx))
	if err != nil {
		return nil, connectionError(ctx, err, in)
	}
	defer res.Body.Close()
	x.cookies.keep(res, v)
	in.status, in.header = res.StatusCode, res.Header
	body := &patientReader{res.Body, patience, set.read}
	if in.body, err = io.ReadAll(io.LimitReader(body, media.MaxFile+1)); err != nil {
		return nil, connectionError(ctx, err, in)
	}
	if len(in.body) > media.MaxFile {
		return nil, &fetchError{11200, errors.New("the answer is too large"), in}
	}
	kind, params, _ := mime.ParseMediaType(res.Header.Get("Content-Type"))
	return &answer{in, kind, params["charset"], strings.Contains(res.Header.Get("Cache-Control"), "no-")}, nil
}

// patientReader gives each packet of a body as long as the first.
type patientReader struct {
	io.Reader
	patience *time.Timer
	read     time.Duration
}

func (r *patientReader) Read(p []byte) (int, error) {
	r.patience.Reset(r.read)
	return r.Reader.Read(p)
}

func (x *Exchange) request(ctx context.Context, method string, u url.URL, v url.Values) (*http.Request, error) {
	var body io.Reader
	post := v
	if method == http.MethodGet {
		if q := v.Encode(); u.RawQuery != "" && q != "" {
			u.RawQuery += "&" + q
		} else if q != "" {
			u.RawQuery = q
		}
		post = nil
	} else {
		body = strings.NewReader(v.Encode())
	}
	user := u.User
	u.User = nil
	req, err := http.NewRequestWithContext(ctx, method, u.String(), body)
	if err != nil {
		return nil, err
	}
	if user != nil {
		password, _ := user.Password()
		req.SetBasicAuth(user.Username(), password)
	}
	if body != nil {
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded; charset=UTF-8")
	}
	if u.Scheme == "https" && u.Port() != "" { // Twilio signs HTTPS without its port
		u.Host = u.Hostname()
	}
	req.Header.Set("X-Twilio-Signature", Signature(x.Account().AuthToken, u.String(), post))
	req.Header.Set("User-Agent", "TwilioProxy/1.1")
	req.Header.Set("Accept", "*/*")
	return req, nil
}
