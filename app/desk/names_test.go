package desk

// Names are all operations that there are.
func Names() (names []string) {
	for name := range operations {
		names = append(names, name)
	}
	return names
}
