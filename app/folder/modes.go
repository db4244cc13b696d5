package folder

import "fmt"

// WritableError: others than the owner can write something, so that what is in
// it may be theirs.
type WritableError struct {
	Path string
	// Owner is whether it is another user's altogether.
	Owner bool
}

// Error says so, and what to do.
func (e *WritableError) Error() string {
	if e.Owner {
		return fmt.Sprintf("%s belongs to another user of this computer, who can change it. Take it over (chown), or name another folder with --data.", e.Path)
	}
	return fmt.Sprintf("Other users of this computer can write to %s. See that nothing in it is theirs, then take that from them: chmod go-w '%s'", e.Path, e.Path)
}
