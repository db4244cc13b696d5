// Package settings reads what a station has set, from a file and the
// environment, and keeps what Callin itself must remember between two starts.
package settings

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"net/url"
	"os"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/pelletier/go-toml/v2"
)

// Settings are a station's. The zero AccountSid means that no account is set
// up: Callin then rehearses.
type Settings struct {
	// Station is the address of the station that this PC is a desk of; empty where
	// Callin runs one itself.
	Station string `toml:"station"`
	// Show is the programme's name, said in the greeting.
	Show string `toml:"show"`
	// Screens: callers land in the screening queue first.
	Screens bool `toml:"screens"`
	// ProducersAir lets producers take callers to air, and hold, resume and drop them
	// there, as hosts may.
	ProducersAir bool `toml:"producers_air"`
	// Lanes is how many callers have a fader of their own, 1 to 6; 1 is one for all.
	Lanes int `toml:"lanes"`
	// SharedLane has the last lane take callers although somebody is on it.
	SharedLane bool `toml:"shared_lane"`
	// Tracks has each lane and the host recorded by itself while somebody is on air; every
	// caller is told so.
	Tracks bool `toml:"tracks"`
	// Name is what the station is called, as its show where it is not set, and
	// StudioName its first studio.
	Name       string `toml:"name"`
	StudioName string `toml:"studio"`
	// Studios are those that the station has besides the first one, which the settings
	// of the file itself are of.
	Studios []Studio `toml:"studios"`
	// ParkSeconds is how long a dropped caller can be taken back, 1 to 60.
	ParkSeconds int `toml:"park_seconds"`
	// WaitSeconds is how long the hold music plays between two announcements, 1 to 300.
	WaitSeconds int `toml:"wait_seconds"`
	// KeepDays is how long facts about calls are kept, 0 for ever.
	KeepDays int `toml:"keep_days"`
	// Texts are sent to callers who were missed, unless false; on a real
	// account only when true.
	Texts *bool `toml:"texts"`
	// SorryAfterSeconds is how long a caller who hangs up must have waited to
	// be sent one, 1 to 3600.
	SorryAfterSeconds int `toml:"sorry_after_seconds"`
	// TextCountries are whose numbers are sent texts, in two letters each (ISO 3166);
	// only the country of Number when there are none.
	TextCountries []string `toml:"text_countries"`
	// CallsPerNumber is how many calls of one number hold places at once, 0 for any.
	CallsPerNumber int `toml:"calls_per_number"`
	// PublicURL is where Twilio reaches the voice listener.
	PublicURL string `toml:"public_url"`
	// Tunnel is the kind of a tunnel that gives an address in the place of PublicURL,
	// TunnelDomain its reserved domain and TunnelToken what opens it.
	Tunnel       string `toml:"tunnel"`
	TunnelDomain string `toml:"tunnel_domain"`
	TunnelToken  string `toml:"tunnel_token"`
	// FallbackURL is a TwiML Bin that answers when PublicURL does not.
	FallbackURL string `toml:"fallback_url"`
	// VoicePort is the loopback port of the voice listener; 0 for any.
	VoicePort int `toml:"voice_port"`
	// MetricsPort is the loopback port of the metrics and the health addresses; 0 for
	// none.
	MetricsPort int    `toml:"metrics_port"`
	AccountSid  string `toml:"account_sid"`
	AuthToken   string `toml:"auth_token"`
	// Edge and Region are where Twilio is used; both or neither.
	Edge   string `toml:"edge"`
	Region string `toml:"region"`
	// Number is the listeners' number and DialIn the DJ's, in E.164.
	Number string `toml:"number"`
	DialIn string `toml:"dial_in"`
	// Pin lets the DJ take callers on a telephone, by the dial-in number: 4 to 8
	// digits. Without one nobody can, but in a rehearsal it is RehearsalPin.
	Pin string `toml:"pin"`
	// CostLimit is what the station means to spend in a month, in the account's currency;
	// nil where the desk sets it.
	CostLimit *float64 `toml:"cost_limit"`
	Door
	// Rehearsal is the address of a rehearsal that runs already. Without an account it is
	// where one can be connected, beside a rehearsal of Callin's own.
	Rehearsal string `toml:"rehearsal"`
	// Secret is whether the file itself holds a secret.
	Secret bool `toml:"-"`
	// Connected is whether the account is one that was set up here, and Fixed are the
	// names of the account's settings that a person's file or the environment has.
	Connected bool     `toml:"-"`
	Fixed     []string `toml:"-"`
	// At is where Edge and Region are set: a file with its line, or a variable.
	At map[string]string `toml:"-"`
	// Policy are the names of the settings that a policy has, and PolicyIgnored says of
	// what it has besides why that is passed over.
	Policy        []string `toml:"-"`
	PolicyIgnored []string `toml:"-"`
	// Updates is the address that offers newer versions, or NoUpdates; empty for the
	// station.
	Updates string `toml:"updates"`
}

// NoUpdates is what Updates says where nobody is to look for newer versions.
const NoUpdates = "off"

// Studio is one more studio of a station.
type Studio struct {
	// ID tells it from the others: up to 8 small letters and digits. Its facts bear it.
	ID   string `toml:"id"`
	Name string `toml:"name"`
	// The rest is as in Settings.
	Show         string `toml:"show"`
	Screens      bool   `toml:"screens"`
	ProducersAir bool   `toml:"producers_air"`
	Lanes        int    `toml:"lanes"`
	SharedLane   bool   `toml:"shared_lane"`
	Tracks       bool   `toml:"tracks"`
	Number       string `toml:"number"`
	DialIn       string `toml:"dial_in"`
}

var aStudio = regexp.MustCompile(`^[a-z0-9]{1,8}$`)

// mostStudios is how many studios a station has at most.
const mostStudios = 20

// Park and Wait are the lengths as durations.
func (s Settings) Park() time.Duration { return time.Duration(s.ParkSeconds) * time.Second }

// Wait is how long the hold music plays between two announcements.
func (s Settings) Wait() time.Duration { return time.Duration(s.WaitSeconds) * time.Second }

// RehearsalPin is the PIN of a rehearsal for which none is set.
const RehearsalPin = "1234"

var aPin = regexp.MustCompile(`^[0-9]{4,8}$`)

// SendsTexts reports whether callers who were missed are sent a text.
func (s Settings) SendsTexts() bool {
	if s.Texts == nil {
		return s.Rehearsal != ""
	}
	return *s.Texts
}

// SorryAfter is how long a caller who hangs up must have waited to be sent a text.
func (s Settings) SorryAfter() time.Duration { return time.Duration(s.SorryAfterSeconds) * time.Second }

// Error says which setting is wrong and what to do, in words for a person.
type Error struct {
	Where   string // a file with its line, or an environment variable
	Message string
}

func (e *Error) Error() string { return e.Where + ": " + e.Message }

// variables are the environment's names of the settings. Each also has a form
// with _FILE at its end, which names a file to read the value from.
func (s *Settings) variables() map[string]any {
	return map[string]any{
		"CALLIN_STATION":       &s.Station,
		"CALLIN_UPDATES":       &s.Updates,
		"TWILIO_ACCOUNT_SID":   &s.AccountSid,
		"TWILIO_AUTH_TOKEN":    &s.AuthToken,
		"CALLIN_PUBLIC_URL":    &s.PublicURL,
		"CALLIN_FALLBACK_URL":  &s.FallbackURL,
		"CALLIN_TUNNEL":        &s.Tunnel,
		"CALLIN_TUNNEL_DOMAIN": &s.TunnelDomain,
		"CALLIN_TUNNEL_TOKEN":  &s.TunnelToken,
		"CALLIN_EDGE":          &s.Edge,
		"CALLIN_REGION":        &s.Region,
		"CALLIN_REHEARSAL":     &s.Rehearsal,
		"CALLIN_NUMBER":        &s.Number,
		"CALLIN_DIAL_IN":       &s.DialIn,
		"CALLIN_PIN":           &s.Pin,
		"CALLIN_SHOW":          &s.Show,
		"CALLIN_PARK_SECONDS":  &s.ParkSeconds,
		"CALLIN_LANES":         &s.Lanes,
		"CALLIN_SHARED_LANE":   &s.SharedLane,
		"CALLIN_TRACKS":        &s.Tracks,
		"CALLIN_WAIT_SECONDS":  &s.WaitSeconds,
		"CALLIN_KEEP_DAYS":     &s.KeepDays,
		"CALLIN_VOICE_PORT":    &s.VoicePort,
		"CALLIN_METRICS_PORT":  &s.MetricsPort,

		"CALLIN_SORRY_AFTER_SECONDS": &s.SorryAfterSeconds,
		"CALLIN_TEXT_COUNTRIES":      &s.TextCountries,
		"CALLIN_CALLS_PER_NUMBER":    &s.CallsPerNumber,
	}
}

// Load reads the file at path and lays the environment over it, and a policy over both. Without a file
// there are no settings, unless somebody named it. What cannot be read is
// refused, never passed over: a station whose settings are broken must not be
// taken for a rehearsal. What a set-up has settled in the folder data is under both.
func Load(path string, named bool, data string, env func(string) string, policy Policy) (Settings, error) {
	s := Settings{StudioName: "Studio", Show: "The Morning Call", ParkSeconds: 10, WaitSeconds: 30, SorryAfterSeconds: 120, KeepDays: 365, CallsPerNumber: 3}
	file, err := os.ReadFile(path)
	switch {
	case named && path == "":
		return s, &Error{"--settings", "It names no file."}
	case errors.Is(err, fs.ErrNotExist) && !named:
	case errors.Is(err, fs.ErrNotExist):
		return s, &Error{path, "There is no such file. Correct --settings, or leave it out: Callin then looks at its usual place, and rehearses where there are no settings."}
	case err != nil:
		return s, &Error{path, "This file cannot be read. See that you may read it."}
	default:
		text, not := plain(file)
		if not != "" {
			return s, &Error{path, "This file is " + not + ". Save it as UTF-8."}
		}
		d := toml.NewDecoder(bytes.NewReader(text)).DisallowUnknownFields()
		if err := d.Decode(&s); err != nil {
			return s, unreadable(path, err)
		}
		s.Secret = s.AuthToken+s.Pin+s.TunnelToken != ""
		s.At = lines(path, text, "edge", "region")
	}
	for name, field := range s.variables() {
		if err := overlay(name, field, env); err != nil {
			return s, err
		}
	}
	for name, variable := range map[string]string{"edge": "CALLIN_EDGE", "region": "CALLIN_REGION"} {
		if env(variable)+env(variable+"_FILE") != "" {
			if s.At == nil {
				s.At = map[string]string{}
			}
			s.At[name] = variable
		}
	}
	s.apply(policy)
	if s.Station == "" {
		if err := s.credentials(env); err != nil {
			return s, err
		}
	}
	s.Station, s.PublicURL = web(s.Station), web(s.PublicURL)
	if s.Station == "" {
		settled, err := LoadConnected(data)
		if err != nil {
			return s, err
		}
		s.Fixed = s.fixed()
		s.under(settled)
	}
	for i, host := range s.Hosts {
		s.Hosts[i] = strings.ToLower(strings.TrimSpace(host))
	}
	if err := s.check(path); err != nil {
		return s, s.blame(policy, err)
	}
	return s, s.blame(policy, s.Door.check(path))
}

func unreadable(path string, err error) *Error {
	var strict *toml.StrictMissingError
	if errors.As(err, &strict) && len(strict.Errors) > 0 {
		row, _ := strict.Errors[0].Position()
		return &Error{fmt.Sprintf("%s, line %d", path, row), fmt.Sprintf("Callin knows no setting %q. Correct or remove it.", strings.Join(strict.Errors[0].Key(), "."))}
	}
	var wrong *toml.DecodeError
	if errors.As(err, &wrong) {
		row, _ := wrong.Position()
		return &Error{fmt.Sprintf("%s, line %d", path, row), "This line cannot be read. Text stands in quotation marks, numbers do not."}
	}
	return &Error{path, "This file is not TOML."}
}

func overlay(name string, field any, env func(string) string) error {
	text := env(name)
	if file := env(name + "_FILE"); file != "" {
		b, err := os.ReadFile(file)
		if err != nil {
			return &Error{name + "_FILE", "The file that it names cannot be read."}
		}
		if text, err = one(name+"_FILE", b); err != nil {
			return err
		}
	}
	if text == "" {
		return nil
	}
	switch field := field.(type) {
	case *string:
		*field = text
	case *[]string:
		*field = strings.FieldsFunc(text, func(r rune) bool { return r == ',' || r == ' ' })
	case *int:
		n, err := strconv.Atoi(text)
		if err != nil {
			return &Error{name, "This must be a whole number."}
		}
		*field = n
	case *bool:
		switch text {
		case "true", "false":
			*field = text == "true"
		default:
			return &Error{name, "This must be true or false."}
		}
	}
	return nil
}

// here reports whether an address is this computer's own: a rehearsal's
// requests, secrets among them, never leave it.
func here(address string) bool {
	u, err := url.Parse(address)
	if err != nil {
		return false
	}
	ip := net.ParseIP(u.Hostname())
	return u.Hostname() == "localhost" || ip != nil && ip.IsLoopback()
}

// web is an address as it is compared: scheme and host in small letters, without
// the port that goes without saying, and without a slash at its end.
func web(text string) string {
	u, err := url.Parse(strings.TrimSpace(text))
	if err != nil || u.Host == "" {
		return text
	}
	u.Scheme, u.Host = strings.ToLower(u.Scheme), strings.ToLower(u.Host)
	if u.Scheme == "https" {
		u.Host = strings.TrimSuffix(u.Host, ":443")
	}
	u.Path = strings.TrimRight(u.Path, "/")
	return u.String()
}

// mostLanes is how many a studio can have.
const mostLanes = 6

// lanes reports whether a studio can have so many; 0 is what is not said.
func lanes(n int) bool { return n >= 0 && n <= mostLanes }

func (s Settings) checkStudios(path string) error {
	if len(s.Studios) >= mostStudios {
		return &Error{path, "A station has at most 20 studios."}
	}
	ids, numbers := map[string]bool{}, map[string]bool{s.Number: true, s.DialIn: true}
	for _, st := range s.Studios {
		switch {
		case !aStudio.MatchString(st.ID):
			return &Error{path, fmt.Sprintf("The id %q of a studio must be 1 to 8 small letters or digits, such as \"b\".", st.ID)}
		case ids[st.ID]:
			return &Error{path, fmt.Sprintf("There are two studios with the id %q.", st.ID)}
		case strings.TrimSpace(st.Name) == "" || len(st.Name) > 40:
			return &Error{path, fmt.Sprintf("The studio %q must have a name of at most 40 bytes.", st.ID)}
		case strings.TrimSpace(st.Show) == "" || len(st.Show) > 80:
			return &Error{path, fmt.Sprintf("The studio %q must have a show of at most 80 bytes.", st.ID)}
		case !lanes(st.Lanes):
			return &Error{path, fmt.Sprintf("The studio %q must have from 1 to 6 lanes.", st.ID)}
		case st.SharedLane && st.Lanes < 2:
			return &Error{path, fmt.Sprintf("The studio %q must have 2 lanes or more for shared_lane: one alone is shared anyway.", st.ID)}
		case st.Tracks && st.Lanes < 2:
			return &Error{path, fmt.Sprintf("The studio %q must have 2 lanes or more for tracks: each lane's is one.", st.ID)}
		case st.Number != "" && numbers[st.Number], st.DialIn != "" && (numbers[st.DialIn] || st.DialIn == st.Number):
			return &Error{path, fmt.Sprintf("The studio %q has a number that something else has. Each number leads to one place.", st.ID)}
		case st.Number == "" && s.AccountSid != "" && s.Rehearsal == "":
			return &Error{path, fmt.Sprintf("The studio %q must have a number, which its listeners call.", st.ID)}
		}
		ids[st.ID] = true
		numbers[st.Number], numbers[st.DialIn] = true, true
	}
	return nil
}

func (s Settings) check(path string) error {
	address := func(text string) bool {
		u, err := url.Parse(text)
		return err == nil && u.Host != "" && (u.Scheme == "https" || u.Scheme == "http") && u.RawQuery == "" && u.Fragment == "" && u.User == nil
	}
	if err := s.checkStudios(path); err != nil {
		return err
	}
	if s.Updates != "" && s.Updates != NoUpdates && (!address(s.Updates) || !here(s.Updates) && !strings.HasPrefix(s.Updates, "https://")) {
		return &Error{path, "updates must be an address such as https://callin.example.org/updates, or \"off\"."}
	}
	switch {
	case s.Station != "":
		return s.checkStation(path)
	case !lanes(s.Lanes):
		return &Error{path, "lanes must be from 1 to 6."}
	case s.SharedLane && s.Lanes < 2:
		return &Error{path, "shared_lane needs lanes of 2 or more: one alone is shared anyway. Set lanes, or remove shared_lane."}
	case s.Tracks && s.Lanes < 2:
		return &Error{path, "tracks needs lanes of 2 or more: each lane's is one. Set lanes, or remove tracks."}
	case s.ParkSeconds < 1 || s.ParkSeconds > 60:
		return &Error{path, "park_seconds must be from 1 to 60."}
	case s.WaitSeconds < 1 || s.WaitSeconds > 300:
		return &Error{path, "wait_seconds must be from 1 to 300."}
	case s.KeepDays < 0 || s.KeepDays > 36500:
		return &Error{path, "keep_days must be from 0 (for ever) to 36500."}
	case s.SorryAfterSeconds < 1 || s.SorryAfterSeconds > 3600:
		return &Error{path, "sorry_after_seconds must be from 1 to 3600."}
	case s.CallsPerNumber < 0 || s.CallsPerNumber > 5000:
		return &Error{path, "calls_per_number must be from 0 (as many as there are) to 5000."}
	case s.CostLimit != nil && !(*s.CostLimit >= 0 && *s.CostLimit <= 1e6): // nan is in TOML
		return &Error{path, "cost_limit must be an amount from 0 (no limit) to 1000000, such as 50 or 12.50."}
	case s.VoicePort < 0 || s.VoicePort > 65535:
		return &Error{path, "voice_port must be a port number."}
	case s.MetricsPort < 0 || s.MetricsPort > 65535 || s.MetricsPort != 0 && s.MetricsPort == s.VoicePort:
		return &Error{path, "metrics_port must be a port number, and another one than voice_port. Prometheus asks there; Twilio must not reach it."}
	case strings.TrimSpace(s.Show) == "" || len(s.Show) > 80:
		return &Error{path, "show must have a name of at most 80 bytes."}
	case s.Pin != "" && !aPin.MatchString(s.Pin):
		return &Error{path, "pin must be 4 to 8 digits, in quotation marks."}
	case s.Rehearsal != "" && (!address(s.Rehearsal) || !here(s.Rehearsal)):
		return &Error{path, "rehearsal must be an address on this computer, such as http://127.0.0.1:8090."}
	case s.PublicURL != "" && !address(s.PublicURL):
		return &Error{path, "public_url must be an address such as https://callin.example.org."}
	case s.FallbackURL != "" && (!address(s.FallbackURL) || !here(s.FallbackURL) && !strings.HasPrefix(s.FallbackURL, "https://")):
		return &Error{path, "fallback_url must be the address of a TwiML Bin, such as https://handler.twilio.com/twiml/EH…"}
	case s.Rehearsal != "" && s.FallbackURL != "" && !here(s.FallbackURL):
		return &Error{path, "fallback_url must be an address on this computer in a rehearsal."}
	case strings.Contains(s.PublicURL+"/", "/voice/"):
		return &Error{path, "public_url is the address without /voice and what follows it: Callin adds that."}
	case s.AccountSid == "" && s.AuthToken+s.PublicURL+s.Number+s.DialIn != "":
		return &Error{path, "account_sid is missing, although other settings of an account are there. Add it, or remove them to rehearse."}
	case s.Tunnel != "" && s.PublicURL != "":
		return &Error{path, "There are public_url and tunnel, and only one of them can be where Twilio reaches this station. Remove the other one."}
	case s.Tunnel == "" && s.TunnelDomain+s.TunnelToken != "":
		return &Error{path, "tunnel is missing, although other settings of one are there. Set it to \"ngrok\" or \"cloudflared\", or remove them."}
	case s.Tunnel != "" && s.Rehearsal != "":
		return &Error{path, "tunnel is not for a rehearsal: nothing of one leaves this computer."}
	case s.AccountSid != "" && s.Rehearsal == "" && s.PublicURL+s.Tunnel == "":
		return &Error{path, "public_url is missing: the address at which Twilio reaches this station."}
	case s.AccountSid != "" && s.Rehearsal == "" && s.Tunnel == "" && !strings.HasPrefix(s.PublicURL, "https://"):
		return &Error{path, "public_url must begin with https://."}
	}
	return nil
}
