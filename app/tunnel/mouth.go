package tunnel

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"sync"

	"callin/app/call"
)

// mouth hears what cloudflared says, and remembers what of it tells why it does not
// carry. Where it has words for that it has no other way.
type mouth struct {
	token string

	mu      sync.Mutex
	begun   []byte // of a line
	last    string // that is no news of an ordinary kind
	refused error
	ended   error
}

// longestLine is how much of a line is heard, in bytes.
const longestLine = 4 << 10

func (m *mouth) Write(p []byte) (int, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, b := range p {
		switch {
		case b == '\n':
			m.hear(string(bytes.TrimSpace(m.begun)))
			m.begun = m.begun[:0]
		case len(m.begun) < longestLine:
			m.begun = append(m.begun, b)
		}
	}
	return len(p), nil
}

// meanings are what cloudflared says, and what that means here.
var meanings = []struct {
	said string
	is   refused
}{
	{"Tunnel token is not valid", badToken},
	{"Invalid tunnel secret", badToken},
	{"Failed to get tunnel", badToken},
	{"Tunnel not found", badToken},
	{"429 Too Many Requests", tooMany},
	{"error code: 1015", tooMany},
}

var (
	badToken = refused{&call.Error{Code: call.CodeTunnelToken, Message: "Cloudflare does not know the tunnel's token. Copy it again from one.dash.cloudflare.com, Networks, Tunnels."}, false}
	tooMany  = refused{&call.Error{Code: call.CodeTunnelLimit, Message: "Cloudflare gives no more addresses without an account for now. Wait some minutes, or make a tunnel at one.dash.cloudflare.com and set its token and address."}, true}
)

func (m *mouth) hear(line string) {
	if m.token != "" {
		line = strings.ReplaceAll(line, m.token, "[hidden]")
	}
	if line == "" || strings.Contains(line, " INF ") {
		return
	}
	m.last = line
	for _, meaning := range meanings {
		if strings.Contains(line, meaning.said) {
			m.refused = &meaning.is
		}
	}
}

// refusal is why it is refused; nil while it is not.
func (m *mouth) refusal() error {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.refused
}

// forget forgets it: it carries.
func (m *mouth) forget() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.refused, m.last = nil, ""
}

func (m *mouth) end(err error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.ended = err; err == nil {
		m.ended = errors.New("by itself")
	}
}

// why is why it has ended.
func (m *mouth) why() error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.refused != nil {
		return m.refused
	}
	return fmt.Errorf("cloudflared ended: %w: %s", m.ended, m.last)
}
