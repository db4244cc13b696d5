package clients

import (
	"net"
	"net/netip"
	"sync"

	"callin/app/locked"
)

// Few is a listener of which one client has at most so many connections at once, and
// who asks for more is cut off: one who takes all keeps nobody else out. Behind a
// proxy are many, of whom it does not count.
func Few(l net.Listener, most int, proxies Proxies) net.Listener {
	return &few{Listener: l, most: most, proxies: proxies, now: locked.New(map[netip.Prefix]int{})}
}

type few struct {
	net.Listener
	most    int
	proxies Proxies
	now     *locked.Value[map[netip.Prefix]int]
}

func (f *few) Accept() (net.Conn, error) {
	for {
		conn, err := f.Listener.Accept()
		if err != nil {
			return nil, err
		}
		from := parse(conn.RemoteAddr().String())
		if f.proxies.trusted(from) {
			return conn, nil
		}
		client, welcome := network(from), false
		f.now.With(func(now map[netip.Prefix]int) {
			if welcome = now[client] < f.most; welcome {
				now[client]++
			}
		})
		if welcome {
			return &counted{Conn: conn, leave: sync.OnceFunc(func() { f.left(client) })}, nil
		}
		conn.Close()
	}
}

func (f *few) left(client netip.Prefix) {
	f.now.With(func(now map[netip.Prefix]int) {
		if now[client]--; now[client] == 0 {
			delete(now, client)
		}
	})
}

// counted is a connection of a client's few.
type counted struct {
	net.Conn
	leave func()
}

func (c *counted) Close() error {
	defer c.leave()
	return c.Conn.Close()
}
