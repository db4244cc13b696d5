//go:build unix

package update

import (
	"context"
	"crypto/ed25519"
	"encoding/base64"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"callin/app/call"
)

// The environment of a stand-in: a copy of this program in a folder of its own, with its
// version in the file version, what it does in the file does, and its data elsewhere.
const (
	asDesk  = "CALLIN_UPDATE_DESK" // the folder of its data
	withKey = "CALLIN_UPDATE_KEY"
	// killAt is a step at which what updates is killed, once.
	killAt = "CALLIN_UPDATE_KILL"
	// badDisk is a file that cannot be brought to the disk.
	badDisk = "CALLIN_UPDATE_BAD_DISK"
)

var hasty = Patience{End: 10 * time.Second, Install: 6 * time.Second, Up: 2 * time.Second, Files: 500 * time.Millisecond}

// asSystem has this process be on a system that keeps what is to be run at the next logon.
func asSystem() {
	logon := filepath.Join(os.Getenv(asDesk), "logon")
	atLogon = func(helper, _ string) { os.WriteFile(logon, []byte(helper), 0o600) }
	notAtLogon = func() { os.Remove(logon) }
}

func standInHelper(dir string) int {
	asSystem()
	flushed := map[string]bool{}
	flush = func(path string) error {
		flushed[path] = true
		if filepath.Base(path) == os.Getenv(badDisk) {
			return errors.New("a bad disk")
		}
		return toDisk(path)
	}
	reached = func(s Step) {
		if s == Starting { // what would not outlive a power cut from here on?
			all := ""
			at, _ := loadState(dir)
			filepath.WalkDir(filepath.Dir(at.Program), func(path string, _ os.DirEntry, _ error) error {
				if !flushed[path] {
					all += path + "\n"
				}
				return nil
			})
			os.WriteFile(filepath.Join(os.Getenv(asDesk), "unflushed"), []byte(all), 0o600)
		}
		once := filepath.Join(os.Getenv(asDesk), "killed")
		if _, err := os.Stat(once); string(s) == os.Getenv(killAt) && err != nil {
			os.WriteFile(once, nil, 0o600)
			syscall.Kill(os.Getpid(), syscall.SIGKILL)
		}
	}
	if Apply(dir, os.Stdin, hasty) != nil {
		return 1
	}
	return 0
}

// standInDesk is a desk: it says in the file starts that it has started, and is updated
// if the file update-from names an address.
func standInDesk() int {
	asSystem()
	data := os.Getenv(asDesk)
	program, _ := os.Executable()
	read := func(path string) string { text, _ := os.ReadFile(path); return strings.TrimSpace(string(text)) }
	version := read(filepath.Join(filepath.Dir(program), "version"))
	if long := read(filepath.Join(filepath.Dir(program), longName)); long != "" {
		version = long
	}
	does := read(filepath.Join(filepath.Dir(program), "does"))
	switch does {
	case "breaks":
		return 1
	case "hangs":
		time.Sleep(time.Minute)
		return 1
	}
	dir := filepath.Join(data, "update")
	begin := Begin(dir, version)
	starts, _ := os.OpenFile(filepath.Join(data, "starts"), os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	fmt.Fprintf(starts, "%d|%s|%v|%s\n", os.Getpid(), version, begin.End, begin.Says)
	starts.Close()
	if begin.End {
		return 0
	}
	ctx, end := context.WithTimeout(context.Background(), time.Minute)
	defer end()
	if does == "slow" {
		time.Sleep(hasty.Up + time.Second)
	}
	Up(dir, version)
	if does == "kills" { // what has started it, once
		os.Remove(filepath.Join(filepath.Dir(program), "does"))
		syscall.Kill(os.Getppid(), syscall.SIGKILL)
	}
	go func() { // it ends with its test
		for ; ; time.Sleep(10 * time.Millisecond) {
			if _, err := os.Stat(data); err != nil {
				os.Exit(1)
			}
		}
	}()
	from := read(filepath.Join(data, "update-from"))
	if from == "" {
		<-ctx.Done()
		return 1
	}
	os.Remove(filepath.Join(data, "update-from"))
	key, _ := base64.StdEncoding.DecodeString(os.Getenv(withKey))
	u := New(Options{
		Key: key, Version: version, Program: program, Kind: KindOf(program), System: "test/any", Source: At(from), Dir: dir,
		May: func(context.Context) *call.Error { return nil }, End: end, Args: os.Args[1:], Log: slog.New(slog.NewTextHandler(os.Stderr, nil)),
	})
	go u.Run(ctx)
	for ctx.Err() == nil {
		now, changes := u.Now()
		if now.Newer != "" && !now.Busy {
			u.Update(ctx, now.Newer)
		}
		select {
		case <-changes.Done():
		case <-ctx.Done():
		}
	}
	return 0
}

// pc is a PC with a desk that an installer has installed.
type pc struct {
	*testing.T
	installed, data string
	before          map[string]string
	env             []string
	key             ed25519.PrivateKey
}

func newPC(t *testing.T, env ...string) *pc {
	t.Helper()
	private, public := newKey(t)
	p := &pc{T: t, installed: t.TempDir(), data: t.TempDir(), key: private}
	p.env = append(os.Environ(), append(env, asDesk+"="+p.data, withKey+"="+base64.StdEncoding.EncodeToString(public))...)
	program, err := os.Executable()
	if err == nil { // by a process of its own: one that is started meanwhile would hold it open
		err = exec.Command("cp", program, filepath.Join(p.installed, "callin")).Run()
	}
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{"version": "0.2.0\n", "install.json": `{"kind":"per-user"}`, "old": "old", "policy/old": "old"} {
		path := filepath.Join(p.installed, name)
		os.MkdirAll(filepath.Dir(path), 0o700)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	p.before = p.files()
	t.Cleanup(func() {
		for _, s := range p.starts() {
			if pid, err := strconv.Atoi(s[0]); err == nil {
				syscall.Kill(pid, syscall.SIGKILL) // a desk of this test's own
			}
		}
		if held, err := take(filepath.Join(p.data, "update")); err == nil { // what updates it has gone
			held.Close()
		}
	})
	return p
}

// has puts a file into the program's folder before it is updated.
func (p *pc) has(name, text string) {
	p.Helper()
	if err := os.WriteFile(filepath.Join(p.installed, name), []byte(text), 0o600); err != nil {
		p.Fatal(err)
	}
	p.before = p.files()
}

// files are those of the program's folder, by how long they are or what is in them.
func (p *pc) files() map[string]string {
	all := map[string]string{}
	filepath.Walk(p.installed, func(path string, info os.FileInfo, err error) error {
		if err != nil {
			p.Fatal(err)
		}
		rest, _ := filepath.Rel(p.installed, path)
		switch {
		case info.IsDir():
		case info.Size() > 1000:
			all[rest] = fmt.Sprint(info.Mode(), info.Size())
		default:
			text, _ := os.ReadFile(path)
			all[rest] = fmt.Sprint(info.Mode(), string(text))
		}
		return nil
	})
	return all
}

// starts are the desk's: process, version, whether it ended at once, what it said.
func (p *pc) starts() (all [][]string) {
	text, _ := os.ReadFile(filepath.Join(p.data, "starts"))
	for line := range strings.Lines(string(text)) {
		all = append(all, strings.SplitN(strings.TrimSuffix(line, "\n"), "|", 4))
	}
	return all
}

// begin starts the desk as a person does.
func (p *pc) begin(args ...string) *exec.Cmd {
	p.Helper()
	c := exec.Command(filepath.Join(p.installed, "callin"), args...)
	c.Env, c.Dir = p.env, p.data
	c.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	if err := c.Start(); err != nil {
		p.Fatal(err)
	}
	p.Cleanup(func() { c.Process.Kill(); c.Wait() })
	return c
}

// until waits for something of this PC.
func (p *pc) until(what string, is func() bool) {
	p.Helper()
	for late := time.Now().Add(90 * time.Second); !is(); time.Sleep(10 * time.Millisecond) {
		if time.Now().After(late) {
			s, there := loadState(filepath.Join(p.data, "update"))
			p.Fatalf("not %s: %q, %v %+v", what, p.starts(), there, s)
		}
	}
}

// runs waits for a desk of a version that runs and has said something, at the end. One that starts what updates and ends
// may write of its own start after that of the desk which it had started.
func (p *pc) runs(version, says string) {
	p.Helper()
	p.until(version+" that says "+says, func() bool {
		return slices.ContainsFunc(p.starts(), func(start []string) bool {
			pid, _ := strconv.Atoi(start[0])
			return start[1] == version && start[2] == "false" && strings.Contains(start[3], says) && alive(pid)
		})
	})
}

func alive(pid int) bool { return syscall.Kill(pid, 0) == nil }

// update has the desk be updated to 0.3.0, by an installer that runs commands in the
// program's folder.
func (p *pc) update(commands string) {
	p.Helper()
	program := []byte("#!/bin/sh\n[ \"$*\" = '/S /CurrentUser /WAIT=0' ] || exit 9\ncd '" + p.installed + "'\n" + commands + "\n")
	address := offering(p.T, p.key, release("0.3.0", program), program).serve(p.T)
	if err := os.WriteFile(filepath.Join(p.data, "update-from"), []byte(address), 0o600); err != nil {
		p.Fatal(err)
	}
	p.begin("--data", p.data)
}

// clean waits until nothing is left of an update but what says how it ended.
func (p *pc) clean() {
	p.Helper()
	dir := filepath.Join(p.data, "update")
	p.until("clean", func() bool {
		left, _ := os.ReadDir(dir)
		_, err := os.Stat(filepath.Join(p.data, "logon"))
		return err != nil && !slices.ContainsFunc(left, func(e os.DirEntry) bool { return e.Name() != stateFile && e.Name() != helperDir })
	})
}

// logon logs on, at which the system runs what is kept for that, once.
func (p *pc) logon() *exec.Cmd {
	p.Helper()
	entry := filepath.Join(p.data, "logon")
	program, err := os.ReadFile(entry)
	if err != nil {
		p.Fatal("nothing goes on at the next logon: ", err)
	}
	os.Remove(entry)
	c := exec.Command(string(program), Command, filepath.Join(p.data, "update"))
	c.Env = p.env
	if err := c.Start(); err != nil {
		p.Fatal(err)
	}
	return c
}

// What an installer of 0.3.0 does that does it all.
const installs = `rm -r old policy; echo new >new; mkdir -p lib; echo new >lib/new; echo 0.3.0 >version`

func TestADeskIsUpdatedOrStaysAsItWas(t *testing.T) {
	for _, c := range []struct {
		name, commands string
		says           string // by the old desk; empty where the new one runs
	}{
		{"good", installs, ""},
		{"it does not start", installs + "; echo breaks >does", "Callin was not updated to 0.3.0: it did not start. Callin 0.2.0 runs."},
		{"it hangs at its start", installs + "; echo hangs >does", "it did not start. Callin 0.2.0 runs."},
		{"it is no program", installs + "; echo rubbish >callin.new; chmod 700 callin.new; mv callin.new callin", "it did not start. Callin 0.2.0 runs."},
		{"it is not there", installs + "; rm callin", "it did not start. Callin 0.2.0 runs."},
		{"it is another version", installs + "; echo 0.2.9 >version", "it did not start. Callin 0.2.0 runs."},
		{"the installer fails half-way", "rm old; echo new >new; exit 2", "its installer ended with the code 2. Callin 0.2.0 runs."},
		{"somebody is on air", "exit 3", "somebody is on air at this PC, or a program there still uses Callin. Callin 0.2.0 runs."},
		{"folders are files and files folders", "rm -r old policy; mkdir old; echo new >old/new; echo new >policy; exit 2", "its installer ended with the code 2. Callin 0.2.0 runs."},
		{"the disk fails", installs, "its files could not be written to the disk. Callin 0.2.0 runs."},
		{"the old one is slow then", installs + "; echo breaks >does", "it did not start. Callin 0.2.0 runs."},
		{"the installer hangs", "rm old; exec sleep 60", "its installer did not end. Callin 0.2.0 runs."},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			p := newPC(t)
			switch c.name {
			case "the disk fails":
				p.env = append(p.env, badDisk+"=new")
			case "the old one is slow then":
				p.has("does", "slow")
			}
			p.update(c.commands)
			if c.says == "" {
				p.runs("0.3.0", "")
				p.clean()
				if left, err := os.ReadFile(filepath.Join(p.data, "unflushed")); err != nil || len(left) > 0 {
					t.Errorf("as it was started a power cut would have taken %s, %v", left, err)
				}
				after := p.files()
				if after["old"] != "" || !strings.Contains(after["lib/new"], "new") {
					t.Errorf("there is %v", after)
				}
				if all := p.starts(); len(all) != 2 {
					t.Errorf("it was started so: %q", all)
				}
				return
			}
			p.runs("0.2.0", c.says)
			p.asBefore()
		})
	}
}

// asBefore checks that the program's folder is as it was, and nothing of the update is left.
func (p *pc) asBefore() {
	p.Helper()
	p.clean()
	if after := p.files(); fmt.Sprint(after) != fmt.Sprint(p.before) {
		p.Errorf("there is\n%v, and there was\n%v", after, p.before)
	}
}

// A power cut at any step leaves a desk that starts, as before or as the new one, and
// nothing of the update.
func TestAPowerCutAtAnyStepLeavesADeskThatStarts(t *testing.T) {
	for _, c := range []struct {
		at       string // a step, or where an installer is
		commands string
		version  string
		says     string
		// logon is whether the desk itself cannot be started: the system goes on. With cut
		// the power is cut once more while it does.
		logon, cut bool
	}{
		{at: string(Waiting), version: "0.2.0", says: "was interrupted before anything was changed. Callin 0.2.0 runs."},
		{at: string(Copying), version: "0.2.0", says: "was interrupted before anything was changed. Callin 0.2.0 runs."},
		{at: string(Installing), version: "0.2.0", says: "it was interrupted while it was installed. Callin 0.2.0 runs."},
		{at: "half-way", commands: "rm old; echo new >new; echo 0.3.0 >version; kill -9 $PPID; sleep 1", version: "0.2.0", says: "it was interrupted while it was installed."},
		{at: "half a program", commands: "rm old; head -c 99999 callin >c; chmod 700 c; mv c callin; kill -9 $PPID; sleep 1", version: "0.2.0", says: "it was interrupted while it was installed.", logon: true},
		{at: string(Restoring), commands: "rm old; head -c 99999 callin >c; chmod 700 c; mv c callin; kill -9 $PPID; sleep 1", version: "0.2.0", says: "it was interrupted while it was installed.", logon: true, cut: true},
		{at: string(Starting), version: "0.3.0"},
		{at: string(Restoring), commands: installs + "; exit 2", version: "0.2.0", says: "its installer ended with the code 2."},
		{at: string(Back), commands: installs + "; exit 2", version: "0.2.0", says: "its installer ended with the code 2."},
		{at: string(Done), version: "0.3.0"},
	} {
		name := c.at
		if c.cut {
			name += ", after another one"
		}
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := newPC(t, killAt+"="+c.at)
			if c.commands == "" {
				c.commands = installs
			}
			p.update(c.commands)
			dir := filepath.Join(p.data, "update")
			p.until("killed", func() bool {
				s, there := loadState(dir)
				if _, err := os.Stat(filepath.Join(p.data, "killed")); err == nil {
					return true
				}
				if !there || s.Step != Installing || !strings.Contains(c.commands, "$PPID") {
					return false
				}
				held, err := take(dir) // which waits for it to have gone
				if err != nil {
					return false
				}
				held.Close()
				return true
			})
			for _, s := range p.starts() { // the power is gone for all
				pid, _ := strconv.Atoi(s[0])
				syscall.Kill(pid, syscall.SIGKILL)
			}
			if held, err := take(dir); err != nil {
				t.Fatal("what updates is there still: ", err)
			} else {
				held.Close()
			}
			if c.logon {
				s, _ := loadState(dir)
				half := exec.Command(s.Program)
				if half.Env = p.env; half.Run() == nil {
					t.Fatal("half a program starts")
				}
				on := p.logon()
				if c.cut {
					on.Wait()
					if _, err := os.Stat(filepath.Join(p.data, "killed")); err != nil {
						t.Fatal("it was not cut: ", on.ProcessState)
					}
					on = p.logon()
				}
				defer on.Wait()
			} else {
				p.begin("--data", p.data)
			}
			p.runs(c.version, c.says)
			if c.version == "0.2.0" {
				p.asBefore()
				return
			}
			p.clean()
			if after := p.files(); after["old"] != "" || !strings.Contains(after["lib/new"], "new") {
				t.Errorf("there is %v", after)
			}
		})
	}
}

// longName is the name of a file that cannot be put back, as none can lie beside it with a
// longer one. Where it is there, the desk's version is in it.
var longName = strings.Repeat("n", 250)

// Where not all of the old files can be put back, the others are, none is lost, what there is
// runs and says so, and the next start or logon goes on.
func TestFilesThatCannotBePutBackAreKept(t *testing.T) {
	for _, c := range []struct {
		name  string
		after func(p *pc)
	}{
		{"the next start can", func(p *pc) {
			p.mend()
			p.begin("--data", p.data)
			p.runs("0.2.0", "Callin was not updated to 0.3.0: its installer ended with the code 2. Callin 0.2.0 runs.")
			p.asBefore()
		}},
		{"the next logon can", func(p *pc) {
			p.mend()
			defer p.logon().Wait()
			p.runs("0.2.0", "Callin was not updated to 0.3.0: its installer ended with the code 2. Callin 0.2.0 runs.")
			p.asBefore()
		}},
		{"somebody has installed it by hand", func(p *pc) {
			p.has("install.json", `{"kind":"per-user"}`)
			p.has("old", "newer")
			p.begin("--data", p.data)
			p.until("a start", func() bool { return len(p.starts()) == 3 })
			p.runs("0.3.0", "")
			p.clean()
			if after := p.files(); fmt.Sprint(after) != fmt.Sprint(p.before) {
				p.Errorf("there is %v, and %v was installed", after, p.before)
			}
		}},
		{"it never can", func(p *pc) {
			p.logon().Wait()
			p.ends()
			p.logon().Wait()
			p.ends()
			p.begin("--data", p.data)
			p.runs("0.3.0", "could be put back. Install Callin again. Callin 0.3.0 runs.")
			p.ends()
			before := len(p.starts())
			p.begin("--data", p.data)
			p.until("one more start", func() bool { return len(p.starts()) > before })
			p.runs("0.3.0", "could be put back. Install Callin again. Callin 0.3.0 runs.")
			p.isKept()
			if _, err := os.Stat(filepath.Join(p.data, "logon")); err == nil {
				p.Error("it is tried at each logon")
			}
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			p := newPC(t)
			if c.name == "the next start can" {
				p.has("does", "slow") // which is no reason to end it
			}
			p.has(longName, "0.2.0")
			p.update(installs + "; echo 0.3.0 >" + longName + "; exit 2")
			p.runs("0.3.0", "The update to Callin 0.3.0 was not finished: its installer ended with the code 2. Not all files of Callin 0.2.0 could be put back. The next start tries again. Callin 0.3.0 runs.")
			p.isKept()
			after := p.files()
			delete(after, longName)
			before := maps.Clone(p.before)
			delete(before, longName)
			if fmt.Sprint(after) != fmt.Sprint(before) {
				t.Errorf("there is\n%v, and there was\n%v", after, before)
			}
			p.over()
			all := p.starts()
			if pid, _ := strconv.Atoi(all[len(all)-1][0]); !alive(pid) {
				t.Errorf("the desk was ended: %q", all)
			}
			p.ends()
			c.after(p)
		})
	}
}

// isKept checks that the file which could not be put back is kept.
func (p *pc) isKept() {
	p.Helper()
	if kept, err := os.ReadFile(filepath.Join(p.data, "update", beforeDir, longName)); string(kept) != "0.2.0" {
		p.Errorf("there is kept %q, %v", kept, err)
	}
}

// mend has what could not be put back be so.
func (p *pc) mend() {
	if err := os.WriteFile(filepath.Join(p.installed, longName), []byte("0.2.0"), 0o600); err != nil {
		p.Fatal(err)
	}
}

// over waits until what updates the desk has ended.
func (p *pc) over() {
	p.Helper()
	dir := filepath.Join(p.data, "update")
	p.until("over", func() bool {
		held, err := take(dir)
		if err != nil {
			return false
		}
		held.Close()
		return true
	})
}

// ends ends the desks, once what updates them has ended.
func (p *pc) ends() {
	p.Helper()
	p.over()
	for _, s := range p.starts() {
		if pid, err := strconv.Atoi(s[0]); err == nil {
			syscall.Kill(pid, syscall.SIGKILL)
		}
	}
}

// Where what updates was ended just as the new desk was up, the next start finds that it was,
// and takes nothing back.
func TestANewDeskThatWasUpStays(t *testing.T) {
	for _, logon := range []bool{false, true} {
		t.Run(fmt.Sprintf("logon %v", logon), func(t *testing.T) {
			t.Parallel()
			p := newPC(t)
			p.update(installs + "; echo kills >does")
			p.runs("0.3.0", "")
			p.ends()
			if s, _ := loadState(filepath.Join(p.data, "update")); s.Step != Starting {
				t.Fatalf("what updates was not ended, but has come to %+v", s)
			}
			if logon {
				p.logon().Wait()
			}
			desk := strconv.Itoa(p.begin("--data", p.data).Process.Pid)
			p.until("started", func() bool { all := p.starts(); return all[len(all)-1][0] == desk })
			p.clean()
			if all := p.starts(); len(all) != 3 || all[2][1] != "0.3.0" || all[2][2] != "false" || all[2][3] != "" {
				t.Errorf("it was started so: %q", all)
			}
			if after := p.files(); after["old"] != "" || !strings.Contains(after["lib/new"], "new") {
				t.Errorf("there is %v", after)
			}
		})
	}
}

// A power cut in the midst of a download leaves the desk as it was, and no part of it.
func TestAPowerCutInADownloadLeavesNothing(t *testing.T) {
	p := newPC(t)
	program := []byte(strings.Repeat("#", 1<<20))
	o := offering(t, p.key, release("0.3.0", program), program)
	o[installerName] = hangAfter(program[:1<<19])
	if err := os.WriteFile(filepath.Join(p.data, "update-from"), []byte(o.serve(t)), 0o600); err != nil {
		t.Fatal(err)
	}
	first := p.begin()
	part := filepath.Join(p.data, "update", partFile)
	p.until("half there", func() bool { info, err := os.Stat(part); return err == nil && info.Size() > 1<<18 })

	// Another start meanwhile leaves it alone.
	p.begin()
	p.until("a second start", func() bool { return len(p.starts()) == 2 })
	if _, err := os.Stat(part); err != nil {
		t.Error("a second start has deleted the download: ", err)
	}

	first.Process.Kill()
	first.Wait()
	p.begin()
	p.until("a third start", func() bool { return len(p.starts()) == 3 })
	p.runs("0.2.0", "")
	p.asBefore()
	if left, _ := os.ReadDir(filepath.Join(p.data, "update")); len(left) > 0 {
		t.Errorf("there is left %v", left)
	}
}

// A second start while Callin is being updated says so and ends.
func TestAStartInTheMidstOfAnUpdateSaysSo(t *testing.T) {
	p := newPC(t)
	p.update("echo >installing; while [ ! -e '" + p.data + "/go-on' ]; do sleep 0.02; done; rm installing; " + installs)
	p.until("installing", func() bool { _, err := os.Stat(filepath.Join(p.installed, "installing")); return err == nil })
	p.begin().Wait()
	all := p.starts()
	if last := all[len(all)-1]; last[2] != "true" || !strings.Contains(last[3], "Callin is being updated to 0.3.0") {
		t.Errorf("it says %q", last)
	}
	if err := os.WriteFile(filepath.Join(p.data, "go-on"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	p.runs("0.3.0", "")
	p.clean()
}
