package connect

import (
	"context"
	"fmt"
	"net"
	"net/url"
	"strings"

	"callin/app/carrier"
	"callin/app/desk"
	"callin/app/wayin"
)

// Address takes how Twilio reaches the station.
func (s *Session) Address(ctx context.Context, b desk.SetupAddressBody) (desk.SetupState, error) {
	return s.answer(ctx, func(d *draft, _ *carrier.Twilio) error {
		if err := s.free("public_url"); err != nil {
			return err
		}
		if b.Kind != desk.PublicOwn {
			return refused("kind", "This Callin keeps up no tunnel of this kind.")
		}
		address, err := s.public(b.Address)
		if err != nil {
			return err
		}
		d.Kind, d.Address = b.Kind, address
		return nil
	})
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
		if ip := net.ParseIP(u.Hostname()); ip == nil || !ip.IsLoopback() {
			return "", refused("address", "In a rehearsal this must be an address of this computer, such as http://"+s.forward()+".")
		}
		return text, nil
	case u.Scheme != "https":
		return "", refused("address", "The address must begin with https://: what callers say and press goes over it.")
	}
	if ip := net.ParseIP(u.Hostname()); u.Hostname() == "localhost" || !strings.Contains(u.Hostname(), ".") || ip != nil && (ip.IsLoopback() || ip.IsPrivate()) {
		return "", refused("address", "Twilio cannot reach this address: it is one of this computer or this network alone. Write the one by which the internet reaches you.")
	}
	return text, nil
}

// forward is what a proxy or port forward leads to.
func (s *Session) forward() string { return fmt.Sprintf("127.0.0.1:%d", s.Port) }

// look says whether this Callin answers at the draft's address.
func (s *Session) look(ctx context.Context, d draft) desk.SetupPublic {
	p := desk.SetupPublic{Kind: d.Kind, Address: d.Address, Forward: s.forward(), Proxies: s.proxies(d.Address)}
	if d.Address == "" {
		return p
	}
	took, found := wayin.See(ctx, d.Address, s.Here)
	switch found {
	case wayin.Here:
		p.Seen, p.TookMs = true, took.Milliseconds()
	case wayin.Nobody:
		p.Trouble = fmt.Sprintf("Nobody answers at %s. See that the proxy or port forward runs, that the name leads to it, and that its certificate is valid.", d.Address)
	case wayin.Another:
		p.Trouble = fmt.Sprintf("Something else than this Callin answers at %s. See that it leads to %s of this computer.", d.Address, p.Forward)
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
