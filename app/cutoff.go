package app

import (
	"os"
	"path/filepath"
	"time"

	"callin/app/folder"
)

// runningFile is in the folder for as long as a Callin has it: at a start it is there
// only if the last one was not ended in order, such as by a power cut.
const runningFile = "running"

// markRunning leaves the mark until the end in order, and takes down what an earlier
// one says. The folder must be this process's.
func (s *process) markRunning() {
	path := filepath.Join(s.dir, runningFile)
	if began, err := os.ReadFile(path); err == nil {
		s.cutOff = "Callin was not ended in order last time"
		if at, err := time.Parse(time.RFC3339, string(began)); err == nil {
			s.cutOff += ", after its start at " + at.Format(time.DateTime)
		}
		s.cutOff += ": the computer lost its power, or the program was ended from outside. What was saved is there."
	}
	if err := folder.Write(path, []byte(time.Now().Format(time.RFC3339))); err != nil {
		s.log.Warn("an end that is not in order would not be known", "error", err)
		return
	}
	s.atTheEnd(func() {
		if err := os.Remove(path); err != nil {
			s.log.Warn("the next start takes this end for none in order", "error", err)
		}
	})
}
