//go:build bridge && !desktop

package window

import (
	"context"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"reflect"

	"callin/app/desk"
)

// Available reports whether this build has a window.
const Available = true

// Run serves the window's page and its door to a browser that takes the window's place in
// a test: Windows' web view runs nowhere but on Windows. It prints where the page is. What
// Wails carries in the window goes over the page's own origin here, below /bridge/.
func Run(ctx context.Context, at desk.Backend, o Options) error {
	html, err := index(o.Page)
	if err != nil {
		return err
	}
	events := make(chan []byte, 1000)
	d := newDoor(ctx, at, o, shell{
		emit: func(name string, data any) {
			line, _ := json.Marshal(map[string]any{"name": name, "data": data}) // what Wails marshals too
			events <- line
		},
		fullScreen: func() {}, relabel: func() {},
		copy: func(string) error { return nil },
	})
	defer d.close()
	calls := http.NewServeMux()
	calls.HandleFunc("POST /bridge/call/{method}", d.call)
	calls.HandleFunc("GET /bridge/events", func(w http.ResponseWriter, r *http.Request) {
		for {
			select {
			case line := <-events:
				fmt.Fprintf(w, "%s\n", line)
				w.(http.Flusher).Flush()
			case <-r.Context().Done():
				return
			}
		}
	})
	calls.Handle("/", guard(d, html, http.FileServerFS(o.Page)))
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	fmt.Printf("window: %s\n", l.Addr())
	server := &http.Server{Handler: calls}
	go server.Serve(l)
	defer server.Close()
	<-ctx.Done()
	return nil
}

// call calls a method of the door with the JSON array of its arguments.
func (d *Door) call(w http.ResponseWriter, r *http.Request) {
	method := reflect.ValueOf(d).MethodByName(r.PathValue("method"))
	var given []json.RawMessage
	if err := json.NewDecoder(r.Body).Decode(&given); err != nil || !method.IsValid() || len(given) != method.Type().NumIn() {
		http.Error(w, "no such method", http.StatusBadRequest)
		return
	}
	in := make([]reflect.Value, len(given))
	for n, arg := range given {
		is := reflect.New(method.Type().In(n))
		if err := json.Unmarshal(arg, is.Interface()); err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		in[n] = is.Elem()
	}
	var result any
	for _, out := range method.Call(in) {
		if err, failed := out.Interface().(error); failed {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		if !out.Type().Implements(reflect.TypeFor[error]()) {
			result = out.Interface()
		}
	}
	_ = json.NewEncoder(w).Encode(result)
}
