package exchange

import (
	"cmp"
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"encoding/binary"
	"encoding/hex"
	"sync"
	"sync/atomic"
)

// made counts what SIDs name. A SID is its number under a key that nobody else
// has: it looks as random as Twilio's, and yet tells which of two things was
// made first, also when one of them is there no more.
var made atomic.Uint64

var sidKey = sync.OnceValue(func() cipher.Block {
	key := make([]byte, aes.BlockSize)
	rand.Read(key)                   // never fails: crypto/rand ends the program instead
	block, err := aes.NewCipher(key) // refuses keys of other lengths only
	if err != nil {
		panic(err)
	}
	return block
})

// newSid makes an identifier as Twilio writes them: two letters and 32 hex digits.
func newSid(prefix string) string {
	var b [aes.BlockSize]byte
	binary.BigEndian.PutUint64(b[8:], made.Add(1))
	sidKey().Encrypt(b[:], b[:])
	return prefix + hex.EncodeToString(b[:])
}

// Made is a SID's place in the order in which SIDs with any prefix were made;
// false if it was not made here.
func Made(sid string) (place uint64, ok bool) {
	if len(sid) != 2+2*aes.BlockSize {
		return 0, false
	}
	b, err := hex.DecodeString(sid[2:])
	if err != nil {
		return 0, false
	}
	sidKey().Decrypt(b, b)
	return binary.BigEndian.Uint64(b[8:]), binary.BigEndian.Uint64(b) == 0
}

// byMade orders SIDs as they were made.
func byMade(a, b string) int {
	m, _ := Made(a)
	n, _ := Made(b)
	return cmp.Compare(m, n)
}

// newHex makes a secret of 2n hex digits. twilio-go accepts letters and digits only.
func newHex(n int) string {
	b := make([]byte, n)
	rand.Read(b) // never fails: crypto/rand ends the program instead
	return hex.EncodeToString(b)
}
