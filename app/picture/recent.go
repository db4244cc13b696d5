package picture

// remembered is how many calls or conferences are kept in mind after their end.
// Twilio repeats a callback for minutes at most; this many last a show for hours.
const remembered = 4096

// Recent remembers the last calls or conferences of a kind by the fact that told
// of them, so that what Twilio tells late does not bring one back.
type Recent[T comparable] struct {
	by   map[T]int64
	ring []T
	next int
}

// Add remembers id by the number of a fact; the first one counts.
func (r *Recent[T]) Add(id T, seq int64) {
	if r.by == nil {
		r.by = map[T]int64{}
	}
	if r.Has(id) {
		return
	}
	if len(r.ring) < remembered {
		r.ring = append(r.ring, id)
	} else {
		delete(r.by, r.ring[r.next])
		r.ring[r.next] = id
		r.next = (r.next + 1) % remembered
	}
	r.by[id] = seq
}

// Has reports whether id is remembered.
func (r *Recent[T]) Has(id T) bool {
	_, has := r.by[id]
	return has
}

// seq is the number of the fact that told of id; 0 when it is not remembered.
func (r *Recent[T]) seq(id T) int64 { return r.by[id] }
