package clients_test

import (
	"net"
	"testing"

	"callin/app/clients"
)

// One computer that keeps connections open is cut off at its next one; others come
// in, a proxy as often as it likes, and that computer again when it has ended one.
func TestOneClientHasFewConnections(t *testing.T) {
	const most = 2
	bare, err := net.Listen("tcp", "0.0.0.0:0")
	if err != nil {
		t.Fatal(err)
	}
	l := clients.Few(bare, most, proxies(t, "127.0.0.9"))
	t.Cleanup(func() { l.Close() })
	accepted := make(chan net.Conn)
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			accepted <- conn
		}
	}()
	// comes dials from an address of this computer; what is accepted is nil for who is cut off.
	comes := func(from string) net.Conn {
		t.Helper()
		d := net.Dialer{LocalAddr: &net.TCPAddr{IP: net.ParseIP(from)}}
		dialled, err := d.DialContext(t.Context(), "tcp", bare.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { dialled.Close() })
		cut := make(chan error, 1)
		go func() {
			_, err := dialled.Read(make([]byte, 1))
			cut <- err
		}()
		select {
		case conn := <-accepted:
			t.Cleanup(func() { conn.Close() })
			return conn
		case <-cut:
			return nil
		}
	}
	kept := comes("127.0.0.2")
	for i, c := range []struct {
		from string
		in   bool
	}{
		{"127.0.0.2", true},
		{"127.0.0.2", false},
		{"127.0.0.3", true},
		{"127.0.0.9", true},
		{"127.0.0.9", true},
		{"127.0.0.9", true},
	} {
		if in := comes(c.from) != nil; in != c.in {
			t.Fatalf("%d: %s is let in: %v", i, c.from, in)
		}
	}
	kept.Close()
	kept.Close() // as net/http may
	for _, in := range []bool{true, false} {
		if comes("127.0.0.2") != nil != in {
			t.Errorf("once one has ended, another is not let in, or more than one is: want %v", in)
		}
	}
}
