package setup

import (
	"context"
	"errors"
	"slices"
	"strings"

	"callin/app/call"
	"callin/app/carrier"
)

// KeyName is what a station calls its API keys. Its id is known to it alone: a key
// of that name is its own, and neither another station's nor a person's.
func KeyName(station call.StationID) string {
	return strings.TrimSpace("Callin desks " + string(station))
}

// key keeps the API key of before while the account has it, else makes one.
func key(ctx context.Context, t *carrier.Twilio, w Wish, r *Ready) error {
	if w.KeySid != "" {
		keys, err := t.Keys(ctx)
		if err != nil {
			return err
		}
		if slices.ContainsFunc(keys, func(k carrier.Key) bool { return k.Sid == w.KeySid }) {
			r.KeySid = w.KeySid
			return nil
		}
	}
	var err error
	r.KeySid, r.KeySecret, err = t.MakeKey(ctx, KeyName(w.Station))
	return err
}

// RevokeOldKeys has the account keep no key of a station's name but the one that
// is in use, which gets that name if it has an earlier Callin's.
func RevokeOldKeys(ctx context.Context, t *carrier.Twilio, station call.StationID, inUse string) error {
	name := KeyName(station)
	keys, err := t.Keys(ctx)
	if err != nil {
		return err
	}
	var failed []error
	for _, k := range keys {
		switch {
		case k.Sid == inUse && k.FriendlyName != name:
			failed = append(failed, t.NameKey(ctx, k.Sid, name))
		case k.Sid != inUse && k.FriendlyName == name:
			failed = append(failed, t.RevokeKey(ctx, k.Sid))
		}
	}
	return errors.Join(failed...)
}
