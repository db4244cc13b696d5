package update

import (
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"time"

	"callin/app/folder"
)

// Command is the one by which a copy of the program is told to go on with an update; the
// folder follows it.
const Command = "update-apply"

// handOver has a copy of the program go on with an update once this process has ended,
// however it ends. held is the folder, which the copy takes.
func handOver(dir string, held io.Closer, s state) error {
	err := errors.Join(os.RemoveAll(filepath.Join(dir, helperDir)), os.MkdirAll(filepath.Join(dir, helperDir), 0o700))
	if err == nil {
		err = copyFile(s.Program, helper(dir, s))
	}
	if err == nil {
		err = s.save(dir)
	}
	held.Close()
	if err != nil {
		return err
	}
	ends, holds, err := os.Pipe()
	if err == nil {
		defer ends.Close()
		err = launch(helper(dir, s), ends, "", Command, dir)
	}
	if err != nil {
		os.Remove(filepath.Join(dir, stateFile))
		return fmt.Errorf("update: %w", err)
	}
	holding = holds
	return nil
}

// holding is held open by a desk that is to end, and nothing is written there: the system
// closes it when the process has gone.
var holding *os.File

// helper is the copy of the old program.
func helper(dir string, s state) string {
	return filepath.Join(dir, helperDir, filepath.Base(s.Program))
}

// launch starts a program that outlives this one.
func launch(program string, stdin *os.File, cwd string, args ...string) error {
	c := exec.Command(program, args...)
	c.Dir, c.SysProcAttr = cwd, apart()
	if stdin != nil {
		c.Stdin = stdin
	}
	if err := c.Start(); err != nil {
		return err
	}
	return c.Process.Release()
}

// Start is how a start of Callin stands to an update.
type Start struct {
	// End is whether this start is to end: what updates Callin starts it.
	End bool
	// Says is a sentence for the person at the desk; empty for none.
	Says string
}

// mostResumed is how often an update is gone on with after a break, before the desk
// starts with whatever program there is.
const mostResumed = 3

// Begin looks whether an update was under way, as a desk starts: what has changed nothing
// is forgotten, and what may have is gone on with by the copy of the old program.
func Begin(dir string) Start {
	held, err := folder.Take(dir)
	if errors.Is(err, folder.ErrTaken) {
		return besideHelper(dir)
	}
	if err != nil { // there is no such folder, most of the time
		return Start{}
	}
	s, there := loadState(dir)
	if there && s.Step == Waiting { // the copy of the old program may just be starting
		held.Close()
		if held, err = freeFor(dir, 50); err != nil {
			return besideHelper(dir)
		}
	}
	defer held.Close()
	switch {
	case !there || s.Step == Done:
		empty(dir)
		return Start{}
	case s.Step == Back:
		empty(dir)
		return Start{Says: s.wentBack()}
	case s.Step == Waiting || s.Step == Copying:
		empty(dir)
		return Start{Says: "The update to Callin " + s.To + " was interrupted before anything was changed. Callin " + s.From + " runs."}
	case s.Resumed < mostResumed:
		s.Resumed++
		err := s.save(dir)
		held.Close() // which is the copy's now
		if err == nil && launch(helper(dir, s), nil, "", Command, dir) == nil {
			return Start{End: true, Says: "The update to Callin " + s.To + " was interrupted. Callin looks after that, and starts by itself."}
		}
	}
	empty(dir)
	return Start{Says: "The update to Callin " + s.To + " was interrupted, and the files of Callin " + s.From + " could not be put back. If something is wrong, install Callin again."}
}

// freeFor takes the folder once it was seen to be nobody's so often, and is an error when
// somebody takes it meanwhile.
func freeFor(dir string, times int) (held io.Closer, err error) {
	for range times {
		time.Sleep(pollEach)
		if held, err = folder.Take(dir); err != nil {
			return nil, err
		}
		held.Close()
	}
	return folder.Take(dir)
}

// besideHelper is a start while the copy of the old program is at work: one that it waits
// for, or another one.
func besideHelper(dir string) Start {
	s, there := loadState(dir)
	switch {
	case !there, s.Step == Starting, s.Step == Done:
		return Start{}
	case s.Step == Back:
		return Start{Says: s.wentBack()}
	}
	return Start{End: true, Says: "Callin is being updated to " + s.To + ", and starts by itself when that is done."}
}

func (s state) wentBack() string {
	return "Callin was not updated to " + s.To + ": " + s.Why + " Callin " + s.From + " runs."
}
