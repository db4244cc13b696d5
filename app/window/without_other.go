//go:build !(windows && desktop)

package window

// Missing says nothing: only a window of Windows needs what a computer may lack.
func Missing() string { return "" }

// OfferEnd offers nothing: Callin ends as it was started, on a terminal.
func OfferEnd(func() int, func()) {}
