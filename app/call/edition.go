package call

// SavedFile is a file that somebody saved a show's record as: its path, or its name
// alone where a browser chose the folder, and when, in milliseconds since 1970.
type SavedFile struct {
	Name string `json:"name"`
	At   int64  `json:"at"`
}

// Erased says of how many calls a person's data was blanked, and what may have it
// still: files that were saved, and damaged journals.
type Erased struct {
	Calls int
	Files []SavedFile
	Aside []string
}

// Edition is one broadcast of a show, from its opening to its closing. Times
// are milliseconds since 1970, UTC.
type Edition struct {
	Studio Studio `json:"-"`
	// Show is the number of the fact that opened it.
	Show   int64 `json:"show"`
	Opened int64 `json:"opened"`
	Closed int64 `json:"closed"` // 0 while it is open
	// Calls is how many callers rang in.
	Calls int64 `json:"calls"`
	// Until is the number of the fact that opened the next edition, 0 for the
	// last one: what comes after the closing stands at the end of its record,
	// so that every fact is in one.
	Until int64 `json:"-"`
}
