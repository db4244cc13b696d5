package update

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"callin/app/folder"
)

// Step is how far an update has come. It is on disk before what it says is begun.
type Step string

// The steps, in their order. Until Installing nothing of the program has been touched.
const (
	Waiting    Step = "waiting" // for the desk to end
	Copying    Step = "copying" // the program's files, to where they are kept
	Installing Step = "installing"
	Starting   Step = "starting" // the new desk, until it says that it is up
	Restoring  Step = "restoring"
	Half       Step = "half" // not all the old files could be put back; the desk that there is, is started
	Back       Step = "back" // the old desk is started again
	Done       Step = "done"
)

// The files of the folder, beside a download.
const (
	stateFile = "state.json"
	upFile    = "up.json"
	// beforeDir has the program's files as they were, and helperDir the copy of the
	// old program that does all this.
	beforeDir = "before"
	helperDir = "helper"
)

// state is an update that is under way, or the last one.
type state struct {
	Step Step   `json:"step"`
	From string `json:"from"`
	To   string `json:"to"`
	// File is the installer, in the folder.
	File   string `json:"file"`
	SHA256 string `json:"sha256"`
	// Program is the path of the desk's; Args and Cwd are what it was started with and in.
	Program string   `json:"program"`
	Args    []string `json:"args"`
	Cwd     string   `json:"cwd"`
	// Why is why it went back, in words.
	Why string `json:"why,omitempty"`
	// Resumed is how often it was gone on with after a break, or could not be ended.
	Resumed int `json:"resumed,omitempty"`
	// Installed is when an installer was here last as it was left half, see installedAt.
	Installed int64 `json:"installed,omitempty"`
}

// mixed is whether the program's files may be some of the one and some of the other.
func (s state) mixed() bool { return s.Step == Installing || s.Step == Restoring || s.Step == Half }

// installedSince is whether somebody has installed Callin by hand after it was left half.
func (s state) installedSince() bool { return installedAt(s.Program) != s.Installed }

func loadState(dir string) (s state, there bool) {
	text, err := os.ReadFile(filepath.Join(dir, stateFile))
	if err != nil || json.Unmarshal(text, &s) != nil || s.Program == "" {
		return state{}, false
	}
	return s, true
}

func (s state) save(dir string) error { return writeFile(filepath.Join(dir, stateFile), s) }

// writeFile writes a value as JSON, whole or not at all.
func writeFile(path string, v any) error {
	text, err := json.Marshal(v)
	if err != nil {
		return fmt.Errorf("update: %w", err)
	}
	f, err := os.CreateTemp(filepath.Dir(path), "write-*")
	if err != nil {
		return fmt.Errorf("update: %w", err)
	}
	defer os.Remove(f.Name()) // not there any more once it is renamed
	_, err = f.Write(text)
	if err = errors.Join(err, f.Sync(), f.Close()); err == nil {
		err = errors.Join(os.Rename(f.Name(), path), flush(filepath.Dir(path)))
	}
	if err != nil {
		return fmt.Errorf("update: %w", err)
	}
	return nil
}

// up is what a desk writes once its page's door answers.
type up struct {
	Version string `json:"version"`
}

// Up says that the desk of a version has started, to an update that waits for that.
func Up(dir, version string) error {
	if _, there := loadState(dir); !there {
		return nil // nobody waits
	}
	return writeFile(filepath.Join(dir, upFile), up{version})
}

// isUp is whether the desk of a version has said so, or of any for an empty one.
func isUp(dir, version string) bool {
	var said up
	text, err := os.ReadFile(filepath.Join(dir, upFile))
	return err == nil && json.Unmarshal(text, &said) == nil && (version == "" || said.Version == version)
}

// sweep deletes what an update has left that is over. What is under way has the folder.
func sweep(dir string) {
	held, err := folder.Take(dir)
	if err != nil {
		return
	}
	defer held.Close()
	if s, there := loadState(dir); !there || s.Step == Done || s.Step == Back {
		empty(dir)
	}
}

// empty deletes all that is in the folder, the state last: what is left after a break is
// then known to be.
func empty(dir string) {
	notAtLogon()
	entries, _ := os.ReadDir(dir)
	for _, e := range entries {
		if e.Name() != stateFile && e.Name() != lockFile {
			os.RemoveAll(filepath.Join(dir, e.Name()))
		}
	}
	os.Remove(filepath.Join(dir, stateFile))
}

// lockFile is what folder.Take makes where it cannot lock the folder itself.
const lockFile = "callin.lock"
