package app

import (
	"cmp"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"net/netip"
	"path/filepath"
	"strconv"

	"callin/app/picture"
	"callin/app/service"
	"callin/app/settings"
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

Its folder, with its log, is Callin in %ProgramData%. Where its settings have a door for
desks elsewhere, install has Windows' firewall let them in, and remove takes that back;
after another door was set, remove and install it once more.
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
	var file string
	var noCallers bool
	flags := flag.NewFlagSet("callin service", flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	if args[0] == "install" {
		flags.StringVar(&file, "settings", "", "")
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
		if err = service.Remove(); doneBut(err) {
			fmt.Fprintln(w.Stdout, "Callin is no service any more. What it has kept is in", folder)
		}
	default:
		if err = installService(w, folder, file, noCallers); doneBut(err) {
			fmt.Fprintln(w.Stdout, "Callin runs as a service, also after a restart of this computer. Its log and what it keeps are in", folder)
		}
	}
	var firewall service.FirewallError
	if errors.As(err, &firewall) { // all else is done
		fmt.Fprintln(w.Stderr, "callin:", firewall)
		return 0
	}
	if err != nil {
		fmt.Fprintln(w.Stderr, "callin:", err)
		return 1
	}
	return 0
}

func installService(w World, folder, file string, noCallers bool) error {
	arguments := []string{"station", "--service", "--data", folder}
	if file != "" {
		path, err := filepath.Abs(file)
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
	// Settings that cannot be read are the service's to say, in its log.
	set, _ := w.load(options{data: folder, settings: cmp.Or(file, filepath.Join(folder, "callin.toml")), named: file != ""})
	return service.Install(arguments, fromElsewhere(set.Door))
}

// doneBut is whether a service was installed or removed, whatever the firewall says.
func doneBut(err error) bool {
	var firewall service.FirewallError
	return err == nil || errors.As(err, &firewall)
}

// fromElsewhere are the ports of a door at which desks of other computers come; none where
// it is this computer's alone.
func fromElsewhere(d settings.Door) (ports []int) {
	host, port, err := net.SplitHostPort(d.Address)
	ip, _ := netip.ParseAddr(host) // without one the door is at all addresses
	if err != nil || ip.IsLoopback() {
		return nil
	}
	number, err := strconv.Atoi(port)
	if err != nil {
		return nil
	}
	if ports = append(ports, number); d.ACME != "" {
		ports = append(ports, 80) // where the authority asks
	}
	return ports
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
