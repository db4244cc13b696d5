package exchange

import "fmt"

// Fault is a request that Twilio refuses, by the code of its error dictionary.
type Fault struct {
	Code    int
	Message string
}

func (f *Fault) Error() string { return fmt.Sprintf("%d: %s", f.Code, f.Message) }

// NotFound is the fault for a resource that is not there, or no longer.
func NotFound(path string) *Fault {
	return &Fault{20404, "The requested resource " + path + " was not found"}
}

func find[T any](list []*T, f func(*T) bool) *T {
	for _, x := range list {
		if f(x) {
			return x
		}
	}
	return nil
}
