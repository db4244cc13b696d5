package window

import (
	"errors"
	"strings"
	"testing"
)

func TestAWindowOpensOnlyWithAWebViewThatWailsTakesAsItIs(t *testing.T) {
	for _, row := range []struct {
		version string
		err     error
		says    string // empty where a window opens
	}{
		{version: "142.0.3595.94"},
		{version: "95.0.1020.30"},
		{version: "143.0.3650.1 beta"},
		{version: "", says: "no WebView2 runtime"},
		{version: "94.0.992.30", says: "94.0.992.30, is too old"},
		{version: "9.1", says: "too old"},
		{version: "", err: errors.New("access is denied"), says: "access is denied"},
	} {
		why := unfit(row.version, row.err)
		if row.says == "" {
			if why != "" {
				t.Errorf("%q: %s", row.version, why)
			}
			continue
		}
		if !strings.Contains(why, row.says) || !strings.Contains(why, "https://developer.microsoft.com/") {
			t.Errorf("%q, %v: %q, want why and where a runtime is", row.version, row.err, why)
		}
	}
}
