package window

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/coder/websocket"
)

// events collects what a door emits.
func events() (shell, <-chan signalEvent) {
	c := make(chan signalEvent, 16)
	return shell{emit: func(name string, data any) {
		if e, ok := data.(signalEvent); ok && name == "signal" {
			c <- e
		}
	}}, c
}

// signalling is a rehearsal's signalling: it answers each frame with the same
// frame in capitals, and closes with 4001 when it is told "bye".
func signalling(t *testing.T) string {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		conn, err := websocket.Accept(w, r, nil)
		if err != nil {
			t.Error(err)
			return
		}
		defer conn.CloseNow()
		for {
			_, frame, err := conn.Read(r.Context())
			if err != nil {
				return
			}
			if string(frame) == "bye" {
				_ = conn.Close(4001, "")
				return
			}
			_ = conn.Write(r.Context(), websocket.MessageText, []byte(strings.ToUpper(string(frame))))
		}
	}))
	t.Cleanup(server.Close)
	return "ws" + strings.TrimPrefix(server.URL, "http")
}

func TestSignallingIsCarriedBothWaysAndItsEndIsTold(t *testing.T) {
	shell, heard := events()
	d := newDoor(context.Background(), nil, Options{Signal: signalling(t)}, shell)
	defer d.close()
	first, err := d.SignalOpen()
	if err != nil {
		t.Fatal(err)
	}
	second, err := d.SignalOpen()
	if err != nil {
		t.Fatal(err)
	}
	for id, frame := range map[string]string{first: "listen", second: "\n"} {
		if err := d.SignalSend(id, frame); err != nil {
			t.Fatal(err)
		}
		if got, want := <-heard, (signalEvent{ID: id, Frame: strings.ToUpper(frame)}); got != want {
			t.Errorf("heard %+v, want %+v", got, want)
		}
	}
	if err := d.SignalSend(first, "bye"); err != nil {
		t.Fatal(err)
	}
	if got, want := <-heard, (signalEvent{ID: first, Closed: true, Code: 4001}); got != want {
		t.Errorf("heard %+v, want %+v", got, want)
	}
	if d.SignalSend(first, "listen") == nil {
		t.Error("a frame was sent on a closed connection")
	}
	d.SignalClose(second)
	if got, want := <-heard, (signalEvent{ID: second, Closed: true, Code: 1000}); got != want {
		t.Errorf("heard %+v, want %+v", got, want)
	}
}

func TestANewPageLeavesNoSignallingBehind(t *testing.T) {
	shell, heard := events()
	d := newDoor(context.Background(), nil, Options{Signal: signalling(t)}, shell)
	id, err := d.SignalOpen()
	if err != nil {
		t.Fatal(err)
	}
	d.fresh()
	if d.SignalSend(id, "listen") == nil {
		t.Error("the old page's connection is still there")
	}
	d.close()
	if len(heard) != 0 {
		t.Errorf("the new page was told %+v", <-heard)
	}
}

func TestOnlyARehearsalSignalsThroughTheWindow(t *testing.T) {
	d := newDoor(context.Background(), nil, Options{}, shell{})
	defer d.close()
	if _, err := d.SignalOpen(); err == nil {
		t.Error("a connection was opened to no address")
	}
}
