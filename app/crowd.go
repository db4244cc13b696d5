package app

import (
	"net"
	"net/http"
	"sync"
)

// crowd is a listener with seats for so many connections. While it is full, a
// connection that asks for nothing gives its seat to the next one, which
// otherwise waits; more are not accepted meanwhile.
type crowd struct {
	net.Listener
	seats  chan struct{}
	closed chan struct{}
	close  func()

	mu      sync.Mutex
	idle    map[net.Conn]bool
	waiting bool
}

func newCrowd(l net.Listener, most int) *crowd {
	c := &crowd{Listener: l, seats: make(chan struct{}, most), closed: make(chan struct{}), idle: map[net.Conn]bool{}}
	c.close = sync.OnceFunc(func() { close(c.closed) })
	return c
}

func (c *crowd) Close() error {
	c.close()
	return c.Listener.Close()
}

func (c *crowd) Accept() (net.Conn, error) {
	conn, err := c.Listener.Accept()
	if err != nil {
		return nil, err
	}
	select {
	case c.seats <- struct{}{}:
	default:
		c.makeRoom()
		select {
		case c.seats <- struct{}{}:
		case <-c.closed:
			conn.Close()
			return nil, net.ErrClosed
		}
		c.mu.Lock()
		c.waiting = false
		c.mu.Unlock()
	}
	return &guest{Conn: conn, leave: sync.OnceFunc(func() { <-c.seats })}, nil
}

// makeRoom ends a connection that is idle, or the next one to be.
func (c *crowd) makeRoom() {
	c.mu.Lock()
	var idle net.Conn
	for idle = range c.idle {
		break
	}
	delete(c.idle, idle)
	c.waiting = idle == nil
	c.mu.Unlock()
	if idle != nil {
		idle.Close()
	}
}

// follow is told of a connection's state by the server.
func (c *crowd) follow(conn net.Conn, state http.ConnState) {
	c.mu.Lock()
	leaves := state == http.StateIdle && c.waiting
	switch {
	case leaves:
		c.waiting = false
	case state == http.StateIdle:
		c.idle[conn] = true
	default:
		delete(c.idle, conn)
	}
	c.mu.Unlock()
	if leaves {
		conn.Close()
	}
}

// guest is a connection with a seat.
type guest struct {
	net.Conn
	leave func()
}

func (g *guest) Close() error {
	defer g.leave()
	return g.Conn.Close()
}
