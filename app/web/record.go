package web

import (
	"net/http"
	"strconv"
	"strings"

	"callin/app/desk"
	"callin/app/desk/door"
)

// record streams a show's record as a file: 123.csv or 123.json, by the number
// that the operation shows gives.
func record(w http.ResponseWriter, r *http.Request) {
	name, ending, _ := strings.Cut(r.PathValue("file"), ".")
	show, _ := strconv.ParseInt(name, 10, 64)
	format := desk.Format(ending)
	export, refused := visitorOf(r).at.Export(r.Context(), studioOf(r), show, format)
	if refused != nil {
		door.Refuse(w, refused)
		return
	}
	w.Header().Set("Content-Type", map[desk.Format]string{desk.CSV: "text/csv; charset=utf-8", desk.JSON: "application/json"}[format])
	w.Header().Set("Content-Disposition", `attachment; filename="`+export.Name+`"`)
	if err := export.Write(r.Context(), w); err != nil {
		panic(http.ErrAbortHandler) // a file that is cut off must not look whole
	}
}
