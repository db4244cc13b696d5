// Package edge is where Twilio is: its regions, in which calls are handled and kept, its
// edges, by which sound comes in and goes out, the hosts of both, and how far away the
// edges are.
package edge

import (
	"fmt"
	"slices"
	"strings"
)

// Place is an edge with the region that it leads to. The zero Place is Usual.
type Place struct{ Edge, Region string }

// Usual is where Twilio is without anybody's choice. Roaming is no edge of its own: by
// the DNS Twilio leads each computer to the one that it takes for the nearest.
var Usual = Place{Edge: Roaming, Region: "us1"}

// Roaming leaves the choice to Twilio.
const Roaming = "roaming"

// cities are the public edges and where they are (Twilio docs: Edge Locations;
// @twilio/voice-sdk, regions.js).
var cities = []struct{ edge, city string }{
	{"ashburn", "Virginia"},
	{"umatilla", "Oregon"},
	{"sao-paulo", "São Paulo"},
	{"dublin", "Dublin"},
	{"frankfurt", "Frankfurt"},
	{"singapore", "Singapore"},
	{"sydney", "Sydney"},
	{"tokyo", "Tokyo"},
}

// regions are those that there are, with the edges that lead there. That us1 is reached
// by each is documented (Twilio docs: Understanding Edge Locations); of the others only
// the pair of one city is (Twilio docs: CLI, Regional; API domain migration guide).
var regions = []struct {
	region, name string
	edges        []string
}{
	{"us1", "the United States", append([]string{Roaming}, names()...)},
	{"ie1", "Ireland", []string{"dublin"}},
	{"au1", "Australia", []string{"sydney"}},
}

func names() (all []string) {
	for _, c := range cities {
		all = append(all, c.edge)
	}
	return all
}

// City is where an edge is, in words.
func City(edge string) string {
	for _, c := range cities {
		if c.edge == edge {
			return c.city
		}
	}
	return "where Twilio chooses"
}

// RegionName is where a region is, in words.
func RegionName(region string) string {
	for _, r := range regions {
		if r.region == region {
			return r.name
		}
	}
	return region
}

// All are the places that there are, by their regions.
func All() (all []Place) {
	for _, r := range regions {
		for _, e := range r.edges {
			all = append(all, Place{e, r.region})
		}
	}
	return all
}

// A WrongError says which of the two settings is wrong, and why.
type WrongError struct{ Setting, Message string }

func (e *WrongError) Error() string { return e.Message }

// Of is the place of two settings, which are set both or neither: Twilio's own library
// makes a host that does not exist of a region alone.
func Of(edge, region string) (Place, error) {
	known := []string{}
	for _, r := range regions {
		known = append(known, r.region)
		if r.region != region {
			continue
		}
		switch {
		case edge == "":
			return Place{}, &WrongError{"region", fmt.Sprintf("region needs edge beside it: by which of Twilio's edges sound goes there. For %s that is %s.", region, strings.Join(r.edges, ", "))}
		case !slices.Contains(r.edges, edge):
			return Place{}, &WrongError{"edge", fmt.Sprintf("edge must be one that leads to the region %s: %s.", region, strings.Join(r.edges, ", "))}
		}
		return Place{edge, region}, nil
	}
	switch {
	case edge == "" && region == "":
		return Usual, nil
	case region == "":
		return Place{}, &WrongError{"edge", "edge needs region beside it. An account is in us1 unless somebody has moved it."}
	}
	return Place{}, &WrongError{"region", fmt.Sprintf("region must be one of Twilio's: %s.", strings.Join(known, ", "))}
}

func (p Place) orUsual() Place {
	if p == (Place{}) {
		return Usual
	}
	return p
}

// IsUsual reports whether nobody has chosen another place.
func (p Place) IsUsual() bool { return p.orUsual() == Usual }

// Abroad is the region where it is not us1: its name is then in tokens and hosts, and it
// has credentials of its own.
func (p Place) Abroad() string {
	if p = p.orUsual(); p.Region != Usual.Region {
		return p.Region
	}
	return ""
}

// REST are the edge and the region in the names of REST's hosts, both or neither: in us1
// Twilio leads each request to the nearest edge by itself (Twilio docs: Understanding
// Edge Locations).
func (p Place) REST() (edge, region string) {
	if p.Abroad() == "" {
		return "", ""
	}
	return p.Edge, p.Region
}

// Host is a product's of REST, such as api.twilio.com.
func (p Place) Host(product string) string {
	parts := []string{product}
	if edge, region := p.REST(); region != "" {
		parts = append(parts, edge, region)
	}
	return strings.Join(append(parts, "twilio.com"), ".")
}

// Signalling is the host at which a phone asks for calls (@twilio/voice-sdk, regions.js).
func (p Place) Signalling() string { return "voice-js." + p.orUsual().Edge + ".twilio.com" }

// Events are the hosts to which a phone reports how calls sound: the second one once it
// knows the account's home region (@twilio/voice-sdk, device.js).
func (p Place) Events() []string {
	return []string{"eventgw.twilio.com", "eventgw." + p.orUsual().Region + ".twilio.com"}
}

// Sources are what a page with a phone connects to, in the Content-Security-Policy's
// notation.
func (p Place) Sources() []string {
	all := []string{"wss://" + p.Signalling()}
	for _, host := range p.Events() {
		all = append(all, "https://"+host)
	}
	return all
}

// Said is a place in words.
func (p Place) Said() string {
	p = p.orUsual()
	if p.Edge == Roaming {
		return fmt.Sprintf("by the edge that Twilio chooses (roaming), in the region %s", p.Region)
	}
	return fmt.Sprintf("by the edge %s, in the region %s", p.Edge, p.Region)
}
