package app

import (
	"fmt"
	"log/slog"
	"net"
	"net/netip"

	"callin/app/call"
	"callin/app/certificate"
	"callin/app/clients"
	"callin/app/settings"
	"callin/app/web"
)

// doorway is where desks find the station.
type doorway struct {
	addresses []string
	// words are what a PC that is paired must show too; empty where the certificate is
	// trusted anyway.
	words string
	// pin is what a roll-out key carries, so that nobody compares words at each PC; none
	// where there are none.
	pin certificate.Pin
}

// identity is what the door shows of itself; nil where it is plain.
func identity(d settings.Door, dir string, log *slog.Logger) (*certificate.Identity, error) {
	switch {
	case d.Plain():
		return nil, nil
	case d.Certificate != "":
		return certificate.Files(d.Certificate, d.Key, log)
	case d.ACME != "":
		order := certificate.Order{Host: d.Hosts[0], Directory: d.ACME, Dir: dir, Log: log}
		if d.ACME == settings.LetsEncrypt {
			order.Directory = ""
		}
		return certificate.ACME(order)
	}
	return certificate.Own(dir)
}

// openDoor opens the station's door for desks that are elsewhere, if it has one.
func (s *process) openDoor() error {
	set := s.settings.Door
	if set.Address == "" {
		s.room.Desks = given{Book: s.book}
		return nil
	}
	shows, err := identity(set, s.dir, s.log)
	if err != nil {
		return err
	}
	listener, err := net.Listen("tcp", set.Address)
	if err != nil {
		s.log.Error("the door for desks", "error", err)
		return &call.Error{Code: call.CodePort, Message: fmt.Sprintf("The door for desks cannot be opened at %s: another program is there, or it is no address of this computer. End that one, or set another door.", set.Address)}
	}
	s.at.addresses = addresses(set)
	if shows != nil && shows.Pin != (certificate.Pin{}) {
		s.at.words, s.at.pin = shows.Pin.Words(), shows.Pin
	}
	s.room.Desks = given{s.book, s.at}
	proxies, _ := clients.ParseProxies(set.Proxies) // sensible has looked
	connect := s.connect
	if s.settings.Rehearsal != "" {
		connect = nil // the door carries the signalling
	}
	s.door = web.NewStation(web.StationOptions{
		Room: s.room, Book: s.book, Name: s.name(), Hosts: set.Hosts, Proxies: proxies, Trusted: s.at.words == "",
		Page: s.world.Page, Connect: connect, Signal: rehearsalSignal(s.settings), Edge: s.settings.Edge, Region: s.settings.Region, Log: s.log,
		Updates: s.offered(),
	})
	s.atTheEnd(serveDesks(listener, shows, proxies, s.door, s.log))
	if set.ACME != "" {
		host, _, _ := net.SplitHostPort(set.Address)
		// Where that port cannot be had the authority asks at the door itself.
		if l, err := net.Listen("tcp", net.JoinHostPort(host, "80")); err == nil {
			s.atTheEnd(serveStrangers(l, shows.Port80(), s.log))
		}
	}
	return nil
}

// addresses are those at which desks find the door: by its names, and otherwise by this
// computer's addresses.
func addresses(set settings.Door) (all []string) {
	listens, port, _ := net.SplitHostPort(set.Address)
	at := func(host string) string {
		if port == "443" || set.Plain() { // a proxy's port is the usual one
			if ip, err := netip.ParseAddr(host); err == nil && ip.Is6() {
				host = "[" + host + "]"
			}
			return "https://" + host
		}
		return "https://" + net.JoinHostPort(host, port)
	}
	if len(set.Hosts) > 0 {
		for _, host := range set.Hosts {
			all = append(all, at(host))
		}
		return all
	}
	if ip, err := netip.ParseAddr(listens); err == nil && !ip.IsUnspecified() {
		return []string{at(listens)}
	}
	own, _ := net.InterfaceAddrs() // none are shown after an error
	for _, a := range own {
		network, ok := a.(*net.IPNet)
		if !ok || network.IP.IsLoopback() || network.IP.IsLinkLocalUnicast() {
			continue
		}
		all = append(all, at(network.IP.String()))
	}
	if all == nil { // a computer without a network has this one still
		return []string{at("127.0.0.1")}
	}
	return all
}

// sayDoor prints where desks find the station, and what two people compare.
func (s *process) sayDoor() {
	for _, address := range s.at.addresses {
		fmt.Fprintln(s.world.Stdout, "door:", address)
	}
	if s.at.words != "" {
		fmt.Fprintln(s.world.Stdout, "words:", s.at.words)
	}
	if s.door == nil && s.headless {
		fmt.Fprintln(s.world.Stdout, "door: none")
		s.log.Warn("no desk can be elsewhere: set door in " + s.options.settings + ", such as door = \"0.0.0.0:8443\"")
	}
}
