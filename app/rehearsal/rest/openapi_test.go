package rest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/mail"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
	"unicode/utf8"
)

// openAPI is the variable that says where Twilio's OpenAPI description of this
// version of the API is, twilio_api_v2010.json. With it, every answer that the
// tests of this package get is held against it. It has few keywords, which are
// all read here, so that no library is needed; what it does not describe, such
// as the bodies of errors, the tests say themselves.
const openAPI = "CALLIN_TWILIO_OPENAPI"

func TestOpenAPI(t *testing.T) {
	if os.Getenv(openAPI) == "" {
		t.Skip(openAPI + " does not say where Twilio's API description is: answers are not held against it")
	}
	d, err := description()
	if err != nil {
		t.Fatal(err)
	}
	// That it can tell a wrong answer from a right one.
	call := &schema{Ref: "#/components/schemas/api.v2010.account.call"}
	for wrong, field := range map[string]string{
		`{"sid": 1}`: "sid", `{"sid": "CA0"}`: "sid", `{"status": "gone"}`: "status", `{"start_time": "2026-11-23"}`: "start_time",
		`{}`: "price_unit is missing",
	} {
		var v any
		if err := json.Unmarshal([]byte(wrong), &v); err != nil {
			t.Fatal(err)
		}
		if found := fmt.Sprint(d.check("", v, call)); !strings.Contains(found, field) {
			t.Errorf("%s passes: %s", wrong, found)
		}
	}
}

// spec is what is read of an OpenAPI description.
type spec struct {
	Paths map[string]map[string]json.RawMessage
	// methods by a pattern of the path, those with fewer parameters first
	paths      []specPath
	Components struct{ Schemas map[string]*schema }
}

type specPath struct {
	pattern    *regexp.Regexp
	parameters int
	operations map[string]operation
}

type operation struct {
	Responses map[string]struct {
		Content map[string]struct{ Schema *schema }
	}
}

type schema struct {
	Ref        string `json:"$ref"`
	Type       string
	Nullable   bool
	Enum       []any
	Pattern    string
	Format     string
	MinLength  *int
	MaxLength  *int
	Items      *schema
	Properties map[string]*schema
}

var description = sync.OnceValues(func() (*spec, error) {
	b, err := os.ReadFile(os.Getenv(openAPI))
	if err != nil {
		return nil, err
	}
	var d spec
	if err := json.Unmarshal(b, &d); err != nil {
		return nil, err
	}
	parameter := regexp.MustCompile(`\\\{[^/]+?\\\}`)
	for path, of := range d.Paths {
		pattern := parameter.ReplaceAllString(regexp.QuoteMeta(path), "([^/]+?)")
		p := specPath{regexp.MustCompile("^" + pattern + "$"), strings.Count(path, "{"), map[string]operation{}}
		for method, raw := range of {
			var o operation
			if json.Unmarshal(raw, &o) == nil { // other keys than methods are not operations
				p.operations[strings.ToUpper(method)] = o
			}
		}
		d.paths = append(d.paths, p)
	}
	slices.SortFunc(d.paths, func(a, b specPath) int { return a.parameters - b.parameters })
	return &d, nil
})

// described holds every answer of a handler against the description, if there
// is one.
func described(t *testing.T, next http.Handler) http.Handler {
	if os.Getenv(openAPI) == "" {
		return next
	}
	d, err := description()
	if err != nil {
		t.Fatal(err)
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		both := &tee{ResponseWriter: w, status: http.StatusOK}
		next.ServeHTTP(both, r)
		if both.status < 400 && strings.Contains(w.Header().Get("Content-Type"), "json") {
			for _, wrong := range d.answer(r, both.status, &both.body) {
				t.Errorf("%s %s, %d: %s", r.Method, r.URL.Path, both.status, wrong)
			}
		}
	})
}

type tee struct {
	http.ResponseWriter
	status int
	body   bytes.Buffer
}

func (w *tee) WriteHeader(status int) { w.status = status; w.ResponseWriter.WriteHeader(status) }

func (w *tee) Write(b []byte) (int, error) {
	w.body.Write(b)
	return w.ResponseWriter.Write(b)
}

func (d *spec) answer(r *http.Request, status int, body io.Reader) []string {
	path := strings.TrimSuffix(r.URL.Path, ".json") + ".json"
	for _, p := range d.paths {
		o, ok := p.operations[r.Method]
		if !ok || !p.pattern.MatchString(path) {
			continue
		}
		to, ok := o.Responses[strconv.Itoa(status)]
		if !ok {
			return []string{"the description has no such status"}
		}
		content, ok := to.Content["application/json"]
		var v any
		if err := json.NewDecoder(body).Decode(&v); err != nil {
			if ok {
				return []string{err.Error()}
			}
			return nil
		}
		return d.check("", v, content.Schema)
	}
	return nil // of what the description does not have, such as lists that are always empty
}

// check returns what is wrong with a value. A property that is described and
// missing counts as wrong, although the description requires none.
func (d *spec) check(at string, v any, s *schema) (wrong []string) {
	if s == nil {
		return nil
	}
	if s.Ref != "" {
		to := d.Components.Schemas[strings.TrimPrefix(s.Ref, "#/components/schemas/")]
		if to == nil {
			return []string{at + ": the description lacks " + s.Ref}
		}
		return d.check(at, v, to)
	}
	if v == nil {
		if !s.Nullable && s.Type != "" && len(s.Enum) == 0 {
			return []string{at + ": null"}
		}
		return nil
	}
	if len(s.Enum) > 0 && !slices.Contains(s.Enum, v) {
		return []string{fmt.Sprintf("%s: %v is none of %v", at, v, s.Enum)}
	}
	switch v := v.(type) {
	case map[string]any:
		for name, of := range s.Properties {
			have, ok := v[name]
			if !ok {
				wrong = append(wrong, at+"."+name+" is missing")
				continue
			}
			wrong = append(wrong, d.check(at+"."+name, have, of)...)
		}
		return append(wrong, isType(at, s.Type, "object")...)
	case []any:
		for i, item := range v {
			wrong = append(wrong, d.check(fmt.Sprintf("%s[%d]", at, i), item, s.Items)...)
		}
		return append(wrong, isType(at, s.Type, "array")...)
	case bool:
		return isType(at, s.Type, "boolean")
	case float64:
		if v == float64(int64(v)) {
			return isType(at, s.Type, "integer", "number")
		}
		return isType(at, s.Type, "number")
	case string:
		return append(s.checkString(at, v), isType(at, s.Type, "string")...)
	}
	return nil
}

func isType(at, want string, have ...string) []string {
	if want == "" || slices.Contains(have, want) {
		return nil
	}
	return []string{fmt.Sprintf("%s: %s, not %s", at, have[0], want)}
}

func (s *schema) checkString(at, v string) (wrong []string) {
	n := utf8.RuneCountInString(v)
	if s.MinLength != nil && n < *s.MinLength || s.MaxLength != nil && n > *s.MaxLength {
		wrong = append(wrong, fmt.Sprintf("%s: %q is of a wrong length", at, v))
	}
	if s.Pattern != "" && !regexp.MustCompile(s.Pattern).MatchString(v) {
		wrong = append(wrong, fmt.Sprintf("%s: %q is not %s", at, v, s.Pattern))
	}
	var err error
	switch s.Format {
	case "date-time-rfc-2822":
		_, err = mail.ParseDate(v)
	case "date-time":
		_, err = time.Parse(time.RFC3339, v)
	case "date":
		_, err = time.Parse(time.DateOnly, v)
	}
	if err != nil {
		wrong = append(wrong, at+": "+err.Error())
	}
	return wrong
}
