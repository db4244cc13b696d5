package app

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"path/filepath"

	"callin/app/picture"
	"callin/app/service"
)

// runService runs a station for a service manager.
func runService(o options, w World) int {
	if err := service.Guard(o.data); err != nil {
		fmt.Fprintln(w.Stderr, "callin:", words(err))
		return 1
	}
	code, err := service.Run(untilEnded, func(ctx context.Context, ready func(func(context.Context) bool) error) int {
		o.answering = ready
		return logged(ctx, o, w)
	})
	if err != nil {
		fmt.Fprintln(w.Stderr, "callin:", words(err))
	}
	return code
}

const serviceUsage = `callin service install [OPTIONS]   start a station with Windows, before anybody logs in
callin service remove              end it; what it has kept stays

Options of install:
  --settings FILE   the settings (TOML); callin.toml in its folder without it
  --no-callers      in a rehearsal, nobody rings by themselves

Its folder, with its log, is Callin in %ProgramData%.
`

// manageService is callin service.
func manageService(args []string, w World) int {
	folder, err := service.Folder()
	if err != nil {
		fmt.Fprintln(w.Stderr, "callin:", err)
		return 1
	}
	if len(args) == 0 {
		args = []string{""}
	}
	var settings string
	var noCallers bool
	flags := flag.NewFlagSet("callin service", flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	if args[0] == "install" {
		flags.StringVar(&settings, "settings", "", "")
		flags.BoolVar(&noCallers, "no-callers", false, "")
	}
	err = flags.Parse(args[1:])
	switch {
	case args[0] == "help" || errors.Is(err, flag.ErrHelp):
		fmt.Fprint(w.Stdout, serviceUsage)
		return 0
	case args[0] != "install" && args[0] != "remove" || err != nil || flags.NArg() > 0:
		fmt.Fprint(w.Stderr, serviceUsage)
		return 2
	case args[0] == "remove":
		if err = service.Remove(); err == nil {
			fmt.Fprintln(w.Stdout, "Callin is no service any more. What it has kept is in", folder)
		}
	default:
		if err = installService(folder, settings, noCallers); err == nil {
			fmt.Fprintln(w.Stdout, "Callin runs as a service, also after a restart of this computer. Its log and what it keeps are in", folder)
		}
	}
	if err != nil {
		fmt.Fprintln(w.Stderr, "callin:", err)
		return 1
	}
	return 0
}

func installService(folder, settings string, noCallers bool) error {
	arguments := []string{"station", "--service", "--data", folder}
	if settings != "" {
		path, err := filepath.Abs(settings)
		if err != nil {
			return err
		}
		arguments = append(arguments, "--settings", path)
	}
	if noCallers {
		arguments = append(arguments, "--no-callers")
	}
	if err := service.Guard(folder); err != nil {
		return err
	}
	return service.Install(arguments)
}

// alive reports whether the station decides: each of Twilio's requests waits for
// the studio's lock.
func (s *process) alive(ctx context.Context) bool {
	_, ok := s.look(ctx)
	return ok
}

// look is the picture as somebody outside sees it, whom a studio that hangs must not
// hold up: one look at a time waits for it, the others for that one.
func (s *process) look(ctx context.Context) (p picture.Picture, ok bool) {
	select {
	case s.looking <- struct{}{}:
	case <-ctx.Done():
		return p, false
	}
	seen := make(chan picture.Picture, 1)
	go func() {
		seen <- s.show.Picture()
		<-s.looking
	}()
	select {
	case p = <-seen:
		return p, true
	case <-ctx.Done():
		return p, false
	}
}
