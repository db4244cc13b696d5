package window

import (
	"context"
	"errors"
	"strconv"
	"sync/atomic"
	"time"

	"github.com/coder/websocket"
)

const (
	dialWithin = 5 * time.Second
	sendWithin = 5 * time.Second
	// longestFrame bounds one signalling frame, in bytes. The longest ones
	// carry a session description, a few kilobytes.
	longestFrame = 256 << 10
)

// socket is one signalling connection of the page's softphone, carried by the
// window because a web view may not reach a loopback port itself.
type socket struct {
	conn *websocket.Conn
	ctx  context.Context
	stop context.CancelFunc
	// closed is the code that this end closed it with: a read may see no more
	// of that than a broken connection.
	closed atomic.Int32
}

// signalEvent is the argument of the runtime event "signal".
type signalEvent struct {
	ID     string `json:"id"`
	Frame  string `json:"frame,omitempty"`
	Closed bool   `json:"closed,omitempty"`
	// Code is the WebSocket close code; 1006 when the connection just broke.
	Code int `json:"code,omitempty"`
}

var errNoSocket = errors.New("this signalling connection is closed")

// SignalOpen connects to the rehearsal's signalling and returns the
// connection's id. Its frames arrive as runtime events "signal".
func (d *Door) SignalOpen() (string, error) {
	if d.options.Signal == "" {
		return "", errors.New("only a rehearsal's signalling goes through the window")
	}
	dialCtx, cancel := context.WithTimeout(d.ctx, dialWithin)
	defer cancel()
	conn, _, err := websocket.Dial(dialCtx, d.options.Signal, nil)
	if err != nil {
		return "", errors.New("the rehearsal's signalling cannot be reached")
	}
	conn.SetReadLimit(longestFrame)
	s := &socket{conn: conn}
	s.ctx, s.stop = context.WithCancel(d.ctx)
	d.mu.Lock()
	d.lastID++
	id := strconv.Itoa(d.lastID)
	d.sockets[id] = s
	d.mu.Unlock()
	d.running.Go(func() { d.receive(id, s) })
	return id, nil
}

func (d *Door) receive(id string, s *socket) {
	defer s.stop()
	for {
		_, frame, err := s.conn.Read(s.ctx)
		if err != nil {
			d.mu.Lock()
			_, open := d.sockets[id]
			delete(d.sockets, id)
			d.mu.Unlock()
			_ = s.conn.CloseNow()
			code := int(websocket.CloseStatus(err))
			if ours := int(s.closed.Load()); ours != 0 {
				code = ours
			} else if code < 0 {
				code = int(websocket.StatusAbnormalClosure)
			}
			// A page that has gone, or a window that closes, is told nothing.
			if open && s.ctx.Err() == nil {
				d.shell.emit("signal", signalEvent{ID: id, Closed: true, Code: code})
			}
			return
		}
		d.shell.emit("signal", signalEvent{ID: id, Frame: string(frame)})
	}
}

// SignalSend sends one text frame on a connection.
func (d *Door) SignalSend(id, frame string) error {
	s := d.socket(id)
	if s == nil {
		return errNoSocket
	}
	ctx, cancel := context.WithTimeout(s.ctx, sendWithin)
	defer cancel()
	if s.conn.Write(ctx, websocket.MessageText, []byte(frame)) != nil {
		return errNoSocket
	}
	return nil
}

// SignalClose closes a connection; closing a closed one does nothing.
func (d *Door) SignalClose(id string) {
	if s := d.socket(id); s != nil {
		s.closed.Store(int32(websocket.StatusNormalClosure))
		_ = s.conn.Close(websocket.StatusNormalClosure, "")
	}
}

func (d *Door) socket(id string) *socket {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.sockets[id]
}
