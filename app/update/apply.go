package update

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"time"

	"callin/app/folder"
)

// Patience is how long what is done in the place of the desk may take.
type Patience struct {
	// End is for the old desk to end, Install for the installer, Up for a desk that was
	// started to say that it is up, and Files for files that cannot be written yet: Windows
	// keeps that of a program for a while that was just ended.
	End, Install, Up, Files time.Duration
}

// Usual is the patience outside tests.
var Usual = Patience{End: 2 * time.Minute, Install: 10 * time.Minute, Up: time.Minute, Files: 5 * time.Second}

// notQuiet is what an installer ends with that must not go on, see build/windows/installer.
const notQuiet = 3

// reached is told of each step when it is on disk: a test ends the process there.
var reached = func(Step) {}

// applying is an update in the hands of the copy of the old program.
type applying struct {
	dir string
	state
	within Patience
}

// Apply goes on with the update in a folder. ended comes to its end when the desk has.
func Apply(dir string, ended io.Reader, within Patience) error {
	held, err := take(dir)
	if err != nil {
		return fmt.Errorf("update: %w", err)
	}
	defer held.Close()
	s, there := loadState(dir)
	if !there {
		return nil
	}
	a := &applying{dir, s, within}
	switch s.Step {
	case Waiting:
		if !a.waited(ended) {
			empty(dir)
			return errors.New("update: the desk has not ended")
		}
		return a.install()
	case Copying:
		return a.stay("it was interrupted.")
	case Installing:
		return a.goBack("it was interrupted while it was installed.")
	case Starting:
		if isUp(dir, s.To) {
			return a.done()
		}
		return a.startNew()
	case Restoring:
		return a.goBack(a.Why)
	case Half:
		if s.installedSince() {
			notAtLogon()
			return nil
		}
		return a.goBack(a.Why)
	}
	return nil
}

// take takes the folder, which a start that looks there has for a moment.
func take(dir string) (held io.Closer, err error) {
	for range 50 {
		if held, err = folder.Take(dir); !errors.Is(err, folder.ErrTaken) {
			return held, err
		}
		time.Sleep(pollEach)
	}
	return held, err
}

const pollEach = 100 * time.Millisecond

func (a *applying) waited(ended io.Reader) bool {
	reached(Waiting)
	end := make(chan struct{})
	go func() { // it ends with the process
		_, _ = io.Copy(io.Discard, ended)
		close(end)
	}()
	select {
	case <-end:
		return true
	case <-time.After(a.within.End):
		return false
	}
}

func (a *applying) step(s Step) error {
	a.Step = s
	err := a.save(a.dir)
	reached(s)
	return err
}

// folder is the program's.
func (a *applying) folder() string { return filepath.Dir(a.Program) }

func (a *applying) before() string { return filepath.Join(a.dir, beforeDir) }

// install keeps the program's files and runs the installer over them.
func (a *applying) install() error {
	if err := a.step(Copying); err != nil {
		return a.stay("it could not be kept where it has come.")
	}
	if copyTree(a.folder(), a.before()) != nil {
		return a.stay("the program's files could not be kept, as there is no room, or there are too many.")
	}
	installer := filepath.Join(a.dir, a.File)
	if !isFile(installer, a.SHA256) {
		return a.stay("what was downloaded has changed since.")
	}
	if err := a.step(Installing); err != nil {
		return a.stay("it could not be kept where it has come.")
	}
	atLogon(helper(a.dir, a.state), a.dir)
	ctx, cancel := context.WithTimeout(context.Background(), a.within.Install)
	defer cancel()
	// For this user also where Callin is there for all, and at once or not at all: who is on
	// air at another desk of this PC may be for an hour. An older installer passes over what it does not know.
	c := exec.CommandContext(ctx, installer, "/S", "/CurrentUser", "/WAIT=0")
	c.Dir, c.SysProcAttr = a.dir, apart()
	if err := c.Run(); err != nil {
		why := "its installer could not be started."
		var code *exec.ExitError
		switch {
		case ctx.Err() != nil:
			why = "its installer did not end."
		case errors.As(err, &code) && code.ExitCode() == notQuiet:
			why = "somebody is on air at this PC, or a program there still uses Callin."
		case errors.As(err, &code):
			why = fmt.Sprintf("its installer ended with the code %d.", code.ExitCode())
		}
		return a.goBack(why)
	}
	// Once the new one is up nothing is kept of the old one.
	if a.patiently(func() error { return flushTree(a.folder()) }) != nil {
		return a.goBack("its files could not be written to the disk.")
	}
	return a.startNew()
}

// startNew starts the new desk, and goes back if that does not come up.
func (a *applying) startNew() error {
	if err := a.step(Starting); err != nil {
		return a.goBack("it could not be kept where it has come.")
	}
	if up, end := a.start(a.To); !up {
		end()
		return a.goBack("it did not start.")
	}
	return a.done()
}

// done is the end of an update whose desk is up.
func (a *applying) done() error {
	if err := a.finish(Done); err != nil {
		return err
	}
	a.over()
	return nil
}

// goBack puts the old program's files back and starts it.
func (a *applying) goBack(why string) error {
	a.Why = why
	atLogon(helper(a.dir, a.state), a.dir) // once more: the system may have started this by it
	_ = a.step(Restoring)                  // the files are worth more than the word of it
	os.Remove(filepath.Join(a.dir, a.File))
	if a.patiently(func() error { return mirror(a.before(), a.folder()) }) != nil {
		return a.leaveHalf()
	}
	installed(a.folder(), a.From)
	return a.stay(a.Why)
}

// patiently tries something with files again and again.
func (a *applying) patiently(do func() error) error {
	for late := time.Now().Add(a.within.Files); ; time.Sleep(pollEach) {
		if err := do(); err == nil || time.Now().After(late) {
			return err
		}
	}
}

// leaveHalf starts what there is, where not all of the old files can be put back now. They
// are kept: the next start or logon tries again.
func (a *applying) leaveHalf() error {
	a.Resumed++
	if a.Resumed >= mostResumed {
		notAtLogon()
	}
	a.Installed = installedAt(a.Program)
	err := a.step(Half)
	a.start("") // before the folder is free, or that start would be the next one
	return err
}

// stay starts the old desk again, which says why. Its files are all there.
func (a *applying) stay(why string) error {
	a.Why = why
	os.Remove(filepath.Join(a.dir, a.File)) // which makes room for the word of it
	err := a.finish(Back)
	if err == nil {
		a.over()
	}
	return errors.Join(err, launch(a.Program, nil, a.cwd(), a.Args...))
}

// finish is a last step. Where there is no room for the word of it, the desk starts without.
func (a *applying) finish(s Step) error {
	if a.step(s) == nil {
		return nil
	}
	return os.Remove(filepath.Join(a.dir, stateFile))
}

// over deletes what is needed no longer; what is left of it the desk does.
func (a *applying) over() {
	notAtLogon()
	for _, name := range []string{a.File, beforeDir, upFile} {
		os.RemoveAll(filepath.Join(a.dir, name))
	}
}

// cwd is where the desk is started in; empty for the same as this.
func (a *applying) cwd() string {
	if info, err := os.Stat(a.Cwd); err == nil && info.IsDir() {
		return a.Cwd
	}
	return ""
}

// start starts the desk and waits until one of the version is up, or of any for an empty
// one. One that is not up in time still runs: end ends it.
func (a *applying) start(version string) (up bool, end func()) {
	os.Remove(filepath.Join(a.dir, upFile))
	c := exec.Command(a.Program, a.Args...)
	c.Dir, c.SysProcAttr = a.cwd(), apart()
	if c.Start() != nil {
		return false, func() {}
	}
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		c.Wait()
	}()
	end = func() {
		c.Process.Kill()
		<-ended
	}
	late := time.After(a.within.Up)
	look := time.NewTicker(pollEach)
	defer look.Stop()
	for gone := ended; ; {
		select {
		case <-look.C:
			if isUp(a.dir, version) {
				return true, end
			}
		case <-gone:
			if !c.ProcessState.Success() {
				return false, end
			}
			gone = nil // it leads to another start, which is about to be up
		case <-late:
			return false, end
		}
	}
}

// isFile reports whether a file has a hash.
func isFile(path, hash string) bool {
	f, err := os.Open(path)
	if err != nil {
		return false
	}
	defer f.Close()
	sum := sha256.New()
	_, err = io.Copy(sum, f)
	return err == nil && hex.EncodeToString(sum.Sum(nil)) == hash
}
