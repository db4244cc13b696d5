// Package autostart has a program start when its user logs in, by what the system itself
// has for that, where the user and other programs can change it too.
package autostart

// Program is what is started at login.
type Program struct {
	// Name is what the system shows, and knows it by.
	Name string
	// Path is the program's own, and Args what it is started with.
	Path string
	Args []string
}

// On reports whether the system starts the program at login.
func (p Program) On() (bool, error) { return p.on() }

// Set has the system start the program at login from now on, or no more.
func (p Program) Set(on bool) error {
	if on {
		return p.add()
	}
	return p.remove()
}
