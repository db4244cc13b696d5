package picture

// remembered is how many calls or conferences are kept in mind after their end.
// Twilio repeats a callback for minutes at most; this many last a show for hours.
const remembered = 4096

// Recent remembers the last calls or conferences of a kind, in the order in which
// they came, so that what Twilio tells late does not bring one back.
type Recent[T comparable] struct {
	place map[T]int64 // in the order, from 1
	count int64
	ring  []T
	next  int
}

// Add remembers id; the first time counts.
func (r *Recent[T]) Add(id T) {
	if r.Has(id) {
		return
	}
	if r.place == nil {
		r.place = map[T]int64{}
	}
	if len(r.ring) < remembered {
		r.ring = append(r.ring, id)
	} else {
		delete(r.place, r.ring[r.next])
		r.ring[r.next] = id
		r.next = (r.next + 1) % remembered
	}
	r.count++
	r.place[id] = r.count
}

// Has reports whether id is remembered.
func (r *Recent[T]) Has(id T) bool { return r.place[id] != 0 }

// Before reports whether a came before b; false when one is not remembered.
func (r *Recent[T]) Before(a, b T) bool {
	return r.Has(a) && r.Has(b) && r.place[a] < r.place[b]
}
