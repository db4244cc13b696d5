package web

import (
	"net/http"
	"path"
	"strconv"
	"strings"

	"callin/app/desk/door"
)

// record streams a show's record as a file: 123.csv or 123.json, by the number
// that the operation shows gives.
func (d *browserDoor) record(w http.ResponseWriter, r *http.Request) {
	file := r.PathValue("file")
	format := strings.TrimPrefix(path.Ext(file), ".")
	show, _ := strconv.ParseInt(strings.TrimSuffix(file, "."+format), 10, 64)
	export, refused := d.room.Export(r.Context(), show, format)
	if refused != nil {
		door.Refuse(w, refused)
		return
	}
	w.Header().Set("Content-Type", map[string]string{"csv": "text/csv; charset=utf-8", "json": "application/json"}[format])
	w.Header().Set("Content-Disposition", `attachment; filename="`+export.Name+`"`)
	if err := export.Write(r.Context(), w); err != nil {
		panic(http.ErrAbortHandler) // a file that is cut off must not look whole
	}
}
