package setup

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"callin/app/carrier"
)

// Step is one request that changes something at Twilio: fields of a number or an app
// that is there, or an app that is made.
type Step struct {
	Kind carrier.Kind
	// Sid is empty for an app that is made.
	Sid    string
	Name   string // of an app, or a number in E.164
	Fields []Field
}

// Field is what one field, by Twilio's name for it, is now and is to be.
type Field struct{ Name, From, To string }

// Plan is what is to be changed at Twilio, in its order: nothing else is.
type Plan []Step

// Mark tells a plan from any other: who agreed to one is not taken to have agreed to
// what it has become since.
func (p Plan) Mark() string {
	text, err := json.Marshal(p)
	if err != nil {
		panic(err) // there is nothing in it but text
	}
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:8])
}

// made stands for the Sid of an app that a step before makes.
func made(app string) string { return "made:" + app }

// MadeApp is the name of the app that a field's value stands for, which a step before
// makes; empty for any other value.
func MadeApp(value string) string {
	app, _ := strings.CutPrefix(value, made(""))
	if app == value {
		return ""
	}
	return app
}

// step is what is left to do until a resource is as it should be; no fields for
// nothing.
func step(is carrier.Resource, want map[string]string) Step {
	s := Step{Kind: is.Kind, Sid: is.Sid, Name: is.Name}
	for _, name := range slices.Sorted(maps.Keys(want)) {
		if is.Sid == "" || is.Fields[name] != want[name] {
			s.Fields = append(s.Fields, Field{name, is.Fields[name], want[name]})
		}
	}
	return s
}

// plan is what is left to do until the account is as wished.
func (w Wish) plan(c chosen) Plan {
	at := strings.TrimRight(w.Public, "/") + "/voice/"
	app := func(voice string) map[string]string {
		return map[string]string{
			"VoiceUrl": at + voice, "VoiceMethod": "POST",
			"StatusCallback": at + "status", "StatusCallbackMethod": "POST",
		}
	}
	listeners, desks := app("inbound"), app("desk"+query(w.Station))
	dialIn := maps.Clone(desks) // the desk's app and the DJ's number ask the same address
	dialIn["VoiceApplicationSid"], dialIn["TrunkSid"] = "", ""
	for of, fields := range map[*carrier.Resource]map[string]string{&c.listeners: listeners, &c.desks: desks} {
		if of.Sid == "" {
			fields["FriendlyName"] = of.Name
		}
	}
	if w.Fallback != "" {
		listeners["VoiceFallbackUrl"], listeners["VoiceFallbackMethod"] = w.Fallback, "POST"
	}
	listenersSid := c.listeners.Sid
	if listenersSid == "" {
		listenersSid = made(c.listeners.Name)
	}
	all := Plan{step(c.listeners, listeners), step(c.desks, desks)}
	for _, of := range c.numbers {
		// Twilio then ignores the number's own addresses.
		number := map[string]string{"VoiceApplicationSid": listenersSid, "TrunkSid": ""}
		if w.Texts {
			number["SmsUrl"], number["SmsMethod"], number["SmsApplicationSid"] = at+"message", "POST", ""
		}
		all = append(all, step(of.number, number))
		if of.dialIn.Sid != "" {
			all = append(all, step(of.dialIn, dialIn))
		}
	}
	return slices.DeleteFunc(all, func(s Step) bool { return len(s.Fields) == 0 })
}

// do carries a plan out, and keeps before each step what was there. The Sids of apps
// that it makes are returned by their names.
func do(ctx context.Context, t *carrier.Twilio, p Plan, was *Before) (map[string]string, error) {
	sids := map[string]string{}
	for _, s := range p {
		fields := map[string]string{}
		for i, f := range s.Fields {
			if app := MadeApp(f.To); app != "" {
				s.Fields[i].To = sids[app]
			}
			fields[f.Name] = s.Fields[i].To
		}
		if err := was.keep(s); err != nil {
			return sids, err
		}
		if s.Sid != "" {
			if err := t.Update(ctx, s.Kind, s.Sid, fields); err != nil {
				return sids, fmt.Errorf("%s: %w", s.Name, err)
			}
			continue
		}
		app, err := t.CreateApp(ctx, fields)
		if err != nil {
			return sids, fmt.Errorf("%s: %w", s.Name, err)
		}
		sids[s.Name] = app.Sid
		if err := was.made(s.Name, app.Sid); err != nil {
			return sids, err
		}
	}
	return sids, nil
}
