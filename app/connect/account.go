package connect

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"callin/app/call"
	"callin/app/carrier"
	"callin/app/desk"
	"callin/app/edge"
	"callin/app/secret"
	"callin/app/setup"
)

var (
	accountSid = regexp.MustCompile(`^AC[0-9a-f]{32}$`)
	authToken  = regexp.MustCompile(`^[0-9A-Za-z]{16,64}$`) // 32 hexadecimal digits at Twilio
)

// Account takes an account's SID and auth token, once Twilio knows them.
func (s *Session) Account(ctx context.Context, b desk.SetupAccountBody) (desk.SetupState, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	sid, token := strings.TrimSpace(b.Sid), strings.TrimSpace(b.Token)
	refuse := func(field, words string) (desk.SetupState, error) {
		return desk.SetupState{}, &call.Error{Code: call.CodeBadField, Field: field, Message: words}
	}
	switch {
	case strings.HasPrefix(sid, "SK"):
		return refuse("sid", "This is an API key. The Account SID begins with AC and stands on the first page of Twilio's console.")
	case !accountSid.MatchString(sid):
		return refuse("sid", "An Account SID is AC and 32 digits or letters from a to f. Copy it from the first page of Twilio's console.")
	case !authToken.MatchString(token):
		return refuse("token", "This is no auth token. Copy it from the first page of Twilio's console, where it stands below the Account SID.")
	}
	d, err := s.draft()
	if err != nil {
		return desk.SetupState{}, err
	}
	left := d
	if d.AccountSid != sid {
		if err := s.free("account_sid"); err != nil {
			return desk.SetupState{}, err
		}
		was, err := setup.LoadBefore(s.Dir)
		if err != nil {
			return desk.SetupState{}, err
		}
		if d.AccountSid != "" && len(was.Resources) > 0 {
			return refuse("sid", fmt.Sprintf("Callin has changed things in the account %s. Undo that first: from another account it could not be put back.", d.AccountSid))
		}
		d = s.fixed(draft{AccountSid: sid, Kind: d.Kind, Address: d.Address})
	}
	if err := s.free("auth_token"); err != nil {
		return desk.SetupState{}, err
	}
	twilio, err := carrier.New(carrier.Account{AccountSid: sid, Username: sid, Password: token, Rehearsal: s.Twilio, Place: d.place()})
	if err != nil {
		return desk.SetupState{}, err
	}
	owner, err := twilio.Account(ctx)
	if errors.Is(err, carrier.ErrCredentials) && d.place().Abroad() != "" {
		return desk.SetupState{}, notThere(d.place())
	}
	if errors.Is(err, carrier.ErrCredentials) {
		return refuse("token", "Twilio does not know this Account SID with this auth token. Copy both again from the first page of Twilio's console.")
	}
	if err != nil {
		return desk.SetupState{}, setup.InWords(err)
	}
	if owner.Status != "active" {
		return refuse("sid", fmt.Sprintf("Twilio says that this account is %s. Its console says why; go on when it is active.", owner.Status))
	}
	if left.AccountSid != sid {
		_, err := s.secrets().Get(secret.AuthToken(sid, d.place().Abroad()))
		d.Found = err == nil
	}
	name := secret.AuthToken(sid, d.place().Abroad())
	if before, err := s.token(d); err != nil {
		return desk.SetupState{}, err
	} else if s.connected(d) && before != token {
		name = secret.NextAuthToken(sid, d.place().Abroad()) // with which the station goes on once it is promoted
	}
	if err := s.unkept(s.secrets().Set(name, token)); err != nil {
		return desk.SetupState{}, err
	}
	if err := s.keep(d); err != nil {
		return desk.SetupState{}, err
	}
	if left.AccountSid != "" && left.AccountSid != sid && !left.Found && !s.connected(left) {
		if err := s.unkept(s.forget(left.AccountSid)); err != nil { // nothing was done in that one
			return desk.SetupState{}, err
		}
	}
	return s.state(ctx, d)
}

// forget removes an account's secrets.
func (s *Session) forget(accountSid string) error {
	var failed []error
	names := []string{secret.Pin(accountSid), secret.KeySecret(accountSid)}
	for _, p := range edge.All() {
		names = append(names, secret.AuthToken(accountSid, p.Abroad()), secret.NextAuthToken(accountSid, p.Abroad()))
	}
	slices.Sort(names)
	for _, name := range slices.Compact(names) {
		failed = append(failed, s.secrets().Delete(name))
	}
	return errors.Join(failed...)
}

// owner is who the account is, and what that means for a show (Twilio docs: trial
// accounts, concurrency).
func owner(a carrier.AccountState, p carrier.Profile) *desk.SetupOwner {
	o := &desk.SetupOwner{Sid: a.Sid, Name: a.Name, Trial: a.Trial, Currency: a.Currency, Says: []string{}}
	says := func(words string) { o.Says = append(o.Says, words) }
	if a.Currency != "" {
		o.Balance = fmt.Sprintf("%.2f", a.Balance)
	}
	switch {
	case a.Trial:
		says("This is a trial account: five calls at once, ten minutes each, and only with telephones that were verified in Twilio's console.")
		says("It is enough to ring the studio yourself. Hold music, lines and messages are partly replaced by Twilio, so upgrade it before a show.")
	case p.Status == "twilio-approved":
		says("Its profile is approved. A business's may have as many calls at once as ring; a single person's ten. Twilio does not tell which it is.")
	case p.Status == "":
		says("Twilio does not tell its profile. Without an approved one of a business it may have ten calls at once.")
	default:
		says(fmt.Sprintf("Its profile is not approved (Twilio says %s), so it may have ten calls at once.", strings.TrimPrefix(p.Status, "twilio-")))
	}
	if a.Currency != "" && a.Balance <= 0 && !a.Trial {
		says("Its balance is used up: Twilio stops calls. Add to it in Twilio's console before you go on.")
	}
	return o
}
