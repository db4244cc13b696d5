//go:build desktop

package window

import (
	"slices"
	"testing"

	"github.com/wailsapp/wails/v2/pkg/logger"
)

// The words are Wails' own (2.15), of a browser that has ended and of one whose page is begun anew by itself.
func TestTheDeskIsInTheBrowserOnceTheWindowHasFailed(t *testing.T) {
	var log []string
	opened := 0
	said := saidByWails{logger.NewDefaultLogger(), func(m string) { log = append(log, m) }, func() { opened++ }}
	said.Error("WebVie2wProcess failed with kind 1")
	if opened != 0 {
		t.Error("a page that comes back opens a browser")
	}
	said.Error("WebVie2wProcess failed with kind 0")
	if want := []string{"WebVie2wProcess failed with kind 1", "WebVie2wProcess failed with kind 0"}; opened != 1 || !slices.Equal(log, want) {
		t.Errorf("%d browsers, and the log has %q", opened, log)
	}
}
