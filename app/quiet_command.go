package app

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"time"

	"callin/app/call"
)

const quietUsage = `callin quiet ends with 0 if nobody is on air at a desk of this computer, whoever runs it,
and with 3 if somebody is: it must not be updated or shut down then, nor with 1, where a
desk does not say.

Options:
  --wait 10m    wait so long for it
  --end         then end the desks of this computer, in order
  --data DIR    not on Windows: look at this folder only. Without it the user's own is
                looked at, and for root those of all users
`

const (
	quietAgain = time.Second
	// endsWithin is how long desks may take to end.
	endsWithin  = 30 * time.Second
	onAirStatus = 3
)

// whetherQuiet is callin quiet.
func whetherQuiet(args []string, w World) int {
	var wait time.Duration
	var end bool
	var data string
	flags := flag.NewFlagSet("callin quiet", flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	flags.DurationVar(&wait, "wait", 0, "")
	flags.BoolVar(&end, "end", false, "")
	flags.StringVar(&data, "data", "", "")
	err := flags.Parse(args)
	if errors.Is(err, flag.ErrHelp) {
		fmt.Fprint(w.Stdout, quietUsage)
		return 0
	}
	if err != nil || flags.NArg() > 0 || wait < 0 {
		fmt.Fprint(w.Stderr, "callin: these words are not understood.\n\n", quietUsage)
		return 2
	}
	ctx, stop := untilEnded()
	defer stop()
	err = becomeQuiet(ctx, data, wait, end)
	switch {
	case errors.Is(err, errOnAir):
		fmt.Fprintln(w.Stderr, "callin: somebody is on air at a desk of this computer.")
		return onAirStatus
	case err != nil:
		fmt.Fprintln(w.Stderr, "callin:", words(err))
		return 1
	}
	return 0
}

var (
	errOnAir    = errors.New("somebody is on air")
	errNotEnded = &call.Error{Code: call.CodeRunning, Message: "A desk of this computer has not ended. Close it, then try again."}
)

// becomeQuiet waits until nobody is on air, and then has the desks end.
func becomeQuiet(ctx context.Context, data string, wait time.Duration, end bool) error {
	for late := time.Now().Add(wait); ; {
		err := desksQuiet(ctx, data)
		if err == nil && end {
			err = endDesks(ctx, data)
		}
		if !errors.Is(err, errOnAir) {
			return err
		}
		left := time.Until(late)
		if left <= 0 {
			return err
		}
		select {
		case <-time.After(min(left, quietAgain)):
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}
