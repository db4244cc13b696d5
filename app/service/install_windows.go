package service

import (
	"errors"
	"os"
	"path/filepath"
	"time"

	"golang.org/x/sys/windows"
	"golang.org/x/sys/windows/svc"
	"golang.org/x/sys/windows/svc/mgr"
)

// Folder is where the service keeps what it keeps: %ProgramData%\Callin.
func Folder() (string, error) {
	all, err := windows.KnownFolderPath(windows.FOLDERID_ProgramData, 0)
	return filepath.Join(all, name), err
}

// settles is how long the service may take to run, or to end.
const settles = time.Minute

// Install puts this program among the services of Windows, to be started with
// arguments before anybody logs in, and starts it. Desks come to its ports from other
// computers; a firewall that cannot be told so is a FirewallError, once all is done.
func Install(arguments []string, ports []int) error {
	program, err := os.Executable()
	if err != nil {
		return err
	}
	if err := checkProgram(program); err != nil {
		return err
	}
	manager, err := connect()
	if err != nil {
		return err
	}
	defer manager.Disconnect()
	s, err := manager.CreateService(name, program, mgr.Config{
		DisplayName: "Callin", Description: "Answers Twilio for the calls of a radio show, and the show's desks.",
		StartType: mgr.StartAutomatic, ErrorControl: mgr.ErrorNormal,
	}, arguments...)
	switch {
	case errors.Is(err, windows.ERROR_SERVICE_EXISTS):
		return Error("Callin is a service already. To change how it is started type first: callin service remove")
	case errors.Is(err, windows.ERROR_SERVICE_MARKED_FOR_DELETE):
		return Error("The service of before is still being removed. Close the windows that show services, then try again.")
	case err != nil:
		return err
	}
	defer s.Close()
	firewall := openFirewall(program, ports)
	recovery := recovers(s)
	if err := s.Start(); err != nil {
		return Error("Callin is a service now and starts with Windows, but could not be started: " + err.Error())
	}
	if settled(s, svc.Running) != nil {
		return Error("Callin is a service now and is started again and again, but does not answer yet. Its log says why.")
	}
	if recovery != nil {
		return Error("Callin is a service now and runs, but Windows may not start it again when it has failed: " + recovery.Error())
	}
	if firewall != nil {
		return FirewallError{firewall, "Callin is a service now and runs, but Windows' firewall could not be told to let desks in. Allow " + program + " there, for incoming TCP."}
	}
	return nil
}

// recovers has Windows start the service again whenever it fails, by a crash or by
// its own word.
func recovers(s *mgr.Service) error {
	again := func(after time.Duration) mgr.RecoveryAction {
		return mgr.RecoveryAction{Type: mgr.ServiceRestart, Delay: after}
	}
	const day = 24 * 60 * 60
	// The last one is taken however often it has failed before.
	if err := s.SetRecoveryActions([]mgr.RecoveryAction{again(time.Second), again(5 * time.Second), again(30 * time.Second)}, day); err != nil {
		return err
	}
	return s.SetRecoveryActionsOnNonCrashFailures(true)
}

// Remove ends the service and takes it out; what it has kept stays.
func Remove() error {
	manager, err := connect()
	if err != nil {
		return err
	}
	defer manager.Disconnect()
	s, err := manager.OpenService(name)
	if errors.Is(err, windows.ERROR_SERVICE_DOES_NOT_EXIST) {
		return Error("Callin is no service of this computer.")
	} else if err != nil {
		return err
	}
	defer s.Close()
	if err := s.Delete(); err != nil { // first, so that nothing starts it again meanwhile
		return err
	}
	var firewall error
	if err := closeFirewall(); err != nil {
		firewall = FirewallError{err, "Callin is no service any more, but its rule “" + rule + "” may still be in Windows' firewall. Look there, and remove it."}
	}
	_, err = s.Control(svc.Stop)
	if errors.Is(err, windows.ERROR_SERVICE_NOT_ACTIVE) {
		return firewall
	}
	if err == nil || errors.Is(err, windows.ERROR_SERVICE_CANNOT_ACCEPT_CTRL) { // it is ending already
		err = settled(s, svc.Stopped)
	}
	if err != nil {
		return Error("Callin is no service any more, but it has not ended: " + err.Error())
	}
	return firewall
}

func connect() (*mgr.Mgr, error) {
	manager, err := mgr.Connect()
	if errors.Is(err, windows.ERROR_ACCESS_DENIED) {
		return nil, Error("Only an administrator can do this: open the console by Run as administrator.")
	}
	return manager, err
}

// settled waits until the service is in a state.
func settled(s *mgr.Service, state svc.State) error {
	for late := time.Now().Add(settles); ; time.Sleep(100 * time.Millisecond) {
		now, err := s.Query()
		switch {
		case err != nil:
			return err
		case now.State == state:
			return nil
		case time.Now().After(late):
			return errors.New("it takes too long")
		}
	}
}
