package desk

import (
	"testing"

	"go.uber.org/goleak"
)

// Nothing that the tests have started may outlive them.
func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }
