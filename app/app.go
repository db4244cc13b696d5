// Package app wires Callin together: its commands, what they are made of, and
// how they end.
package app

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/signal"
	"path/filepath"
	"runtime/debug"
	"sync/atomic"
	"syscall"

	"callin/app/call"
	"callin/app/endsession"
	"callin/app/folder"
	"callin/app/rehearsal"
	"callin/app/secret"
	"callin/app/service"
	"callin/app/settings"
	"callin/app/update"
)

// World is what Callin finds around it.
type World struct {
	Stdin          io.Reader
	Stdout, Stderr io.Writer
	Env            func(string) string
	// Policy is what an administrator has set on this computer; nil for nothing.
	Policy func() (settings.Policy, error)
	// Machine is the folder of what the whole computer is paired with.
	Machine string
	// Page is the built page, with index.html at its root.
	Page fs.FS
}

// System is the world of a real process. embedded holds the page in
// frontend/dist.
func System(embedded fs.FS) World {
	page, err := fs.Sub(embedded, "frontend/dist")
	if err != nil {
		panic(err) // only for a path that is not one
	}
	return World{Stdin: os.Stdin, Stdout: os.Stdout, Stderr: os.Stderr, Env: os.Getenv, Policy: settings.SystemPolicy, Machine: machineFolder(), Page: page}
}

// load reads the settings that hold here.
func (w World) load(o options) (set settings.Settings, err error) {
	var policy settings.Policy
	if w.Policy != nil {
		if policy, err = w.Policy(); err != nil {
			return set, err
		}
	}
	return settings.Load(o.settings, o.named, o.data, w.Env, policy)
}

const usage = `Callin is the call-in desk of a radio show.

  callin              a desk: without any settings, a rehearsal
  callin station      a station for desks that are elsewhere, without a window
  callin setup        connects an account at Twilio, and puts it back: --help
  callin desks        gives out desks of the station that runs here: --help
  callin join         makes this PC a desk of a station elsewhere, and callin leave
                      ends that: --help
  callin quiet        is nobody on air at the desks of this computer?: --help
  callin service      on Windows: install a station as a service, or remove it
  callin rehearsal    only the stand-in for Twilio
  callin doctor       looks everything over and says what to do: --help
  callin fallback     what callers hear while Twilio does not reach Callin: the
                      TwiML Bins to make in Twilio's console
  callin version      which Callin this is

Options of callin and callin station:
  --data DIR        where calls and secrets are kept
  --settings FILE   the settings (TOML)
  --no-browser      do not open the desk, only print its address
  --no-callers      in a rehearsal, nobody rings by themselves
  --take-over       take the account's calls from another Callin that runs
  --service         callin station only: a service manager starts and ends it

Options of callin on a PC that is a desk of a station elsewhere:
  --station URL     the station; from then on callin alone will do
  --code CODE       the code that a manager's desk gave for this PC, once
`

// Main runs the command that args name and returns the process's exit code.
func Main(args []string, w World) int {
	command := "desk"
	if len(args) > 0 && len(args[0]) > 0 && args[0][0] != '-' {
		command, args = args[0], args[1:]
	}
	switch command {
	case "desk", "station":
		return run(command, args, w)
	case "rehearsal":
		return rehearsal.Main(args, w.Stdin, w.Stdout, w.Stderr)
	case "join":
		return joinStation(args, w)
	case "leave":
		return leaveStation(args, w)
	case "quiet":
		return whetherQuiet(args, w)
	case "desks":
		return desks(args, w)
	case "doctor":
		return examine(args, w)
	case "fallback":
		return fallback(args, w)
	case "setup":
		return setUp(args, w)
	case "service":
		return manageService(args, w)
	case update.Command:
		return applyUpdate(args, w)
	case "version":
		return printVersion(w.Stdout)
	case "help":
		fmt.Fprint(w.Stdout, usage)
		return 0
	}
	fmt.Fprintf(w.Stderr, "callin: there is no command %q.\n\n%s", command, usage)
	return 2
}

// options are a desk's or a station's own.
type options struct {
	data, settings       string
	log                  string // the log's path; empty when there is none on disk
	named                bool   // the settings, by --settings
	noBrowser, noCallers bool
	takeOver             bool
	anew                 bool // a page has had the station begin again, and waits for it
	newKey               bool // another API key is made; the one that is kept is revoked
	// stationAt and code are of a station elsewhere.
	stationAt, code string
	// pageless is a command's that shows nothing but in its terminal.
	pageless bool
	// headless is a station's: neither a window nor a browser.
	headless bool
	// service is whether a service manager has started this, and answering tells it
	// that Twilio's requests are answered.
	service bool
	// onAirNow is how many callers lose their DJ with this Callin, while it has a desk.
	onAirNow  *atomic.Pointer[func() int]
	answering func(alive func(context.Context) bool) error
	// args are all of these as they were given, and updateSays is what there is to be
	// said of an update.
	args       []string
	updateSays string
}

// blocks says why the computer should not be shut down now; empty when it may be.
func (o options) blocks() string {
	if o.onAir() > 0 {
		return "A caller is on air."
	}
	return ""
}

// onAir is how many callers lose their DJ with this Callin; none before there is a desk.
func (o options) onAir() int {
	if ask := o.onAirNow.Load(); ask != nil {
		return (*ask)()
	}
	return 0
}

func run(command string, args []string, w World) int {
	o := options{headless: command == "station", args: args}
	flags := flag.NewFlagSet("callin", flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	flags.StringVar(&o.data, "data", "", "")
	flags.StringVar(&o.settings, "settings", "", "")
	flags.BoolVar(&o.noBrowser, "no-browser", o.headless, "")
	flags.BoolVar(&o.noCallers, "no-callers", false, "")
	flags.BoolVar(&o.takeOver, "take-over", false, "")
	if o.headless {
		flags.BoolVar(&o.service, "service", false, "")
	}
	flags.StringVar(&o.stationAt, "station", "", "")
	flags.StringVar(&o.code, "code", "", "")
	err := flags.Parse(args)
	if errors.Is(err, flag.ErrHelp) {
		fmt.Fprint(w.Stdout, usage)
		return 0
	}
	if err != nil || flags.NArg() > 0 {
		fmt.Fprintf(w.Stderr, "callin: these options are not understood.\n\n%s", usage)
		return 2
	}
	flags.Visit(func(f *flag.Flag) { o.named = o.named || f.Name == "settings" })
	if err := o.places(); err != nil {
		fmt.Fprintf(w.Stderr, "callin: there is no folder to keep things in. Name one with --data.\n")
		return 1
	}
	if o.service {
		return runService(o, w)
	}
	if !o.headless && o.afterUpdate(w) {
		return 0
	}
	ctx, stop := untilEnded()
	defer stop()
	return logged(ctx, o, w)
}

// logged runs a station until ctx ends, with its log on disk, and returns the
// process's exit code.
func logged(ctx context.Context, o options, w World) int {
	ctx, end := context.WithCancel(ctx)
	defer end()
	o.onAirNow = &atomic.Pointer[func() int]{}
	ended := make(chan struct{})
	if !o.service { // its manager tells it
		stop, err := endsession.Program{Blocks: o.blocks, End: end, Ended: ended}.Follow()
		if err != nil {
			fmt.Fprintln(w.Stderr, "callin: it does not hear of the end of the session:", err)
		}
		defer stop()
	}
	defer close(ended)
	stderr := &veil{to: w.Stderr}
	if o.service { // its log is what it prints, too
		fmt.Fprintln(stderr, starts())
	}
	if file, err := openLog(o.data); err == nil {
		defer file.close()
		stderr.to, o.log = all{w.Stderr, file}, file.path
		if err := keepCrashes(o.data); err != nil {
			fmt.Fprintln(stderr, "callin: a crash would be in no log:", err)
		}
	} else {
		fmt.Fprintln(stderr, "callin: there is no log on disk:", err)
	}
	err := start(ctx, o, w, stderr)
	for errors.Is(err, errAgain) {
		o.noBrowser, o.anew = true, true // its page comes back by itself
		o.newKey = errors.Is(err, errNewKey)
		err = start(ctx, o, w, stderr)
	}
	_ = debug.SetCrashOutput(nil, debug.CrashOptions{}) // not deferred: that would come before a crash's words
	if err != nil {
		fmt.Fprintln(stderr, "callin:", words(err))
		return 1
	}
	return 0
}

// untilEnded is a context that ends when Callin is told to, which it also is by
// a terminal that is closed, unless it was started to outlive it (nohup).
func untilEnded() (context.Context, context.CancelFunc) {
	told := []os.Signal{os.Interrupt, syscall.SIGTERM}
	if !signal.Ignored(syscall.SIGHUP) {
		told = append(told, syscall.SIGHUP)
	}
	// Whoever read what Callin prints may have gone first: a word to nobody must
	// not end it before its order.
	nobody := make(chan os.Signal, 1)
	signal.Notify(nobody, syscall.SIGPIPE)
	ctx, stop := signal.NotifyContext(context.Background(), told...)
	return ctx, func() { stop(); signal.Stop(nobody) }
}

// places fills in where settings and data are by default.
func (o *options) places() error {
	if !o.named && o.service && o.data != "" {
		o.settings = filepath.Join(o.data, "callin.toml") // a service has no home
	} else if !o.named {
		dir, err := os.UserConfigDir()
		if err != nil {
			return err
		}
		o.settings = filepath.Join(dir, "callin", "callin.toml")
	}
	if o.data == "" {
		home, err := os.UserHomeDir()
		if err != nil {
			return err
		}
		o.data = filepath.Join(home, ".callin")
	}
	// Another start, also that at login, knows them by their paths, wherever it is started.
	data, err := filepath.Abs(o.data)
	o.data = data
	if err == nil && o.settings != "" { // which is refused where it is read
		o.settings, err = filepath.Abs(o.settings)
	}
	return err
}

// words says an error to a person.
func words(err error) string {
	if said := sentences(err); said != "" {
		return said
	}
	return "it did not start. " + err.Error()
}

// sentences is what an error that is meant for a person says; empty for another one.
func sentences(err error) string {
	var refused *call.Error
	var setting *settings.Error
	var secrets *secret.Error
	var writable *folder.WritableError
	var managed service.Error
	switch {
	case errors.As(err, &refused):
		return refused.Message
	case errors.As(err, &setting):
		return setting.Error()
	case errors.As(err, &secrets):
		return secrets.Error()
	case errors.As(err, &writable):
		return writable.Error()
	case errors.As(err, &managed):
		return managed.Error()
	}
	return ""
}
