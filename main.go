// Callin is the call-in desk of a radio show.
package main

import (
	"embed"
	"os"

	"callin/app"
)

// The built page. A clean clone has only a placeholder here; build/run and
// build/test build the page.
//
//go:embed all:frontend/dist
var page embed.FS

func main() {
	os.Exit(app.Main(os.Args[1:], app.System(page)))
}
