package app

import (
	"io"
	"log/slog"
	"strings"
	"sync"
)

// logger logs to w and hides what hide is told of, wherever it turns up.
func logger(w io.Writer) (log *slog.Logger, hide func(secrets ...string)) {
	var mu sync.Mutex
	hidden := map[string]bool{}
	veil := func(s string) string {
		mu.Lock()
		defer mu.Unlock()
		for secret := range hidden {
			s = strings.ReplaceAll(s, secret, "[hidden]")
		}
		return s
	}
	log = slog.New(slog.NewTextHandler(w, &slog.HandlerOptions{
		ReplaceAttr: func(_ []string, a slog.Attr) slog.Attr {
			if text := a.Value.String(); veil(text) != text {
				a.Value = slog.StringValue(veil(text))
			}
			return a
		},
	}))
	return log, func(secrets ...string) {
		mu.Lock()
		defer mu.Unlock()
		for _, s := range secrets {
			if s != "" {
				hidden[s] = true
			}
		}
	}
}
