package rehearsal

import (
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	osignal "os/signal"
	"syscall"
)

// Main is `callin rehearsal`. It prints one line of JSON, a Hello, and runs
// until SIGINT, SIGTERM or, with --with-parent, the end of stdin. It returns
// the exit status: 2 for a wrong flag, 1 if it cannot run.
func Main(args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	flags := flag.NewFlagSet("callin rehearsal", flag.ContinueOnError)
	flags.SetOutput(stderr)
	var o Options
	flags.StringVar(&o.Listen, "listen", "127.0.0.1:0", "loopback `address` to listen on")
	flags.IntVar(&o.Pace, "pace", 1, "how many `times` as fast as usual words are spoken")
	flags.BoolVar(&o.Private, "private", false, "let sound be found at no public address of this computer")
	withParent := flags.Bool("with-parent", false, "end when stdin ends, so with whoever started this, however that dies")
	if err := flags.Parse(args); errors.Is(err, flag.ErrHelp) {
		return 0
	} else if err != nil {
		return 2
	}
	if o.Pace < 1 {
		fmt.Fprintln(stderr, "callin rehearsal: --pace counts from 1")
		return 2
	}
	if flags.NArg() > 0 {
		fmt.Fprintf(stderr, "callin rehearsal: %q is not a flag\n", flags.Arg(0))
		return 2
	}
	end := make(chan os.Signal, 1)
	osignal.Notify(end, os.Interrupt, syscall.SIGTERM)
	defer osignal.Stop(end)
	r, err := Start(o)
	if err != nil {
		fmt.Fprintln(stderr, err)
		return 1
	}
	defer r.Close()
	if err := json.NewEncoder(stdout).Encode(r.Hello); err != nil {
		fmt.Fprintln(stderr, err)
		return 1
	}
	orphaned := make(chan struct{})
	if *withParent {
		go func() {
			_, _ = io.Copy(io.Discard, stdin) // ends when the parent does
			close(orphaned)
		}()
	}
	select {
	case <-end:
	case <-orphaned:
	}
	return 0
}
