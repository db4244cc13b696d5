//go:build soak

package app_test

import (
	"fmt"
	"maps"
	"slices"
	"sync"
)

// tally counts what was done and what was refused.
type tally struct {
	mu            sync.Mutex
	done, refused map[string]int
}

func (c *tally) count(what string, err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if err == nil {
		c.done[what]++
	} else {
		c.refused[what]++
	}
}

func (c *tally) of(what string) int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.done[what]
}

func (c *tally) lines() (all []string) {
	for _, what := range slices.Sorted(maps.Keys(c.done)) {
		all = append(all, fmt.Sprintf("%-8s %5d done, %d refused", what, c.done[what], c.refused[what]))
	}
	return all
}
