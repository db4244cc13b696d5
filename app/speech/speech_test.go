package speech

import (
	"bytes"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"callin/app/call"
)

// The tests' own program is the speech program: it writes what it was told to the file.
func TestMain(m *testing.M) {
	switch file := os.Getenv("CALLIN_SPEECH"); os.Getenv("SPEECH_TEST") {
	case "writes":
		text, _ := io.ReadAll(os.Stdin)
		os.WriteFile(file, append([]byte("RIFF"+strings.Join(os.Args[1:], " ")), text...), 0o600)
	case "hangs":
		time.Sleep(time.Hour)
	default:
		os.Exit(m.Run())
	}
}

func speaker(t *testing.T, does string) *Speaker {
	t.Setenv("SPEECH_TEST", does)
	t.Setenv("TMPDIR", t.TempDir())
	return &Speaker{program: func(string) []string { return []string{os.Args[0]} }}
}

func TestASentenceIsGivenToTheProgramAndToNoShell(t *testing.T) {
	s := speaker(t, "writes")
	got, err := s.Say(t.Context(), "--help; $(reboot) [[volm 9]] Ana on air.")
	if err != nil || string(got) != "RIFF--help; $(reboot)   volm 9   Ana on air." {
		t.Errorf("it was told %q, %v", got, err)
	}
	if left, _ := filepath.Glob(filepath.Join(os.Getenv("TMPDIR"), "*")); len(left) != 0 {
		t.Errorf("it left %v", left)
	}
}

func TestOneSentenceIsSpokenAtATime(t *testing.T) {
	s := speaker(t, "writes")
	s.busy.Lock()
	if _, err := s.Say(t.Context(), "Ben on air."); !errors.Is(err, errBusy) {
		t.Errorf("a second one: %v", err)
	}
	s.began = time.Now()
	s.busy.Unlock()
	if _, err := s.Say(t.Context(), "Ben on air."); !errors.Is(err, errBusy) {
		t.Errorf("one right after another: %v", err)
	}
}

func TestAProgramThatIsNotThereIsSaid(t *testing.T) {
	s := &Speaker{program: func(string) []string { return []string{"callin-no-such-program"} }}
	var refused *call.Error
	if _, err := s.Say(t.Context(), "Ana."); !errors.As(err, &refused) || refused.Code != call.CodeNoSpeech {
		t.Errorf("refused with %v", err)
	}
}

func TestAProgramThatHangsIsEnded(t *testing.T) {
	s := speaker(t, "hangs")
	began := time.Now()
	if _, err := s.Say(t.Context(), "Ana."); err == nil {
		t.Error("it said something")
	}
	if took := time.Since(began); took > longest+2*time.Second {
		t.Errorf("it was waited for %v", took)
	}
}

// Where the system's program is installed, what it makes is a WAVE file with sound in it.
func TestTheSystemsProgramSpeaks(t *testing.T) {
	got, err := New().Say(t.Context(), "Ana on air.")
	if errors.Is(err, errNone) {
		t.Skip(err)
	}
	if err != nil || !bytes.HasPrefix(got, []byte("RIFF")) || len(got) < 8000 {
		t.Errorf("%d bytes, %v", len(got), err)
	}
}
