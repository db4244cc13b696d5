package rest

import (
	"net/http"
	"strconv"
	"strings"

	"callin/app/rehearsal/exchange"
	"callin/app/rehearsal/media"
)

// wave is an answer that is a WAVE file.
type wave []byte

// recordingsOf is one of the places where recordings are: the account, a call
// or a conference. The three show them with different fields.
type recordingsOf struct {
	path  string
	check func(*request) error
	owns  func(*request, exchange.Recording) bool
	extra func(exchange.Recording, *request, object)
}

var recordingPlaces = []recordingsOf{
	{
		"/Recordings",
		func(*request) error { return nil },
		func(*request, exchange.Recording) bool { return true },
		func(one exchange.Recording, r *request, o object) {
			o["media_url"] = "https://api.twilio.com/" + version + "/Accounts/" + r.account + "/Recordings/" + one.Sid
			o["subresource_uris"] = subresources(r, []string{"AddOnResults", "Transcriptions"}, "Recordings", one.Sid)
		},
	},
	{
		"/Calls/{call}/Recordings",
		knownCall,
		func(r *request, one exchange.Recording) bool { return one.CallSid == r.PathValue("call") },
		func(one exchange.Recording, r *request, o object) {
			o["track"], o["uri"] = one.Track, r.uri("Calls", one.CallSid, "Recordings", one.Sid)
		},
	},
	{
		"/Conferences/{conference}/Recordings",
		func(r *request) error { _, err := r.x.Conference(r.PathValue("conference")); return err },
		func(r *request, one exchange.Recording) bool { return one.ConferenceSid == r.PathValue("conference") },
		func(one exchange.Recording, r *request, o object) {
			o["uri"] = r.uri("Conferences", one.ConferenceSid, "Recordings", one.Sid)
		},
	},
}

func recordings(s *server) {
	for _, p := range recordingPlaces {
		s.handle("GET "+p.path, p.list)
		s.handle("GET "+p.path+"/{sid}", p.fetch)
		s.handle("DELETE "+p.path+"/{sid}", func(r *request) (reply, error) {
			one, err := p.find(r)
			if err != nil {
				return reply{}, err
			}
			return reply{http.StatusNoContent, nil}, r.x.DeleteRecording(one.Sid)
		})
	}
	for _, p := range recordingPlaces[1:] {
		s.handle("POST "+p.path+"/{sid}", p.update)
	}
	s.handle("POST /Calls/{call}/Recordings", func(r *request) (reply, error) {
		o, err := recordingOptions(r, "")
		if err != nil {
			return reply{}, err
		}
		one, err := r.x.Record(r.PathValue("call"), *o)
		return reply{http.StatusCreated, recordingPlaces[1].show(r)(one)}, err
	})
	s.none("/Recordings/{sid}", map[string]string{"AddOnResults": "add_on_results", "Transcriptions": "transcriptions"},
		func(r *request) error { _, err := recordingPlaces[0].find(r); return err })
}

func (p recordingsOf) list(r *request) (reply, error) {
	if err := p.check(r); err != nil {
		return reply{}, err
	}
	created, err := r.within("DateCreated")
	if err != nil {
		return reply{}, err
	}
	found := r.x.Recordings(func(one exchange.Recording) bool {
		return p.owns(r, one) && r.is("CallSid", one.CallSid) && r.is("ConferenceSid", one.ConferenceSid) && created(one.Created)
	})
	return list(r, "recordings", found, newestFirst("RE"), func(one exchange.Recording) string { return one.Sid }, p.show(r))
}

// find returns the recording that the path names: by its SID or, as the latest
// that runs, "Twilio.CURRENT".
func (p recordingsOf) find(r *request) (exchange.Recording, error) {
	sid, _, _ := strings.Cut(r.PathValue("sid"), ".")
	current := r.PathValue("sid") == "Twilio.CURRENT"
	found := r.x.Recordings(func(one exchange.Recording) bool {
		return p.owns(r, one) && (one.Sid == sid || current && !one.Over())
	})
	if len(found) == 0 {
		return exchange.Recording{}, r.notFound()
	}
	return found[0], nil
}

// fetch answers the resource to a path that ends in ".json", and the audio to
// one with another ending or none (Twilio docs: Recording).
func (p recordingsOf) fetch(r *request) (reply, error) {
	one, err := p.find(r)
	if err != nil {
		return reply{}, err
	}
	path, _, _ := strings.Cut(r.RequestURI, "?")
	if strings.HasSuffix(path, ".json") {
		return reply{http.StatusOK, p.show(r)(one)}, nil
	}
	channels, ok := r.x.RecordingAudio(one.Sid)
	if !ok { // it runs, or is absent
		return reply{}, r.notFound()
	}
	if r.Form.Get("RequestedChannels") == "1" && len(channels) == 2 {
		channels = [][]int16{media.Mono(channels[0], channels[1])}
	}
	return reply{http.StatusOK, wave(media.WriteWAV(channels...))}, nil
}

func (p recordingsOf) update(r *request) (reply, error) {
	one, err := p.find(r)
	if err != nil {
		return reply{}, err
	}
	if err := r.oneOf("PauseBehavior", "skip", "silence"); err != nil {
		return reply{}, err
	}
	one, err = r.x.UpdateRecording(one.Sid, r.Form.Get("Status"), r.Form.Get("PauseBehavior"))
	return reply{http.StatusOK, p.show(r)(one)}, err
}

func (p recordingsOf) show(r *request) func(exchange.Recording) object {
	return func(one exchange.Recording) object {
		o := object{
			"sid": one.Sid, "account_sid": r.account, "call_sid": one.CallSid, "conference_sid": orNull(one.ConferenceSid),
			"date_created": r.date(one.Created), "date_updated": r.date(one.Updated), "start_time": r.date(one.Created),
			"duration": nil, "status": one.Status, "channels": one.Channels, "source": one.Source,
			"error_code": nil, "price": nil, "price_unit": "USD", "encryption_details": nil, "api_version": version,
			"uri": r.uri("Recordings", one.Sid),
		}
		if one.Over() {
			o["duration"] = strconv.Itoa(one.Seconds)
		}
		if one.ErrorCode != 0 {
			o["error_code"] = one.ErrorCode
		}
		p.extra(one, r, o)
		return o
	}
}

// recordingOptions reads how to record a call or, with the prefix "Conference",
// a conference.
func recordingOptions(r *request, prefix string) (*exchange.RecordingOptions, error) {
	if err := r.oneOf("RecordingChannels", "mono", "dual"); err != nil {
		return nil, err
	}
	if err := r.oneOf("RecordingTrack", "inbound", "outbound", "both"); err != nil {
		return nil, err
	}
	if err := r.oneOf(prefix+"Trim", "trim-silence", "do-not-trim"); err != nil {
		return nil, err
	}
	channels, track := r.Form.Get("RecordingChannels"), r.Form.Get("RecordingTrack")
	if prefix != "" {
		channels, track = "", ""
	}
	to := prefix + "RecordingStatusCallback"
	return exchange.NewRecordingOptions(channels, track, r.Form.Get(prefix+"Trim") == "trim-silence",
		r.Form.Get(to), r.Form.Get(to+"Method"), r.events(to+"Event")), nil
}
