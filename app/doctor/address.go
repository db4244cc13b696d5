package doctor

import (
	"context"
	"errors"
	"fmt"
	"net"
	"strings"
	"time"

	"callin/app/call"
	"callin/app/certificate"
	"callin/app/setup"
	"callin/app/wayin"
)

const (
	// slowAddress is how long the way in may take, of which each caller hears silence.
	// Twilio gives up connecting after five seconds (Twilio docs: webhooks, connection
	// overrides).
	slowAddress = 3 * time.Second
	// expiresSoon is when a certificate should have been renewed by itself.
	expiresSoon = 14 * 24 * time.Hour
	// lately is how long Twilio's last request proves that it gets here.
	lately = 10 * time.Minute
)

// address is whether who comes from outside finds this station at its public address.
func (v *visit) address(ctx context.Context) Finding {
	forward := fmt.Sprintf("port %d of this computer", v.Port)
	switch {
	case v.Wish.Public == "":
		return unlooked("This station has no public address yet.", "Start Callin, then look again.")
	case v.Here == nil:
		return unlooked(fmt.Sprintf("Callin does not run, so nobody can answer for it at %s.", v.Wish.Public), "Start Callin, then look again.")
	case !v.Quick && v.judged().wrong != nil:
		return unlooked("The certificate of the public address is in the way.", "See to the certificate first.")
	}
	took, found := wayin.See(ctx, v.Wish.Public, v.Here)
	return v.seen(took, found, forward)
}

// seen says who was seen at the public address.
func (v *visit) seen(took time.Duration, found wayin.Found, forward string) Finding {
	switch {
	case found == wayin.Another:
		return wrong(fmt.Sprintf("Something else than this Callin answers at %s.", v.Wish.Public), "See that the tunnel or proxy leads to "+forward+".")
	case found == wayin.Here && took > slowAddress:
		return wrong(fmt.Sprintf("Callin answers at %s only after %s, in which a caller hears nothing.", v.Wish.Public, took.Round(100*time.Millisecond)), "See what slows the tunnel or this computer's internet down.")
	case found == wayin.Here:
		return fine(fmt.Sprintf("Callin answers at %s, seen from outside in %d ms.", v.Wish.Public, took.Milliseconds()))
	case time.Since(v.LastSigned()) < lately:
		return fine(fmt.Sprintf("Twilio reached Callin a few minutes ago at %s. From here nobody is seen there: this network has no way back to itself.", v.Wish.Public))
	}
	return wrong(fmt.Sprintf("Nobody answers at %s, where Twilio asks what callers are to hear.", v.Wish.Public), "See that the tunnel or proxy runs and leads to "+forward+".")
}

// judgement is what a stranger makes of the certificate at the public address; known is
// false where none was seen.
type judgement struct {
	known bool
	until time.Time
	wrong error
}

func (v *visit) judge(ctx context.Context) judgement {
	if !strings.HasPrefix(v.Wish.Public, "https://") {
		return judgement{}
	}
	until, wrong, err := certificate.Judge(ctx, v.Wish.Public)
	return judgement{err == nil, until, wrong}
}

// certificate is whether Twilio accepts the public address's.
func (v *visit) certificate(context.Context) Finding {
	if !strings.HasPrefix(v.Wish.Public, "https://") {
		return unlooked("The public address is one of this computer alone, and has no certificate.", "")
	}
	j := v.judged()
	refuses := "Twilio refuses the certificate of the public address: "
	switch {
	case !j.known:
		return unlooked("No certificate is seen at the public address.", "See to the address first.")
	case errors.Is(j.wrong, certificate.ErrExpired):
		return wrong(refuses+"it is not good at this time.", "Renew it, and see why the proxy or tunnel did not.")
	case errors.Is(j.wrong, certificate.ErrOtherName):
		return wrong(refuses+"it is for another name.", "Get one for the address that is set, or set the address that it is for.")
	case errors.Is(j.wrong, certificate.ErrIncomplete):
		return wrong(refuses+"the proxy does not send those between it and a trusted authority.", "Give the proxy the whole chain (often fullchain.pem).")
	case j.wrong != nil:
		return wrong(refuses+"no authority that all trust has signed it.", "Get one from such an authority, as Let's Encrypt is.")
	case time.Until(j.until) < expiresSoon:
		return wrong(fmt.Sprintf("The certificate of the public address ends on %s.", j.until.Local().Format("2 January")), "Renew it, and see why the proxy or tunnel did not.")
	}
	return fine(fmt.Sprintf("Twilio accepts the certificate of the public address, until %s.", j.until.Local().Format("2 January 2006")))
}

// fallback is what callers hear while Twilio does not reach Callin.
func (v *visit) fallback(ctx context.Context) Finding {
	if v.Twilio == nil {
		return unlooked("Without an account there is no fallback.", "")
	}
	if v.Wish.Fallback == "" {
		return unlooked("No fallback is set: when Twilio does not reach Callin, callers are cut off.", "callin fallback says how to make one.")
	}
	if wrong := setup.CheckFallback(ctx, v.Wish.Fallback, v.AccountSid, v.AuthToken); wrong != nil {
		return saysWrong(wrong)
	}
	return fine("The fallback at Twilio lets callers wait while it does not reach Callin.")
}

// tunnel is how the one is that the station keeps up itself.
func (v *visit) tunnel(ctx context.Context) Finding {
	switch {
	case v.Here == nil:
		return unlooked("Callin does not run, so it keeps up no tunnel now.", "Start Callin, then look again.")
	case v.Tunnel == nil:
		return fine("The public address is one's own: Callin keeps up no tunnel.")
	}
	trouble := v.Tunnel(ctx)
	switch {
	case trouble == nil:
		return fine("The tunnel is up.")
	case trouble.Code == call.CodeTunnelLimit:
		return unlooked("Whose tunnel it is keeps it down for what it has carried.", "See to its quota first.")
	}
	return saysWrong(trouble)
}

// quota is how much a tunnel may still carry. Before it is used up ngrok tells that to who
// has an API key, which Callin is not given, and Cloudflare to nobody.
func (v *visit) quota(ctx context.Context) Finding {
	if v.Tunnel != nil {
		if trouble := v.Tunnel(ctx); trouble != nil && trouble.Code == call.CodeTunnelLimit {
			return saysWrong(trouble)
		}
	}
	switch v.TunnelKind {
	case "":
		return fine("Callin keeps up no tunnel, so there is no quota.")
	case "ngrok":
		return unlooked("ngrok does not tell Callin how much of its quota is used.", "Look at dashboard.ngrok.com under Usage before a show: a caller makes some ten requests.")
	}
	return unlooked("Cloudflare does not tell whether a tunnel without an account has a quota.", "For a show that must not fail take an address of your own, or ngrok with a paid account.")
}

// port is whether the voice listener answers on this computer, or can.
func (v *visit) port(ctx context.Context) Finding {
	if v.Port == 0 {
		return unlooked("No port of the voice listener is set or kept yet.", "Start Callin: it chooses one.")
	}
	at := fmt.Sprintf("127.0.0.1:%d", v.Port)
	if v.Here != nil {
		if _, found := wayin.See(ctx, "http://"+at, v.Here); found != wayin.Here {
			return wrong(fmt.Sprintf("The voice listener does not answer at port %d of this computer.", v.Port), "Start Callin again.")
		}
		return fine(fmt.Sprintf("The voice listener answers at port %d of this computer.", v.Port))
	}
	var d net.Dialer
	c, err := d.DialContext(ctx, "tcp", at)
	if err != nil { // it can be had
		return fine(fmt.Sprintf("Port %d of this computer is free for the voice listener.", v.Port))
	}
	c.Close()
	return wrong(fmt.Sprintf("Another program has port %d of this computer, the voice listener's.", v.Port), "End that one, or set another voice_port.")
}
