package carrier

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"unicode"

	api "github.com/twilio/twilio-go/rest/api/v2010"
)

// Kind is a kind of resource that leads calls and texts somewhere, by REST's name.
type Kind string

// The kinds of resources.
const (
	Number Kind = "IncomingPhoneNumbers"
	App    Kind = "Applications"
)

// Resource is a number or a TwiML App with all that says where it leads.
type Resource struct {
	Kind Kind
	// Name is a number's E.164 form, an app's friendly name.
	Sid, Name string
	// Fields are by REST's own names for them, such as VoiceUrl; each of the kind is
	// there, "" where nothing is set.
	Fields map[string]string
}

// fields are those of each kind that say where calls and texts go, and what it is
// called (Twilio OpenAPI: IncomingPhoneNumber, Application). Of the rest nothing is
// read and nothing changed.
var fields = map[Kind][]string{
	Number: {
		"FriendlyName", "VoiceUrl", "VoiceMethod", "VoiceFallbackUrl", "VoiceFallbackMethod",
		"StatusCallback", "StatusCallbackMethod", "VoiceApplicationSid", "TrunkSid", "VoiceReceiveMode",
		"SmsUrl", "SmsMethod", "SmsFallbackUrl", "SmsFallbackMethod", "SmsApplicationSid",
	},
	App: {
		"FriendlyName", "VoiceUrl", "VoiceMethod", "VoiceFallbackUrl", "VoiceFallbackMethod",
		"StatusCallback", "StatusCallbackMethod",
		"SmsUrl", "SmsMethod", "SmsFallbackUrl", "SmsFallbackMethod", "SmsStatusCallback", "MessageStatusCallback",
	},
}

// Fields are the names of what a Resource of a kind has.
func Fields(kind Kind) []string { return slices.Clone(fields[kind]) }

// Resources lists all of a kind that the account has.
func (t *Twilio) Resources(ctx context.Context, kind Kind) ([]Resource, error) {
	all := []Resource{}
	err := t.ask(ctx, func(a *api.ApiService) error {
		if kind == App {
			apps, err := a.ListApplication((&api.ListApplicationParams{}).SetPageSize(page))
			for i := range apps {
				all = append(all, app(&apps[i]))
			}
			return err
		}
		numbers, err := a.ListIncomingPhoneNumber((&api.ListIncomingPhoneNumberParams{}).SetPageSize(page))
		for i := range numbers {
			all = append(all, number(&numbers[i]))
		}
		return err
	})
	return all, err
}

// Resource reads one; call.ErrGone if there is none.
func (t *Twilio) Resource(ctx context.Context, kind Kind, sid string) (found Resource, err error) {
	err = t.ask(ctx, func(a *api.ApiService) error {
		if kind == App {
			has, err := a.FetchApplication(sid, &api.FetchApplicationParams{})
			if err == nil {
				found = app(has)
			}
			return err
		}
		has, err := a.FetchIncomingPhoneNumber(sid, &api.FetchIncomingPhoneNumberParams{})
		if err == nil {
			found = number(has)
		}
		return err
	})
	return found, err
}

// Update sets exactly these fields of a resource. An empty text empties one; of a
// method it changes nothing. Twilio deletes a number's trunk when it gets an
// application, and the other way round.
func (t *Twilio) Update(ctx context.Context, kind Kind, sid string, to map[string]string) error {
	if kind == App {
		p := &api.UpdateApplicationParams{}
		if err := params(kind, to, p); err != nil {
			return err
		}
		return t.ask(ctx, func(a *api.ApiService) error {
			_, err := a.UpdateApplication(sid, p)
			return err
		})
	}
	p := &api.UpdateIncomingPhoneNumberParams{}
	if err := params(kind, to, p); err != nil {
		return err
	}
	return t.ask(ctx, func(a *api.ApiService) error {
		_, err := a.UpdateIncomingPhoneNumber(sid, p)
		return err
	})
}

// CreateApp makes a TwiML App.
func (t *Twilio) CreateApp(ctx context.Context, as map[string]string) (made Resource, err error) {
	p := &api.CreateApplicationParams{}
	if err := params(App, as, p); err != nil {
		return Resource{}, err
	}
	err = t.ask(ctx, func(a *api.ApiService) error {
		has, err := a.CreateApplication(p)
		if err == nil {
			made = app(has)
		}
		return err
	})
	return made, err
}

// DeleteApp deletes a TwiML App; call.ErrGone if there is none. Calls to numbers that
// lead to it fail from then on.
func (t *Twilio) DeleteApp(ctx context.Context, sid string) error {
	return t.ask(ctx, func(a *api.ApiService) error { return a.DeleteApplication(sid, &api.DeleteApplicationParams{}) })
}

func app(of *api.ApiV2010Application) Resource {
	return Resource{App, value(of.Sid), value(of.FriendlyName), read(App, of)}
}

func number(of *api.ApiV2010IncomingPhoneNumber) Resource {
	return Resource{Number, value(of.Sid), value(of.PhoneNumber), read(Number, of)}
}

// params puts fields into parameters of twilio-go's, whose JSON names are REST's own.
func params(kind Kind, to map[string]string, into any) error {
	for name := range to {
		if !slices.Contains(fields[kind], name) {
			return fmt.Errorf("%s is no field of %s that Callin sets", name, kind)
		}
	}
	b, err := json.Marshal(to)
	if err != nil {
		return err
	}
	d := json.NewDecoder(bytes.NewReader(b))
	d.DisallowUnknownFields()
	return d.Decode(into)
}

// read takes the fields of a kind from a resource of twilio-go's, whose JSON names are
// those that REST answers with.
func read(kind Kind, of any) map[string]string {
	var has map[string]any
	if b, err := json.Marshal(of); err == nil { // twilio-go has decoded it from JSON
		_ = json.Unmarshal(b, &has)
	}
	out := map[string]string{}
	for _, name := range fields[kind] {
		out[name], _ = has[answered(name)].(string)
	}
	return out
}

// answered is how REST writes the name of a field in its answers: VoiceUrl is
// voice_url.
func answered(name string) string {
	var b strings.Builder
	for i, c := range name {
		if i > 0 && unicode.IsUpper(c) {
			b.WriteByte('_')
		}
		b.WriteRune(unicode.ToLower(c))
	}
	return b.String()
}
