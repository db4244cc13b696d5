//go:build !windows

package app

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"callin/app/call"
	"callin/app/folder"
	"callin/app/settings"
	"callin/app/web"
)

// desksQuiet is an error while somebody is on air.
func desksQuiet(ctx context.Context, data string) error {
	return eachDesk(data, func(dir string) error {
		_, err := askQuiet(ctx, dir, false)
		return err
	})
}

// endDesks has the desks end.
func endDesks(ctx context.Context, data string) error {
	ctx, cancel := context.WithTimeout(ctx, endsWithin)
	defer cancel()
	var ending []string
	err := eachDesk(data, func(dir string) error {
		ends, err := askQuiet(ctx, dir, true)
		if ends {
			ending = append(ending, dir)
		}
		return err
	})
	for _, dir := range ending {
		err = errors.Join(err, ended(ctx, dir))
	}
	return err
}

// eachDesk does something with each folder that a Callin has.
func eachDesk(data string, do func(dir string) error) (err error) {
	folders := []string{data}
	if data == "" {
		folders = homes()
	}
	for _, data := range folders {
		for _, kind := range []string{"station", "rehearsal-account", "rehearsal", remoteKind} {
			dir := filepath.Join(data, kind)
			if has, taken := folder.Take(dir); taken == nil {
				has.Close()
			} else if errors.Is(taken, folder.ErrTaken) {
				err = errors.Join(err, do(dir))
			}
		}
	}
	return err
}

// homes are the folders of all users for root, and otherwise the user's own.
func homes() (folders []string) {
	if home, err := os.UserHomeDir(); err == nil {
		folders = append(folders, filepath.Join(home, ".callin"))
	}
	users, err := os.ReadFile("/etc/passwd")
	if os.Geteuid() != 0 || err != nil {
		return folders
	}
	for line := range strings.Lines(string(users)) {
		if fields := strings.Split(line, ":"); len(fields) > 5 && fields[5] != "/" {
			folders = append(folders, filepath.Join(fields[5], ".callin"))
		}
	}
	return folders
}

// askQuiet asks the Callin that has a folder, and whether it ends now. What proves that
// one may is a code in the folder. One whose door is closed is starting or ending, and has
// nobody on air; one that does not answer may have somebody.
func askQuiet(ctx context.Context, dir string, end bool) (ends bool, err error) {
	kept, err := settings.LoadKept(dir)
	if err != nil || kept.DeskPort == 0 { // it starts for the first time
		return end, err
	}
	host := deskHost(kept.DeskPort)
	code, err := web.LeaveCode(dir, host)
	if err != nil {
		return false, &call.Error{Code: call.CodeNotAllowed, Message: "You may not write in " + dir + ". Do this as its user, or as root."}
	}
	body, err := json.Marshal(web.Quiet{End: end})
	if err != nil {
		return false, err
	}
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://"+host+"/api/quiet", bytes.NewReader(body))
	if err != nil {
		return false, err
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Authorization", web.CodeScheme+" "+code)
	answer, err := http.DefaultClient.Do(r)
	if errors.Is(err, syscall.ECONNREFUSED) {
		return end, nil
	}
	unclear := &call.Error{Code: call.CodeRunning, Message: "The Callin that runs with the folder " + dir + " does not say whether somebody is on air. Look at its desk, and end it there first."}
	if err != nil {
		return false, unclear
	}
	defer answer.Body.Close()
	var now web.Quiet
	if answer.StatusCode != http.StatusOK || json.NewDecoder(answer.Body).Decode(&now) != nil {
		return false, unclear
	}
	if now.OnAir > 0 {
		return false, errOnAir
	}
	return now.End, nil
}

// ended waits until a folder is free.
func ended(ctx context.Context, dir string) error {
	for {
		has, err := folder.Take(dir)
		if !errors.Is(err, folder.ErrTaken) {
			if err == nil {
				has.Close()
			}
			return nil
		}
		select {
		case <-time.After(100 * time.Millisecond):
		case <-ctx.Done():
			return errNotEnded
		}
	}
}
