//go:build unix

package service

import (
	"context"
	"fmt"
	"net"
	"os"
	"strconv"
	"time"
)

// Run serves under systemd, which says by a signal that it is to end: told is a
// context that then ends.
func Run(told func() (context.Context, context.CancelFunc), serve Serve) (code int, err error) {
	ctx, stop := told()
	defer stop()
	watching := make(chan struct{})
	close(watching)
	code = serve(ctx, func(alive func(context.Context) bool) error {
		if err := notify("READY=1"); err != nil {
			return err
		}
		context.AfterFunc(ctx, func() { _ = notify("STOPPING=1") }) // only a word for whoever looks
		if every := watchdog(); every > 0 {
			watching = make(chan struct{})
			go func() { defer close(watching); watch(ctx, every, alive) }()
		}
		return nil
	})
	stop()
	<-watching
	return code, nil
}

// notify tells systemd something, as sd_notify(3) does; it is nothing where nobody
// listens.
func notify(state string) error {
	socket := os.Getenv("NOTIFY_SOCKET")
	if socket == "" {
		return nil
	}
	to, err := net.DialUnix("unixgram", nil, &net.UnixAddr{Net: "unixgram", Name: socket})
	if err != nil {
		return fmt.Errorf("systemd is not reached: %w", err)
	}
	defer to.Close()
	_, err = to.Write([]byte(state))
	return err
}

// watchdog is how often systemd wants to hear that the process is alive; 0 for never.
func watchdog() time.Duration {
	if pid := os.Getenv("WATCHDOG_PID"); pid != "" && pid != strconv.Itoa(os.Getpid()) {
		return 0
	}
	us, err := strconv.Atoi(os.Getenv("WATCHDOG_USEC"))
	if err != nil || us <= 0 {
		return 0
	}
	return time.Duration(us) * time.Microsecond
}

// watch says so as long as it is true: three times within the time, so that one
// slow answer is not the end.
func watch(ctx context.Context, every time.Duration, alive func(context.Context) bool) {
	beat := time.NewTicker(every / 3)
	defer beat.Stop()
	for {
		asked, done := context.WithTimeout(ctx, every/3)
		if alive(asked) {
			_ = notify("WATCHDOG=1") // systemd that does not hear it will say so
		}
		done()
		select {
		case <-beat.C:
		case <-ctx.Done():
			return
		}
	}
}
