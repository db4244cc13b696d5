package web

import (
	"net/http"

	"callin/app/call"
	"callin/app/desk"
)

// tooFar refuses a desk whose Callin and this one do not understand each other, and has
// managers told once.
func (s *Station) tooFar(by call.Desk, r *http.Request) *call.Error {
	theirs := desk.HeardProtocol(r.Header)
	var here, there string
	switch {
	case theirs.TooOldFor(desk.SpokenHere):
		here = "Callin on the PC of the desk “" + by.Name + "” is too old for this station. Update it on that PC."
		there = "Callin on this PC is too old for the station. Update it on this PC."
	case desk.SpokenHere.TooOldFor(theirs):
		here = "Callin at this station is too old for the PC of the desk “" + by.Name + "”. Update the station."
		there = "Callin at the station is too old for this PC. Have the station updated."
	default:
		return nil
	}
	s.mu.Lock()
	said := s.apart[by.ID]
	s.apart[by.ID] = true
	s.mu.Unlock()
	if !said {
		s.Log.Warn("a desk is of another version", "desk", by.Name, "what", here)
		s.Room.Station.Notice(&call.Error{Code: call.CodeVersions, Message: here})
	}
	return &call.Error{Code: call.CodeVersions, Message: there}
}
