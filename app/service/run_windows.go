package service

import (
	"context"
	"errors"
	"sync"
	"time"

	"golang.org/x/sys/windows"
	"golang.org/x/sys/windows/svc"
)

// name is what Windows knows the service by.
const name = "Callin"

// Run serves under Windows' service manager. Signals are left alone, whatever told
// would make of them: one comes to every service when anybody logs off.
func Run(_ func() (context.Context, context.CancelFunc), serve Serve) (code int, err error) {
	h := &handler{serve: serve}
	err = svc.Run(name, h)
	if errors.Is(err, windows.ERROR_FAILED_SERVICE_CONTROLLER_CONNECT) {
		return 1, Error("--service is for the service manager of Windows, which did not start this. Leave it out, or type: callin service install")
	}
	return h.code, err
}

type handler struct {
	serve Serve
	code  int
}

// lasts is how often the manager is told that a start or an end goes on, and
// patience how long it is then to wait for the next word.
const (
	lasts    = 2 * time.Second
	patience = 20 * time.Second
)

// Execute serves until the manager says that it is to end.
func (h *handler) Execute(_ []string, asked <-chan svc.ChangeRequest, status chan<- svc.Status) (own bool, code uint32) {
	ctx, stop := context.WithCancel(context.Background())
	defer stop()
	ready := make(chan struct{})
	answers := sync.OnceFunc(func() { close(ready) })
	ended := make(chan int, 1)
	go func() {
		ended <- h.serve(ctx, func(func(context.Context) bool) error { answers(); return nil })
	}()
	now := svc.Status{State: svc.StartPending, WaitHint: uint32(patience.Milliseconds())}
	status <- now
	still := time.NewTicker(lasts)
	defer still.Stop()
	for {
		select {
		case <-ready:
			ready = nil
			now = svc.Status{State: svc.Running, Accepts: svc.AcceptStop | svc.AcceptShutdown}
			status <- now
		case <-still.C:
			if now.State != svc.Running {
				now.CheckPoint++
				status <- now
			}
		case a := <-asked:
			if a.Cmd == svc.Stop || a.Cmd == svc.Shutdown {
				ready = nil
				now = svc.Status{State: svc.StopPending, WaitHint: uint32(patience.Milliseconds())}
				stop()
			}
			status <- now
		case h.code = <-ended:
			return h.code != 0, uint32(h.code)
		}
	}
}
