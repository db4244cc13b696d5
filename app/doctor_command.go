package app

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"path/filepath"

	"callin/app/call"
	"callin/app/desk"
	"callin/app/doctor"
	"callin/app/settings"
)

const doctorUsage = `callin doctor looks at all that a show needs, and says what is wrong and what to do.
It may be run while the station runs, and while it does not. It changes nothing. What
only a desk's page can see, such as the microphone, is asked of a desk that is open.

  callin doctor            one line each; ends with 1 if something is wrong
  callin doctor --sheet    the emergency sheet for the studio's wall

Options:
  --data DIR        where the station keeps calls and secrets
  --settings FILE   the settings (TOML)
  --json            the same, for a program
`

// examine runs callin doctor.
func examine(args []string, w World) int {
	var o options
	var asJSON, sheet bool
	flags := flag.NewFlagSet("callin doctor", flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	flags.StringVar(&o.data, "data", "", "")
	flags.StringVar(&o.settings, "settings", "", "")
	flags.BoolVar(&asJSON, "json", false, "")
	flags.BoolVar(&sheet, "sheet", false, "")
	err := flags.Parse(args)
	if errors.Is(err, flag.ErrHelp) {
		fmt.Fprint(w.Stdout, doctorUsage)
		return 0
	}
	if err != nil || flags.NArg() > 0 {
		fmt.Fprint(w.Stderr, "callin: these words are not understood.\n\n", doctorUsage)
		return 2
	}
	flags.Visit(func(f *flag.Flag) { o.named = o.named || f.Name == "settings" })
	ctx, stop := untilEnded()
	defer stop()
	found, err := examined(ctx, o, w, sheet)
	if err != nil {
		fmt.Fprintln(w.Stderr, "callin:", words(err))
		return 1
	}
	if asJSON {
		e := json.NewEncoder(w.Stdout)
		e.SetIndent("", "  ")
		err = e.Encode(found)
	} else if sheet {
		err = printSheet(w.Stdout, found.Sheet)
	} else {
		err = printFindings(w.Stdout, found.Findings)
	}
	if err != nil || len(doctor.Wrong(found.Findings)) > 0 {
		return 1
	}
	return 0
}

// examined asks the station that runs with the folder, or looks itself where none does.
// sheetOnly looks at nothing.
func examined(ctx context.Context, o options, w World, sheetOnly bool) (found desk.Checkup, err error) {
	if err := o.places(); err != nil {
		return found, err
	}
	if m, ok := running(ctx, o.data, w.Stdout); ok {
		if err := m.ask(ctx, "doctor", desk.DoctorBody{Pages: !sheetOnly}, &found); err != nil {
			return found, err
		}
		if sheetOnly {
			found.Findings = nil
		}
		return found, nil
	}
	s, err := sleeping(o, w)
	if err != nil {
		return found, err
	}
	patient := s.absent()
	if !sheetOnly {
		found.Findings = doctor.Run(ctx, patient)
	}
	found.Sheet = s.emergency(s.settings.PublicURL)
	return found, nil
}

// sleeping is a station that does not run, read from its settings and what it keeps.
// Neither its folder nor anything else of it is taken.
func sleeping(o options, w World) (*process, error) {
	set, err := w.load(o)
	if err == nil {
		err = sensible(o.settings, &set)
	}
	if err != nil {
		return nil, err
	}
	log := slog.New(slog.DiscardHandler)
	s := &process{options: o, world: w, log: log, stderr: &veil{to: io.Discard}, settings: set, loaded: set}
	if station, err := s.elsewhere(); err != nil {
		return nil, err
	} else if station != "" {
		return nil, &call.Error{Code: call.CodeNotPaired, Message: "This PC is a desk of the station at " + station + ". Press Doctor on its desk, or run callin doctor on the station's computer."}
	}
	s.dir = filepath.Join(s.data, kindOf(set))
	if s.kept, err = settings.LoadKept(s.dir); err != nil && !errors.Is(err, settings.ErrDamaged) { // a start begins anew with what is damaged
		return nil, err
	}
	if set.VoicePort != 0 {
		s.kept.VoicePort = set.VoicePort
	}
	s.id = call.StationID(settings.StationID(s.dir))
	s.ready.Number, s.ready.DialIn, s.ready.Others = set.Number, set.DialIn, others(set)
	return s, nil
}

// stateWords stand before what was found.
var stateWords = map[desk.FindingState]string{desk.Fine: "fine      ", desk.Wrong: "WRONG     ", desk.Unlooked: "not looked"}

func printFindings(to io.Writer, all []desk.Finding) error {
	for _, f := range all {
		line := fmt.Sprintf("%s  %-11s  %s", stateWords[f.State], f.ID, f.What)
		if f.Do != "" {
			line += " → " + f.Do
		}
		if _, err := fmt.Fprintln(to, line); err != nil {
			return err
		}
	}
	return nil
}

func printSheet(to io.Writer, e desk.Emergency) error {
	fmt.Fprintf(to, "%s: if no desk works\n\n", e.Station)
	for _, st := range e.Studios {
		if st.DialIn == "" {
			fmt.Fprintf(to, "%s (callers dial %s): there is no dial-in number, so nobody can go on by telephone.\n", st.Name, st.Number)
			continue
		}
		fmt.Fprintf(to, "%s (callers dial %s): call %s from any telephone and type the PIN. * brings the next caller.\n", st.Name, st.Number, st.DialIn)
	}
	fmt.Fprintf(to, "%s\nTwilio reaches the station at %s.\n\nWhat the network must let through:\n", e.Pin, e.Address)
	for _, line := range e.Firewall {
		if _, err := fmt.Fprintln(to, "  "+line); err != nil {
			return err
		}
	}
	return nil
}
