package call

// Edition is one broadcast of a show, from its opening to its closing. Times
// are milliseconds since 1970, UTC.
type Edition struct {
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
