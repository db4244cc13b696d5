// Package locked keeps a value that only one goroutine at a time can reach, and
// none without the lock: what guards what is the compiler's to check.
package locked

import "sync"

// Value is a T behind a lock.
type Value[T any] struct {
	mu sync.Mutex
	v  T
}

// New puts v behind a lock. Nobody else may keep it.
func New[T any](v T) *Value[T] { return &Value[T]{v: v} }

// With lets f at the value while nobody else is. f must not wait for anything,
// nor keep the value.
func (l *Value[T]) With(f func(T)) {
	l.mu.Lock()
	defer l.mu.Unlock()
	f(l.v)
}
