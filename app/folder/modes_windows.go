package folder

// CheckOwn finds nothing: Windows has no such modes, and a user's own folders
// are theirs alone by its lists of who may do what.
func CheckOwn(string) error { return nil }

// MakePrivate does nothing, as CheckOwn.
func MakePrivate(string) (open bool, err error) { return false, nil }
