package connect

import (
	"context"
	"fmt"
	"net"
	"net/url"
	"strings"

	"callin/app/carrier"
	"callin/app/desk"
	"callin/app/secret"
	"callin/app/wayin"
)

// Address takes how Twilio reaches the station.
func (s *Session) Address(ctx context.Context, b desk.SetupAddressBody) (desk.SetupState, error) {
	return s.answer(ctx, func(d *draft, _ *carrier.Twilio) error {
		for _, name := range []string{"public_url", "tunnel"} {
			if err := s.free(name); err != nil {
				return err
			}
		}
		if b.Kind == desk.PublicOwn {
			address, err := s.public(b.Address)
			if err == nil {
				d.Kind, d.Address, d.Domain = b.Kind, address, ""
			}
			return err
		}
		return s.tunneled(ctx, d, b)
	})
}

// tunneled takes a tunnel, once it is up.
func (s *Session) tunneled(ctx context.Context, d *draft, b desk.SetupAddressBody) error {
	domain := strings.TrimSpace(b.Domain)
	domain = strings.TrimRight(strings.TrimPrefix(domain, "https://"), "/")
	token := strings.TrimSpace(b.Token)
	switch {
	case s.Twilio != "":
		return refused("kind", "A rehearsal has no tunnel: nothing of it leaves this computer. Choose an address of your own.")
	case b.Kind != desk.PublicNgrok && b.Kind != desk.PublicTunnel:
		return refused("kind", "Callin keeps up no tunnel of this kind.")
	}
	if token == "" {
		var err error
		if token, err = s.tunnelToken(); err != nil {
			return err
		}
	}
	if _, trouble := s.Tunnel(ctx, string(b.Kind), token, domain); trouble != nil {
		return trouble
	}
	if token != "" {
		if err := s.unkept(s.secrets().Set(secret.Tunnel, token)); err != nil {
			return err
		}
	}
	d.Kind, d.Address, d.Domain = b.Kind, "", domain
	return nil
}

// tunnelToken is what opens the tunnel; empty for none.
func (s *Session) tunnelToken() (string, error) {
	if s.Settings.TunnelToken != "" {
		return s.Settings.TunnelToken, nil
	}
	return s.secretOf(secret.Tunnel)
}

// public is a public address as Twilio takes it.
func (s *Session) public(text string) (string, error) {
	text = strings.TrimRight(strings.TrimSpace(text), "/")
	if !strings.Contains(text, "://") {
		text = "https://" + text
	}
	u, err := url.Parse(text)
	switch {
	case err != nil || u.Host == "" || u.User != nil || u.RawQuery != "" || u.Fragment != "":
		return "", refused("address", "This is no web address. Write one such as https://callin.example.org.")
	case strings.Contains(u.Path+"/", "/voice/"):
		return "", refused("address", "Write the address without /voice and what follows it: Callin adds that.")
	case s.Twilio != "": // nothing of a rehearsal leaves this computer
		if ip := net.ParseIP(u.Hostname()); ip == nil || !ip.IsLoopback() || u.Scheme != "http" {
			return "", refused("address", "In a rehearsal this must be an address of this computer, such as http://"+s.forward()+".")
		}
		return text, nil
	case u.Scheme != "https":
		return "", refused("address", "The address must begin with https://: what callers say and press goes over it.")
	}
	if ip := net.ParseIP(u.Hostname()); u.Hostname() == "localhost" || !strings.Contains(u.Hostname(), ".") || ip != nil && (ip.IsLoopback() || ip.IsPrivate() || ip.IsLinkLocalUnicast() || ip.IsUnspecified()) {
		return "", refused("address", "Twilio cannot reach this address: it is one of this computer or this network alone. Write the one by which the internet reaches you.")
	}
	return text, nil
}

// forward is what a proxy or port forward leads to.
func (s *Session) forward() string { return fmt.Sprintf("127.0.0.1:%d", s.Port) }

// unseen is how the station is to be reached, before anybody has looked.
func (s *Session) unseen(d draft) desk.SetupPublic {
	p := desk.SetupPublic{Kind: d.Kind, Address: d.Address, Domain: d.Domain, Forward: s.forward(), Proxies: []desk.SetupProxy{}, Within: s.Twilio != ""}
	if !p.Within {
		p.Proxies = s.proxies(d.Address)
	}
	return p
}

// look says whether this Callin answers at the draft's address.
func (s *Session) look(ctx context.Context, d draft) desk.SetupPublic {
	p := s.unseen(d)
	if d.Kind != desk.PublicOwn && d.Kind != "" {
		token, err := s.tunnelToken()
		if err != nil {
			p.Trouble = "The tunnel's token cannot be read. Enter it again."
			return p
		}
		address, trouble := s.Tunnel(ctx, string(d.Kind), token, d.Domain)
		if trouble != nil {
			p.Trouble = trouble.Message
			return p
		}
		p.Address = address
	}
	if p.Address == "" {
		return p
	}
	took, found := wayin.See(ctx, p.Address, s.Here)
	switch found {
	case wayin.Here:
		p.Seen, p.TookMs = true, took.Milliseconds()
	case wayin.Nobody:
		p.Trouble = fmt.Sprintf("Nobody answers at %s. See that the proxy or port forward runs, that the name leads to it, and that its certificate is valid.", p.Address)
	case wayin.Another:
		p.Trouble = fmt.Sprintf("Something else than this Callin answers at %s. See that it leads to %s of this computer.", p.Address, p.Forward)
	}
	return p
}

// proxies are configurations for this station.
func (s *Session) proxies(address string) []desk.SetupProxy {
	host := "callin.example.org"
	if u, err := url.Parse(address); err == nil && u.Hostname() != "" {
		host = u.Hostname()
	}
	to := s.forward()
	return []desk.SetupProxy{
		{Name: "Caddy", Text: fmt.Sprintf("%s {\n\treverse_proxy /voice/* %s\n}\n", host, to)},
		{Name: "nginx", Text: fmt.Sprintf("server {\n\tlisten 443 ssl;\n\tserver_name %s;\n\tssl_certificate     /etc/letsencrypt/live/%[1]s/fullchain.pem;\n\tssl_certificate_key /etc/letsencrypt/live/%[1]s/privkey.pem;\n\tlocation /voice/ {\n\t\tproxy_pass http://%[2]s;\n\t\tproxy_set_header Host $host;\n\t\tproxy_read_timeout 20s;\n\t}\n}\n", host, to)},
		{Name: "Traefik", Text: fmt.Sprintf("http:\n  routers:\n    callin:\n      rule: Host(`%s`) && PathPrefix(`/voice/`)\n      service: callin\n      tls:\n        certResolver: letsencrypt\n  services:\n    callin:\n      loadBalancer:\n        servers:\n          - url: http://%s\n", host, to)},
	}
}
