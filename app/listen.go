package app

import (
	"bytes"
	"context"
	"fmt"
	stdlog "log"
	"log/slog"
	"math/rand/v2"
	"net"
	"net/http"
	"time"

	"callin/app/call"
	"callin/app/certificate"
	"callin/app/clients"
)

// Ports that no system gives to a connection by itself (Linux: from 32768 on, Windows and
// macOS: from 49152): one of these is still free when Callin is started again, and an open
// page finds its desk there.
const firstPort, lastPort = 20000, 32000

// listen takes a loopback port: the one that is set, or the one of last time if
// it is free, or any.
func listen(set, last int) (net.Listener, error) {
	at := func(port int) (net.Listener, error) { return net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", port)) }
	if set != 0 {
		l, err := at(set)
		if err != nil {
			return nil, &call.Error{Code: call.CodePort, Message: fmt.Sprintf("Port %d is taken by another program. End that one, or set another voice_port.", set)}
		}
		return l, nil
	}
	if last != 0 {
		if l, err := at(last); err == nil {
			return l, nil
		}
	}
	for range 20 {
		if l, err := at(firstPort + rand.IntN(lastPort-firstPort)); err == nil {
			return l, nil
		}
	}
	return at(0)
}

func port(l net.Listener) int { return l.Addr().(*net.TCPAddr).Port }

// Strangers can reach the voice listener, and must not hold it up: a request's
// header, the whole of it with the hold music, and a connection that asks for
// nothing have this long; and there are so many connections at once, of whomever,
// as a tunnel brings all of them from one address.
const (
	mostConnections = 512
	slowestHeader   = 5 * time.Second
	slowestRequest  = 30 * time.Second
	longestIdle     = 2 * time.Minute
)

// serveStrangers answers on the voice listener until the function that it
// returns is called.
func serveStrangers(l net.Listener, h http.Handler, log *slog.Logger) (stop func()) {
	seats := newCrowd(l, mostConnections)
	return serve(serving{Listener: seats, read: slowestRequest, write: slowestRequest, follow: seats.follow}, h, log)
}

// serveDesk answers on the listener of the station's own desk. A feed lasts for as long
// as somebody reads it.
func serveDesk(l net.Listener, h http.Handler, log *slog.Logger) (stop func()) {
	return serve(serving{Listener: l}, h, log)
}

// mostOfAClient is how many connections one client has at the door for desks: a desk
// has up to eight, and a studio's desks may share one address.
const mostOfAClient = 128

// serveDesks answers at the door for desks that are elsewhere, where strangers come too.
func serveDesks(l net.Listener, shows *certificate.Identity, proxies clients.Proxies, h http.Handler, log *slog.Logger) (stop func()) {
	seats := newCrowd(clients.Few(l, mostOfAClient, proxies), mostConnections)
	return serve(serving{Listener: seats, read: slowestRequest, write: slowestRequest, follow: seats.follow, shows: shows}, h, log)
}

// serving is how a listener is served.
type serving struct {
	net.Listener
	// read and write are how long a request and its answer may take; 0 for any time.
	read, write time.Duration
	follow      func(net.Conn, http.ConnState)
	shows       *certificate.Identity // nil for plain HTTP
}

const (
	// quietFor is how long nothing may come of a connection over HTTP/2 until it is asked whether it is still there,
	// and pongWithin how long it may take to say so: the feed of a PC that has lost its power ends by that.
	quietFor   = 2 * time.Second
	pongWithin = 2 * time.Second
)

func serve(l serving, h http.Handler, log *slog.Logger) (stop func()) {
	ctx, cancel := context.WithCancel(context.Background())
	server := &http.Server{
		HTTP2:   &http.HTTP2Config{SendPingTimeout: quietFor, PingTimeout: pongWithin},
		Handler: h, ReadHeaderTimeout: slowestHeader, ReadTimeout: l.read, WriteTimeout: l.write, IdleTimeout: longestIdle, MaxHeaderBytes: 32 << 10,
		ConnState:   l.follow,
		BaseContext: func(net.Listener) context.Context { return ctx },
		ErrorLog:    stdlog.New(serverLog{log}, "", 0),
	}
	if l.shows == nil {
		go server.Serve(l.Listener)
	} else {
		server.TLSConfig = l.shows.TLS
		go server.ServeTLS(l.Listener, "", "")
	}
	return func() {
		cancel() // ends the feeds, which would hold Shutdown up
		soon, done := context.WithTimeout(context.Background(), 2*time.Second)
		defer done()
		if server.Shutdown(soon) != nil {
			server.Close()
		}
	}
}

// serverLog logs what goes wrong in a server: not what a stranger can have
// net/http say at will, such as of a semicolon in a query.
type serverLog struct{ log *slog.Logger }

func (l serverLog) Write(p []byte) (int, error) {
	level := slog.LevelDebug
	if bytes.HasPrefix(p, []byte("http: panic")) || bytes.HasPrefix(p, []byte("http: Accept")) {
		level = slog.LevelError
	}
	l.log.Log(context.Background(), level, string(bytes.TrimSpace(p)))
	return len(p), nil
}
