package app

import (
	"cmp"
	"context"
	"strings"
	"time"

	"callin/app/call"
	"callin/app/carrier"
	"callin/app/desk"
	"callin/app/settings"
	"callin/app/setup"
	"callin/app/station"
	"callin/app/token"
)

var (
	_ station.Carrier = (*carrier.Twilio)(nil)
	_ station.Pages   = (*carrier.Twilio)(nil)
)

// connectAccount makes the account what a station needs, and keeps its key.
func (s *process) connectAccount(ctx context.Context) error {
	s.tokens = s.newTokens()
	account := carrier.Account{
		AccountSid: s.settings.AccountSid, Username: s.settings.AccountSid, Password: s.tokens.now(),
		Next: s.tokens.spare, Changed: s.tokens.changed,
		Public: s.settings.PublicURL, Rehearsal: s.settings.Rehearsal, Place: placeOf(s.settings),
	}
	s.id = s.ownID(ctx, account)
	account.Station, account.Password = s.id, s.tokens.now()
	twilio, err := carrier.New(account)
	if err != nil {
		return err
	}
	before := s.kept.KeyAccount
	if s.options.newKey {
		s.kept.KeySid = ""
	}
	ready, err := s.untilTwilioAnswers(ctx, func() (setup.Ready, error) { return s.prepare(ctx, twilio, &s.kept, s.takeOver) })
	if err != nil {
		return err
	}
	s.twilio, s.ready = twilio, ready
	s.keepKey(ready.KeySecret, before)
	if s.tokenGiven && s.tokens.now() != s.settings.AuthToken {
		s.warn("The Auth Token was changed at Twilio, and Callin goes on with the new one. The one in its settings or environment (auth_token, TWILIO_AUTH_TOKEN) is of no use any more: remove it there.")
	}
	if ready.Other == "" {
		s.beside(func(ctx context.Context) { // no show waits for this
			if err := setup.RevokeOldKeys(ctx, twilio, s.id, ready.KeySid); err != nil && ctx.Err() == nil {
				s.log.Warn("API keys that are not used any more are still at Twilio; they are revoked at the next start", "error", err)
			}
		})
	}
	if ready.Trial {
		s.warn("This is a trial account: callers hear a message of Twilio's own first and must press a key, only verified telephones get through, five at once, for ten minutes each, and Twilio replaces what a show needs. Upgrade it before a show.")
	}
	return nil
}

// ownID is this station's id: as it is kept, or as the account still says it, or a
// new one.
func (s *process) ownID(ctx context.Context, account carrier.Account) call.StationID {
	if kept := call.StationID(settings.StationID(s.dir)); kept != "" {
		return kept
	}
	id := cmp.Or(s.foundID(ctx, account), call.NewStationID())
	if err := settings.KeepStationID(s.dir, string(id)); err != nil {
		s.log.Warn("the station's id is not kept", "error", err)
	}
	return id
}

// foundID is this station's id where only its journal is left of it. Without a
// journal this is another station. "" when it is not found.
func (s *process) foundID(ctx context.Context, account carrier.Account) call.StationID {
	if s.journal.Last == 0 {
		return ""
	}
	twilio, err := carrier.New(account)
	if err != nil {
		return ""
	}
	claim, err := setup.ClaimOf(ctx, twilio, "")
	if err != nil || claim.Public != s.script().Public {
		return "" // the set-up says what is wrong with the account
	}
	return claim.Station
}

// claimed is what the watch asks of the account.
func (s *process) claimed(ctx context.Context) (ours bool, at string, err error) {
	return setup.Claimed(ctx, s.twilio, setup.Claim{Public: s.script().Public, Station: s.id}, s.ready.DeskAppSid)
}

// takeCallsOver takes the account's calls from another Callin, as somebody at the desk
// wants; kept is as it was at the start.
func (s *process) takeCallsOver(kept settings.Kept) func(context.Context) error {
	return func(ctx context.Context) error {
		if _, err := s.prepare(ctx, s.twilio, &kept, true); err != nil {
			return err
		}
		s.log.Info("this station takes the account's calls over")
		s.watch.LookAgain()
		return nil
	}
}

// made reports whether the account is a rehearsal's that nobody connected: all of it is
// Callin's, and nobody puts anything back in it.
func (s *process) made() bool { return s.settings.Rehearsal != "" && !s.settings.Connected }

// wish is what the account is to be like.
func (s *process) wish(kept settings.Kept) setup.Wish {
	set := s.settings
	wish := setup.Wish{
		Public: set.PublicURL, Number: set.Number, DialIn: set.DialIn, Others: others(set), Rehearsal: s.made(), Texts: set.SendsTexts(),
		Fallback: set.FallbackURL, Station: s.id,
	}
	if kept.KeyAccount == set.AccountSid {
		wish.DeskAppSid = kept.DeskAppSid
		if s.keySecret != "" { // Twilio tells a secret once
			wish.KeySid = kept.KeySid
		}
	}
	return wish
}

// prepare makes the account ready and keeps the key that this needed.
func (s *process) prepare(ctx context.Context, t *carrier.Twilio, kept *settings.Kept, takeOver bool) (setup.Ready, error) {
	set, wish := s.settings, s.wish(*kept)
	wish.TakeOver = takeOver
	if !s.made() {
		was, err := setup.LoadBefore(s.dir)
		if err != nil {
			return setup.Ready{}, err
		}
		wish.Was = was
	}
	ready, err := setup.Ensure(ctx, t, wish)
	if err == nil && ready.KeySecret != "" {
		kept.KeyAccount, kept.KeySid = set.AccountSid, ready.KeySid
	}
	if err == nil {
		kept.DeskAppSid = ready.DeskAppSid
	}
	return ready, err
}

// others are the numbers of the studios besides the first one.
func others(set settings.Settings) (all []setup.Numbers) {
	for _, st := range set.Studios {
		all = append(all, setup.Numbers{Number: st.Number, DialIn: st.DialIn})
	}
	return all
}

// softphone says how a desk's page connects its phone. It is called when the
// account is ready, and kept as it then is.
func (s *process) softphone() func(call.Desk, call.Studio) (desk.Softphone, error) {
	mint := s.minter()
	return func(by call.Desk, in call.Studio) (desk.Softphone, error) {
		if err := s.show.Ours(); err != nil { // the desk's app would put it through to the other one
			return desk.Softphone{}, err
		}
		pass, err := s.pass(mint, s.id.DeskIdentity(by.ID))
		pass.Lines = linesOf(by, in)
		return pass, err
	}
}

// phoneCheck says how a desk's page tries the way to Twilio, by an identity that is on no
// line.
func (s *process) phoneCheck() func(call.Desk) (desk.Softphone, error) {
	mint := s.minter()
	return func(by call.Desk) (desk.Softphone, error) {
		if err := s.show.Ours(); err != nil { // the other one would answer it as a phone of its own
			return desk.Softphone{}, err
		}
		return s.pass(mint, s.id.CheckIdentity(by.ID))
	}
}

// minter mints for the account as it is ready.
func (s *process) minter() token.Minter {
	return token.Minter{
		AccountSid: s.settings.AccountSid, KeySid: s.kept.KeySid, KeySecret: s.keySecret, ApplicationSid: s.ready.DeskAppSid,
		Region: placeOf(s.settings).Abroad(),
	}
}

// pass is what a page connects with as an identity.
func (s *process) pass(mint token.Minter, identity string) (desk.Softphone, error) {
	minted, err := mint.Mint(identity, s.twilioTime())
	return desk.Softphone{
		Token: minted, Identity: identity, TTLSeconds: int(token.Life.Seconds()),
		Signal: rehearsalSignal(s.settings), Edge: s.settings.Edge,
	}, err
}

// linesOf are the lines that a desk's phone may have: its own, and a host's the studio's.
func linesOf(by call.Desk, in call.Studio) desk.Lines {
	lines := desk.Lines{Own: by.ID.Line()}
	if by.Roles.Any(call.Host) {
		lines.Air = in.Line()
	}
	return lines
}

// twilioTime is Twilio's time, by which it judges tokens, as far as it is known:
// this computer's clock may be hours behind.
func (s *process) twilioTime() time.Time {
	if now, known := s.twilio.Latest(); known {
		return now
	}
	return time.Now()
}

// signalling is where a rehearsal's Voice SDK connects to.
func signalling(s settings.Settings) string {
	return "ws" + strings.TrimPrefix(strings.TrimRight(s.Rehearsal, "/"), "http") + "/signal"
}

func rehearsalSignal(s settings.Settings) string {
	if s.Rehearsal == "" {
		return ""
	}
	return signalling(s)
}

// askForShows mends the shows in a journal that lost facts: a show has queues for
// as long as it is open. The station then finds the calls in them by itself.
func (s *process) askForShows(ctx context.Context) error {
	if !s.journal.Lost {
		return nil
	}
	known := s.journal.Last > 0
	var facts []call.Fact
	for _, st := range s.studios() {
		queues, err := s.twilio.Queues(ctx, st.ID.Queues()...)
		var is []call.Fact
		switch {
		case err != nil:
			return err
		case len(queues) > 0:
			is = []call.Fact{call.ShowIs(call.ShowOpening, nil), call.ShowIs(call.ShowOpen, queues)}
		case known: // else nothing is known of any show
			is = []call.Fact{call.ShowIs(call.ShowClosed, queues)}
		}
		for _, f := range is {
			f.Studio = st.ID
			facts = append(facts, f)
		}
	}
	if len(facts) == 0 {
		return nil
	}
	return s.journal.Add(ctx, facts...)
}
