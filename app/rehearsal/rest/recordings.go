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

func recordings(handle func(string, handler)) {
	handle("GET /Recordings.json", func(r *request) (reply, error) {
		return list(r, "recordings", r.x.Recordings(r.Form.Get("CallSid")), showRecording(r))
	})
	handle("GET /Recordings/{sid}", func(r *request) (reply, error) {
		name := r.PathValue("sid")
		sid := strings.TrimSuffix(r.sid("sid"), ".wav")
		for _, one := range r.x.Recordings("") {
			switch {
			case one.Sid != sid:
			case strings.HasSuffix(name, ".json"):
				return reply{http.StatusOK, showRecording(r)(one)}, nil
			default: // Twilio: a WAVE file without an ending, too
				return reply{http.StatusOK, wave(media.WriteWAV(one.Samples))}, nil
			}
		}
		return reply{}, found(r, false)
	})
	handle("DELETE /Recordings/{sid}", func(r *request) (reply, error) {
		return reply{http.StatusNoContent, nil}, found(r, r.x.DeleteRecording(r.sid("sid")))
	})
}

func showRecording(r *request) func(exchange.Recording) object {
	return func(one exchange.Recording) object {
		return object{
			"sid": one.Sid, "account_sid": r.account, "call_sid": one.CallSid, "conference_sid": nil,
			"date_created": date(one.Created), "date_updated": date(one.Created), "start_time": date(one.Created),
			"duration": strconv.Itoa(one.Seconds()), "status": "completed", "channels": 1, "source": "RecordVerb",
			"error_code": nil, "price": nil, "price_unit": "USD", "encryption_details": nil, "api_version": "2010-04-01",
			"media_url":        "https://api.twilio.com/2010-04-01/Accounts/" + r.account + "/Recordings/" + one.Sid,
			"uri":              r.uri("Recordings", one.Sid),
			"subresource_uris": subresources(r, []string{"AddOnResults", "Transcriptions"}, "Recordings", one.Sid),
		}
	}
}
