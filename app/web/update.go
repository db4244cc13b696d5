package web

import (
	"io"
	"net/http"
	"strconv"
	"time"

	"callin/app/desk/door"
	"callin/app/update"
)

// update streams a file of what desks are offered of newer versions: to a desk of any
// version, as it may be what brings it nearer.
func (s *Station) update(w http.ResponseWriter, r *http.Request) {
	_, life, ok := s.Book.Admit(shown(r))
	if !ok {
		door.Refuse(w, noSession)
		return
	}
	f, size, err := update.Open(s.Updates, r.PathValue("file"))
	if s.Updates == "" || err != nil {
		http.NotFound(w, r)
		return
	}
	defer f.Close()
	w.Header().Set("Content-Type", "application/octet-stream")
	w.Header().Set("Content-Length", strconv.FormatInt(size, 10))
	out := http.NewResponseController(w)
	_ = out.SetReadDeadline(time.Time{}) // nothing more comes
	for part := int64(1 << 20); life.Err() == nil; {
		_ = out.SetWriteDeadline(time.Now().Add(stuck))
		if _, err := io.CopyN(w, f, part); err != nil {
			return // at the end of the file, too
		}
	}
	panic(http.ErrAbortHandler) // what is cut off must not look whole
}
