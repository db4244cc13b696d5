package app

import (
	"cmp"
	"fmt"
	"io"
	"runtime"
	"runtime/debug"
)

// What build/package stamps with -ldflags -X: the version of wails.json, the commit and
// its date. Any other build leaves them empty.
var stampedVersion, stampedCommit, stampedDate string

// build is which Callin this is.
type build struct {
	// version is empty for a build that build/package did not make: its number would say
	// nothing of what is in it.
	version string
	// commit is empty where the build knew of none; changed is whether there was more
	// than the commit.
	commit  string
	changed bool
	date    string // the commit's, RFC 3339
}

func thisBuild() build {
	if stampedVersion != "" {
		return build{version: stampedVersion, commit: stampedCommit, date: stampedDate}
	}
	info, _ := debug.ReadBuildInfo()
	return ownBuild(info)
}

// ownBuild is what Go knows of a build that has no stamp; info may be nil.
func ownBuild(info *debug.BuildInfo) (b build) {
	if info == nil {
		return b
	}
	for _, s := range info.Settings {
		switch s.Key {
		case "vcs.revision":
			b.commit = s.Value
		case "vcs.modified":
			b.changed = s.Value == "true"
		case "vcs.time":
			b.date = s.Value
		}
	}
	return b
}

// String is the build in a line: "Callin 0.2.0 (25dcacf, 2026-11-26)".
func (b build) String() string {
	is := "Callin, a build of its own"
	if b.version != "" {
		is = "Callin " + b.version
	}
	if b.commit == "" {
		return is
	}
	commit := fmt.Sprintf("%.7s", b.commit)
	if b.changed {
		commit += " and changes"
	}
	if len(b.date) < len("2026-11-26") {
		return fmt.Sprintf("%s (%s)", is, commit)
	}
	return fmt.Sprintf("%s (%s, %.10s)", is, commit, b.date)
}

// revision is the one of Callin's source, as far as the build knew it.
func (b build) revision() string {
	if b.changed {
		return b.commit + " and changes"
	}
	return cmp.Or(b.commit, "unknown")
}

// printVersion is callin version.
func printVersion(to io.Writer) int {
	b := thisBuild()
	fmt.Fprintf(to, "%v\ncommit %s\n", b, b.revision())
	if b.date != "" {
		fmt.Fprintln(to, "date   "+b.date)
	}
	fmt.Fprintf(to, "built with %s for %s/%s\n", runtime.Version(), runtime.GOOS, runtime.GOARCH)
	return 0
}
