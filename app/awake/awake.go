// Package awake keeps the computer from going to sleep, and its screen from going dark,
// while something goes on that must not end so.
package awake

import "sync"

// Keeper keeps the computer awake while at least one holds it. The system lets it sleep
// again when this process dies, however it dies.
type Keeper struct {
	// Why is what the system shows of it to who wonders.
	Why string
	// Failed is told when the computer may go to sleep all the same.
	Failed func(error)

	mu      sync.Mutex
	holds   int
	release func()
}

// Hold keeps the computer awake until Drop.
func (k *Keeper) Hold() {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.holds++; k.holds > 1 {
		return
	}
	release, err := keep(k.Why)
	if err != nil {
		k.Failed(err)
	}
	k.release = release
}

// Drop takes one Hold back.
func (k *Keeper) Drop() {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.holds--; k.holds == 0 {
		k.release()
	}
}
