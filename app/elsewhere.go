package app

import (
	"cmp"
	"slices"

	"callin/app/call"
	"callin/app/settings"
)

// remoteKind is the kind of start of a PC that is a desk of a station elsewhere. It
// keeps nothing of a station's own, and no account's secrets.
const remoteKind = "remote"

func refusedStart(message string) error {
	return &call.Error{Code: call.CodeNotPaired, Message: message}
}

// elsewhere is the address of the station that this PC is a desk of; empty where Callin
// runs a station itself.
func (s *process) elsewhere() (string, error) {
	set := s.settings
	ownAccount := set.AccountSid != "" || set.Rehearsal != ""
	named := s.stationAt
	if named != "" {
		address, err := settings.StationAddress(named)
		if err != nil {
			return "", refusedStart("--station is no address of a station: " + err.Error() + ".")
		}
		named = address
	}
	kept, unreadable := s.keptPairing()
	wanted, unreadableToo := s.request()
	unreadable = cmp.Or(unreadableToo, unreadable)
	switch {
	case s.headless && (named != "" || s.code != "" || set.Station != ""):
		return "", refusedStart("callin station runs a station, and this PC is to be a desk of another one. Start callin, or remove station from the settings.")
	case s.headless:
		return "", nil
	case named != "" && ownAccount:
		return "", refusedStart("The settings have an account, so this PC is a station itself, and a desk of another one has none. Remove the account from " + s.options.settings + ", or leave --station out.")
	case named != "" && set.Station != "" && named != set.Station:
		return "", refusedStart("The settings, " + s.whereIs("station") + ", name another station: " + set.Station + ". Change station there, or leave --station out.")
	case named != "":
		return named, nil
	case set.Station != "":
		return set.Station, nil
	case ownAccount && s.code != "":
		return "", refusedStart("--code pairs this PC with a station elsewhere. Name that with --station.")
	case ownAccount:
		return "", nil
	case unreadable != nil:
		return "", unreadable
	case wanted != nil:
		return wanted.Station, nil
	case kept != nil:
		return kept.Station, nil
	case s.code != "":
		return "", refusedStart("--code pairs this PC with a station elsewhere. Name that with --station.")
	}
	return "", nil
}

// whereIs is where a setting stands, for a person.
func (s *process) whereIs(name string) string {
	if slices.Contains(s.settings.Policy, name) {
		return "by this computer's policy"
	}
	return s.options.settings
}
