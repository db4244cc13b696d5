//go:build !desktop

package window

import (
	"testing"

	"go.uber.org/goleak"
)

// Nothing that the tests have started may outlive them. The real window's tests
// go without: Wails never ends the goroutines of its runtime, as a program has
// one window and ends with it.
func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }
