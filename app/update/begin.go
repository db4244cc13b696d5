package update

import (
	"cmp"
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

// mostResumed is how often an update is gone on with after a break, or after the old files
// could not be put back, before the desk starts with whatever program there is.
const mostResumed = 5

// Begin looks whether an update was under way, as the desk of a version starts: what has
// changed nothing is forgotten, and what may have is gone on with by the copy of the old
// program.
func Begin(dir, version string) Start {
	held, err := folder.Take(dir)
	if errors.Is(err, folder.ErrTaken) {
		return besideHelper(dir, version)
	}
	if err != nil { // there is no such folder, most of the time
		return Start{}
	}
	s, there := loadState(dir)
	if there && s.Step == Waiting { // the copy of the old program may just be starting
		held.Close()
		if held, err = freeFor(dir, 50); err != nil {
			return besideHelper(dir, version)
		}
	}
	defer held.Close()
	switch {
	case !there || s.Step == Done || s.Step == Starting && isUp(dir, s.To) || s.Step == Half && s.installedSince():
		empty(dir)
		return Start{}
	case s.Step == Back:
		empty(dir)
		return Start{Says: s.wentBack(version)}
	case s.Step == Waiting || s.Step == Copying:
		empty(dir)
		return Start{Says: "The update to Callin " + s.To + " was interrupted before anything was changed." + runs(version)}
	case s.Resumed < mostResumed:
		s.Resumed++
		err := s.save(dir)
		held.Close() // which is the copy's now
		if err == nil && launch(helper(dir, s), nil, "", Command, dir) == nil {
			return Start{End: true, Says: "The update to Callin " + s.To + " was interrupted. Callin looks after that, and starts by itself."}
		}
	}
	if s.Step != Half {
		s.Step, s.Installed = Half, installedAt(s.Program)
		_ = s.save(dir) // else the next start comes here again
	}
	return Start{Says: s.isHalf(version)}
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
func besideHelper(dir, version string) Start {
	s, there := loadState(dir)
	switch {
	case !there, s.Step == Starting, s.Step == Done:
		return Start{}
	case s.Step == Back:
		return Start{Says: s.wentBack(version)}
	case s.Step == Half:
		return Start{Says: s.isHalf(version)}
	}
	return Start{End: true, Says: "Callin is being updated to " + s.To + ", and starts by itself when that is done."}
}

func (s state) wentBack(version string) string {
	return "Callin was not updated to " + s.To + ": " + s.Why + runs(version)
}

func (s state) isHalf(version string) string {
	then := " The next start tries again."
	if s.Resumed >= mostResumed {
		then = " Install Callin again."
	}
	return "The update to Callin " + s.To + " was not finished: " + cmp.Or(s.Why, "it was interrupted.") +
		" Not all files of Callin " + s.From + " could be put back." + then + runs(version)
}

// runs says which version it is that says something; it may have no number.
func runs(version string) string {
	if version == "" {
		return ""
	}
	return " Callin " + version + " runs."
}
