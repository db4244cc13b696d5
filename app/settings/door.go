package settings

import (
	"net"
	"net/netip"
	"net/url"
	"path/filepath"
	"strconv"
	"strings"
)

// Door is the station's door for desks that are elsewhere. Without an address there is
// none. Its certificate is the one in the files, or one by ACME, or of the station's own;
// behind proxies on this computer it needs none, as they have it.
type Door struct {
	// Address is what it listens at, such as 0.0.0.0:8443.
	Address string `toml:"door"`
	// Hosts are the names by which desks reach it; without any, they use this
	// computer's addresses.
	Hosts []string `toml:"door_hosts"`
	// Certificate and Key are PEM files.
	Certificate string `toml:"door_certificate"`
	Key         string `toml:"door_key"`
	// ACME is the authority that gives the certificate: LetsEncrypt, or a directory's URL.
	ACME string `toml:"door_acme"`
	// Proxies are the addresses and networks of proxies before it.
	Proxies []string `toml:"door_proxies"`
}

// LetsEncrypt is the ACME authority that needs no URL.
const LetsEncrypt = "letsencrypt"

// Plain is whether the door is without TLS, as a proxy on this computer has that.
func (d Door) Plain() bool { return len(d.Proxies) > 0 && d.Certificate == "" && d.ACME == "" }

func (d Door) check(path string) error {
	at, port, err := net.SplitHostPort(d.Address)
	number, _ := strconv.Atoi(port)
	ip, notIP := netip.ParseAddr(at)
	directory, notURL := url.Parse(d.ACME)
	switch {
	case d.Address == "" && len(d.Hosts)+len(d.Proxies)+len(d.Certificate+d.Key+d.ACME) > 0:
		return &Error{path, "door is missing, although other settings of the door are there. Add the address that it listens at, such as 0.0.0.0:8443, or remove them."}
	case d.Address == "":
		return nil
	case err != nil || number < 1 || number > 65535 || at != "" && notIP != nil:
		return &Error{path, "door must be an address of this computer with a port, such as 0.0.0.0:8443 for all of them."}
	case (d.Certificate == "") != (d.Key == ""):
		return &Error{path, "door_certificate and door_key go together: name a file for each."}
	case d.Certificate != "" && (!filepath.IsAbs(d.Certificate) || !filepath.IsAbs(d.Key)):
		return &Error{path, "door_certificate and door_key must be whole paths."}
	case d.Certificate != "" && d.ACME != "":
		return &Error{path, "door_certificate and door_acme are two ways to a certificate. Remove one of them."}
	case d.ACME != "" && d.ACME != LetsEncrypt && (notURL != nil || directory.Scheme != "https" || directory.Host == ""):
		return &Error{path, "door_acme must be " + LetsEncrypt + ", or the https:// address of another authority's directory."}
	case d.ACME != "" && len(d.Hosts) != 1:
		return &Error{path, "door_hosts must have one name, which the certificate is for."}
	case d.Plain() && !ip.IsLoopback():
		return &Error{path, "door must be an address that only this computer reaches, such as 127.0.0.1:8443, as it is without a certificate. Or let the door have one too."}
	case d.Plain() && len(d.Hosts) == 0:
		return &Error{path, "door_hosts is missing: the names by which desks reach the proxy."}
	}
	for _, host := range d.Hosts {
		if !isHost(host) {
			return &Error{path, "door_hosts must be names or addresses alone, such as desk.example.org, without https:// and a port."}
		}
	}
	return nil
}

// isHost is whether a text is a name or an address as it stands in a URL, in small letters.
func isHost(text string) bool {
	if _, err := netip.ParseAddr(text); err == nil {
		return true
	}
	return text != "" && strings.Trim(text, "abcdefghijklmnopqrstuvwxyz0123456789-.") == ""
}
