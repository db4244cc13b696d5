package voice

import "net/http"

// Stick makes every answer wait until letGo is closed.
func (l *Listener) Stick(letGo <-chan struct{}) {
	l.mux = http.NewServeMux()
	for path := range l.answers() {
		l.mux.Handle("POST /voice/"+path, l.signed(func(request) []verb {
			<-letGo
			return nil
		}))
	}
}
