// Package endsession has a program end in order when its user logs off or the computer
// is shut down, where the system asks programs by their windows.
package endsession

// Program is what is ended with the session.
type Program struct {
	// Blocks says why the session is not to end now, for the person who ends it; empty
	// when it may.
	Blocks func() string
	// End has the program end, and Ended is closed once it has.
	End   func()
	Ended <-chan struct{}
}

// Follow follows the end of the session until stop. A system that tells programs by
// signals needs none of it.
func (p Program) Follow() (stop func(), err error) { return p.follow() }
