package app

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"runtime/debug"
	"time"

	"callin/app/folder"
)

// crashFile takes what Go says of Callin's own crash, which no filter of ours sees
// and which may have secrets in it; on Windows it goes nowhere else. The next
// start has it in the log without them.
const crashFile = "callin.crash"

// longestCrash is how much of it the log takes, in bytes.
const longestCrash = 256 << 10

// keepCrashes has Go write there. Several Callins may: what is in it is taken out
// by emptying it.
func keepCrashes(dir string) error {
	path := filepath.Join(dir, crashFile)
	file, err := os.OpenFile(path, os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o600)
	if err != nil {
		return err
	}
	defer file.Close() // Go has its own handle
	if _, err := folder.MakePrivate(path); err != nil {
		return err
	}
	return debug.SetCrashOutput(file, debug.CrashOptions{})
}

// lost are words as long as Twilio's tokens and secrets: one may have been replaced
// since the crash, and then nobody knows it any more.
var lost = regexp.MustCompile(`\b[0-9A-Za-z]{32}\b`)

// tellOfCrash has what the last crash left in the log, and says on the desk that
// there was one, or that the last Callin was not ended in order. All secrets must be
// hidden by then.
func (s *process) tellOfCrash() {
	if crashed := s.tellCrash(); !crashed && s.cutOff != "" {
		s.warn(s.cutOff)
	}
}

func (s *process) tellCrash() (crashed bool) {
	path := filepath.Join(s.data, crashFile)
	file, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		return false
	}
	defer file.Close()
	text, err := io.ReadAll(io.LimitReader(file, longestCrash))
	if err != nil || len(text) == 0 {
		return false
	}
	if len(text) == longestCrash { // half a secret is in the way of no filter
		text = text[:bytes.LastIndexByte(text, '\n')+1]
	}
	at := ""
	if info, err := file.Stat(); err == nil {
		at = " at " + info.ModTime().Format(time.DateTime)
	}
	fmt.Fprintf(s.stderr, "Callin crashed%s:\n%s\n", at, lost.ReplaceAll(text, veiled))
	if err := file.Truncate(0); err != nil {
		s.log.Warn("what a crash left cannot be removed", "path", path, "error", err)
	}
	where := s.options.log
	if where == "" {
		where = "what it prints"
	}
	s.warn("Callin ended unexpectedly" + at + ", by a fault of its own. What happened stands in its log: " + where)
	return true
}
