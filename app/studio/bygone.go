package studio

// remembered is how many ends are kept in mind. Twilio repeats a callback for
// minutes at most; this many calls last a show for hours.
const remembered = 4096

// bygone remembers the last calls or conferences that have ended, so that what
// Twilio tells late of one does not bring it back.
type bygone[T comparable] struct {
	known map[T]bool
	ring  []T
	next  int
}

func (b *bygone[T]) add(sid T) {
	if b.known == nil {
		b.known = map[T]bool{}
	}
	switch {
	case b.known[sid]:
		return
	case len(b.ring) < remembered:
		b.ring = append(b.ring, sid)
	default:
		delete(b.known, b.ring[b.next])
		b.ring[b.next] = sid
		b.next = (b.next + 1) % remembered
	}
	b.known[sid] = true
}

func (b *bygone[T]) has(sid T) bool { return b.known[sid] }
