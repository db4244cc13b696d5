package app

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"os"
	"strings"

	"callin/app/call"
	"callin/app/certificate"
	"callin/app/remote"
	"callin/app/settings"
)

const joinUsage = `callin join makes this PC a desk of a station, without starting Callin, and prints what
the desk is called there. The next start of Callin is that desk.

  callin join --station URL --key-file FILE    by a roll-out key
  callin join --station URL --code-file FILE   by the code of one desk
  callin join --machine                        once more, by the key that is kept

Options:
  --key KEY, --code CODE   the same, where nobody else sees what is typed
  --machine                for all who use this computer; as administrator
  --data DIR               where Callin keeps what it keeps
  --settings FILE          the settings (TOML); they may name the station, too

The FILE is removed once a key or code was read in it. Where the station is not reached, the first start
of Callin tries again; with --machine a key is kept for administrators alone, and the PC
is no desk until one of them types callin join --machine. A code for a station with a certificate of its own asks whether
two lists of words are the same: without a terminal, the first start of Callin asks.
A PC that the station refused says so at each start, until it joins or leaves.
`

const leaveUsage = `callin leave ends that this PC is a desk of a station: it is signed out there, and what
lets it in is removed here. The desk stays one of the station's, without a PC.

Options:
  --machine     what callin join --machine has made; as administrator
  --data DIR    where Callin keeps what it keeps
`

// joining is what is asked of callin join and callin leave.
type joining struct {
	options
	key, keyFile, codeFile string
	machine                bool
}

// parseJoin reads a command line; false where it is not understood.
func parseJoin(command string, args []string) (j joining, err error) {
	flags := flag.NewFlagSet("callin "+command, flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	flags.StringVar(&j.data, "data", "", "")
	flags.StringVar(&j.settings, "settings", "", "")
	flags.BoolVar(&j.machine, "machine", false, "")
	if command == "join" {
		flags.StringVar(&j.stationAt, "station", "", "")
		flags.StringVar(&j.key, "key", "", "")
		flags.StringVar(&j.keyFile, "key-file", "", "")
		flags.StringVar(&j.code, "code", "", "")
		flags.StringVar(&j.codeFile, "code-file", "", "")
	}
	if err := flags.Parse(args); err != nil {
		return j, err
	}
	flags.Visit(func(f *flag.Flag) { j.named = j.named || f.Name == "settings" })
	ways := 0
	for _, way := range []string{j.key, j.keyFile, j.code, j.codeFile} {
		if way != "" {
			ways++
		}
	}
	again := j.machine && j.stationAt == "" && ways == 0
	if flags.NArg() > 0 || command == "join" && ways != 1 && !again {
		return j, errors.New("not understood")
	}
	return j, j.places()
}

// given reads the key or the code from its file, and removes that.
func (j *joining) given() error {
	for file, into := range map[string]*string{j.keyFile: &j.key, j.codeFile: &j.code} {
		if file == "" {
			continue
		}
		text, err := settings.ReadText(file)
		if err != nil {
			return refusedStart("The file " + file + " cannot be read. See that it is there, that you may read it, and that it is a text.")
		}
		if *into = strings.TrimSpace(text); *into == "" {
			return refusedStart("The file " + file + " is empty. Put the key or the code into it.")
		}
	}
	return nil
}

// used removes the file that the key or the code was in: an installer wrote it. One in which there is
// none stays, as it may be the only copy of something.
func (j *joining) used(stderr io.Writer) {
	if _, whole := parseKey(j.key); !whole && j.code == "" {
		return
	}
	for _, file := range []string{j.keyFile, j.codeFile} {
		if file == "" {
			continue
		}
		if err := os.Remove(file); err != nil && !os.IsNotExist(err) {
			fmt.Fprintf(stderr, "callin: %s cannot be removed. Remove it: what is in it lets others in.\n", file)
		}
	}
}

// joinStation is callin join.
func joinStation(args []string, w World) int {
	j, err := parseJoin("join", args)
	if errors.Is(err, flag.ErrHelp) {
		fmt.Fprint(w.Stdout, joinUsage)
		return 0
	}
	if err != nil {
		fmt.Fprint(w.Stderr, "callin: these words are not understood.\n\n", joinUsage)
		return 2
	}
	ctx, stop := untilEnded()
	defer stop()
	s := j.process(w)
	defer s.end()
	defer j.used(s.stderr)
	now, err := j.join(ctx, s)
	var wait notNow
	switch {
	case err == nil:
		fmt.Fprintln(w.Stdout, now.Desk)
		return 0
	case errors.As(err, &wait):
		again := "the first start of Callin tries again."
		if j.private() {
			again = "type callin join --machine, as administrator, once the station is reached. Callin does not try again by itself, as every user of this PC could read the key then."
		}
		fmt.Fprintf(w.Stdout, "%s\nThis PC is no desk yet: %s\n", wait.why.Message, again)
		return 0
	case errors.Is(err, errNobodyThere):
		fmt.Fprintln(w.Stdout, "The station has a certificate of its own, and nobody is here to compare its words. This PC is no desk yet: the first start of Callin shows the words, within ten minutes.")
		return 0
	}
	fmt.Fprintln(s.stderr, "callin:", words(err))
	return 1
}

func (j joining) process(w World) *process {
	stderr := &veil{to: w.Stderr}
	j.pageless = true
	if !isTerminal(w.Stdin) {
		w.Stdin = strings.NewReader("") // an installer's has nobody at it, and may never end
	}
	return &process{options: j.options, world: w, stderr: stderr, log: slog.New(slog.DiscardHandler)}
}

// join keeps the request, has it done, and removes it unless it is to be tried again.
func (j *joining) join(ctx context.Context, s *process) (now settings.Paired, err error) {
	if j.machine && s.world.Machine == "" {
		return now, refusedStart("This computer has no folder for what belongs to all who use it. Leave --machine out.")
	}
	if err := errors.Join(j.given(), j.again(s)); err != nil {
		return now, err
	}
	s.stderr.hide(j.key)
	r, err := j.request(ctx, s)
	if err != nil {
		return now, err
	}
	dir := s.dir
	if err := errors.Join(settings.KeepComputerID(dir), r.Save(j.asks(s)), j.shares(dir)); err != nil {
		return now, &call.Error{Code: call.CodeNotSaved, Message: "Nothing can be kept in " + dir + ". Free some space and see that you may write there, then do this once more."}
	}
	now, err = s.join(ctx, r, settings.ComputerID(dir))
	wait := notNow{}
	switch later := errors.As(err, &wait); {
	case later && j.private():
		why := wait.why.Message + " An administrator of this PC types callin join --machine once the station is reached."
		return now, errors.Join(err, s.keepRefusal(r, why), j.shares(dir))
	case later, errors.Is(err, errNobodyThere):
		return now, err
	}
	if j.machine {
		err = errors.Join(err, forgetPrivate(dir))
	}
	keep := settings.ForgetRequest(dir)
	if why := sentences(err); why != "" && ctx.Err() == nil {
		keep = s.keepRefusal(r, why)
	}
	return now, errors.Join(err, keep, j.shares(dir))
}

// again takes what is kept of a callin join --machine that has not reached its station.
func (j *joining) again(s *process) error {
	if j.key+j.code != "" {
		return nil
	}
	asked, err := settings.LoadRequest(j.asks(s))
	if err == nil && asked == nil {
		err = refusedStart("No key is kept here to join by. Name the station with --station, and the key's file with --key-file.")
	}
	if err == nil {
		s.stationAt, j.key = asked.Station, asked.Key
	}
	return err
}

// private is whether not all who use the computer may read what is asked.
func (j joining) private() bool { return j.machine && j.code+j.codeFile == "" }

// asks is the folder that the request is kept in.
func (j joining) asks(s *process) string {
	if j.private() {
		return privateOf(s.world.Machine)
	}
	return s.dir
}

func (j joining) shares(dir string) error {
	if !j.machine {
		return nil
	}
	return share(dir)
}

// request is what is to be asked of which station, and takes the folder that it is kept in.
func (j joining) request(ctx context.Context, s *process) (r settings.Request, err error) {
	set, err := s.world.load(j.options)
	if err != nil {
		return r, err
	}
	s.settings = set
	own := s.code
	s.code = ""
	station, err := s.elsewhere()
	s.code = own
	switch {
	case err != nil:
		return r, err
	case set.AccountSid+set.Rehearsal != "":
		return r, refusedStart("The settings have an account, so this PC is a station itself, and a desk of another one has none.")
	case s.stationAt == "" && set.Station == "":
		return r, refusedStart("Name the station with --station.")
	}
	if j.machine {
		s.dir = s.world.Machine
		if err := shareMachine(s.dir); err != nil {
			return r, err
		}
	} else if running, _, err := s.takeFolder(ctx, remoteKind); err != nil {
		return r, err
	} else if kept, _ := s.keptPairing(); running && (kept == nil || kept.Station != station) {
		return r, &call.Error{Code: call.CodeRunning, Message: "Callin is running on this PC already, as a desk. End it, then do this once more."}
	}
	r = settings.NewRequest(station)
	r.Key, r.Code = j.key, j.code
	// Who is a desk of that station already stays that one, whose show may be open.
	if before, _ := settings.LoadPaired(s.dir); before != nil && before.Station == station && letsIn(ctx, *before) {
		r.Secret = before.Secret
	} else if asked, _ := settings.LoadRequest(j.asks(s)); asked != nil && asked.Station == station && asked.Key == r.Key {
		r.Secret = asked.Secret
	}
	return r, nil
}

// isTerminal is whether somebody may read or answer there.
func isTerminal(at any) bool {
	f, ok := at.(*os.File)
	if !ok {
		return false
	}
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}

// letsIn is whether a station knows this PC as its desk. One that was signed out gets
// another secret: somebody may have the one of before.
func letsIn(ctx context.Context, p settings.Paired) bool {
	var pin certificate.Pin
	if pin.UnmarshalText([]byte(p.Pin)) != nil {
		return false
	}
	return remote.LetsIn(ctx, p.Station, pin, p.Secret) == nil
}
