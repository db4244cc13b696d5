//go:build unix

package update

import (
	"flag"
	"os"
	"testing"

	"go.uber.org/goleak"
)

// A copy of the tests' own program is the desk that is updated, and what updates it.
func TestMain(m *testing.M) {
	switch {
	case os.Getenv(asDesk) == "":
		// Most of these tests wait. The command line goes before this.
		if err := flag.Set("test.parallel", "4"); err != nil {
			panic(err)
		}
		goleak.VerifyTestMain(m) // nothing that the tests have started may outlive them
	case len(os.Args) > 1 && os.Args[1] == Command:
		os.Exit(standInHelper(os.Args[2]))
	default:
		os.Exit(standInDesk())
	}
}
