// Package speech makes sound of a sentence with the computer's own speech program, which
// is played where a person chooses: a browser's own speech goes to the output that is on air.
package speech

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"time"

	"callin/app/call"
)

const (
	// longest is how long a sentence may take to be made sound of.
	longest = 5 * time.Second
	// apart is how long after one sentence another one may begin.
	apart = 200 * time.Millisecond
	// largest is the most bytes that a sentence's sound may have.
	largest = 8 << 20
)

// Speaker makes sound of one sentence at a time.
type Speaker struct {
	busy  sync.Mutex
	began time.Time // guarded by busy
	// program is the speech program's name with its arguments for a file to write to.
	program func(file string) []string
}

// New makes the computer's speaker. Whether it has a speech program is seen at each sentence,
// as one can be installed meanwhile.
func New() *Speaker { return &Speaker{program: programOf(runtime.GOOS)} }

// windows reads the sentence from standard input: nothing of it is in a command.
const windows = `$ErrorActionPreference='Stop'; [Console]::InputEncoding=[Text.Encoding]::UTF8; Add-Type -AssemblyName System.Speech; ` +
	`$s=New-Object System.Speech.Synthesis.SpeechSynthesizer; $s.SetOutputToWaveFile($env:CALLIN_SPEECH); $s.Speak([Console]::In.ReadToEnd()); $s.Dispose()`

// programOf is the speech program that a system has. Each reads the sentence from its standard
// input, where no word can be an option.
func programOf(system string) func(file string) []string {
	switch system {
	case "windows":
		return func(string) []string {
			return []string{"powershell.exe", "-NoProfile", "-NonInteractive", "-Command", windows}
		}
	case "darwin":
		return func(file string) []string {
			return []string{"say", "--file-format=WAVE", "--data-format=LEI16@22050", "-o", file, "-f", "-"}
		}
	default:
		return func(file string) []string { return []string{"espeak-ng", "--stdin", "-w", file} }
	}
}

// Say is a sentence as a WAVE file.
func (s *Speaker) Say(ctx context.Context, sentence string) ([]byte, error) {
	if !s.busy.TryLock() {
		return nil, errBusy
	}
	defer s.busy.Unlock()
	if time.Since(s.began) < apart {
		return nil, errBusy
	}
	s.began = time.Now()
	dir, err := os.MkdirTemp("", "callin-speech-")
	if err != nil {
		return nil, fmt.Errorf("speech: %w", err)
	}
	defer os.RemoveAll(dir)
	file := filepath.Join(dir, "speech.wav")
	ctx, cancel := context.WithTimeout(ctx, longest)
	defer cancel()
	words := s.program(file)
	cmd := exec.CommandContext(ctx, words[0], words[1:]...)
	cmd.WaitDelay = time.Second
	cmd.Env = append(os.Environ(), "CALLIN_SPEECH="+file)
	// Two brackets begin commands to espeak-ng and to say.
	cmd.Stdin = strings.NewReader(strings.NewReplacer("[", " ", "]", " ").Replace(sentence))
	if err := cmd.Run(); err != nil {
		if errors.Is(err, exec.ErrNotFound) {
			return nil, errNone
		}
		return nil, fmt.Errorf("speech: %s: %w", words[0], err)
	}
	return read(file)
}

func read(file string) ([]byte, error) {
	at, err := os.Stat(file)
	if errors.Is(err, fs.ErrNotExist) || err == nil && at.Size() > largest {
		return nil, errors.New("speech: the program made no sound, or too much")
	}
	if err != nil {
		return nil, fmt.Errorf("speech: %w", err)
	}
	return os.ReadFile(file)
}

var (
	errBusy = &call.Error{Code: call.CodeSpeaking, Message: "Another sentence is being spoken. Try again."}
	errNone = &call.Error{Code: call.CodeNoSpeech, Message: "This computer has no speech program. On Linux install espeak-ng, then try again."}
)
