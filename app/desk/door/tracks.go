package door

import (
	"io"
	"mime"
	"net/http"
	"strconv"
	"time"

	"callin/app/call"
	"callin/app/desk"
)

// Track hands a chunk of isolated tracks on. Its type is one that no form of another page can
// send.
func Track(at desk.Backend, in call.Studio, w http.ResponseWriter, r *http.Request) {
	if kind, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type")); kind != "application/octet-stream" {
		Refuse(w, &call.Error{Code: call.CodeWrongType, Message: "The page sent something that is no sound. Reload the page."})
		return
	}
	chunk, err := io.ReadAll(http.MaxBytesReader(w, r.Body, desk.TrackLimit))
	if err != nil {
		Refuse(w, desk.TooLong)
		return
	}
	kept, refused := at.Track(r.Context(), in, chunk)
	if refused != nil {
		Refuse(w, refused)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.Write(kept)
}

// OpenTrack streams a file of a show's isolated tracks, whose name and show are in the path.
func OpenTrack(at desk.Backend, of call.Studio, w http.ResponseWriter, r *http.Request) {
	show, _ := strconv.ParseInt(r.PathValue("show"), 10, 64)
	file, refused := at.OpenTrack(r.Context(), of, show, r.PathValue("folder")+"/"+r.PathValue("file"))
	if refused != nil {
		Refuse(w, refused)
		return
	}
	w.Header().Set("Content-Type", "application/octet-stream")
	w.Header().Set("Content-Disposition", `attachment; filename="`+file.Name+`"`)
	w.Header().Set("Content-Length", strconv.FormatInt(file.Bytes, 10))
	out := http.NewResponseController(w)
	_ = out.SetReadDeadline(time.Time{}) // nothing more comes
	if err := file.Write(r.Context(), patient{w, out}); err != nil {
		panic(http.ErrAbortHandler) // a file that is cut off must not look whole
	}
}

// stuck is how long a reader may take nothing of a long file.
const stuck = 30 * time.Second

// patient is an answer that may take any time as long as somebody reads it.
type patient struct {
	http.ResponseWriter
	out *http.ResponseController
}

func (p patient) Write(b []byte) (int, error) {
	_ = p.out.SetWriteDeadline(time.Now().Add(stuck))
	return p.ResponseWriter.Write(b)
}
