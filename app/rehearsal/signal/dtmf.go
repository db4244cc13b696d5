package signal

// eventKeys are the telephone events 0 to 11 (RFC 4733, table 3). A to D, which
// no softphone has, are left out.
const eventKeys = "0123456789*#"

// keypad reads telephone events. All packets of one key press carry the same
// timestamp: the first one tells the key, the rest say that it is still down.
type keypad struct {
	some bool
	last uint32
}

// event returns the key that a packet reports for the first time, or "".
func (k *keypad) event(timestamp uint32, payload []byte) string {
	if len(payload) < 4 || int(payload[0]) >= len(eventKeys) {
		return ""
	}
	if k.some && int32(timestamp-k.last) <= 0 { // repeated, or late
		return ""
	}
	k.some, k.last = true, timestamp
	return eventKeys[payload[0]:][:1]
}
