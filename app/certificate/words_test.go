package certificate_test

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"regexp"
	"strings"
	"testing"

	"callin/app/certificate"
)

// Words are compared across two versions of Callin, so those of a pin are for ever;
// and a pin is one bit away from other words.
func TestAPinsWordsAreForEver(t *testing.T) {
	var pin certificate.Pin
	for i := range pin {
		pin[i] = byte(i)
	}
	const want = "tailor daisy necklace octopus · kitchen saucer album lizard" // as Python's hashlib has them too
	if got := pin.Words(); got != want {
		t.Errorf("they are %q, want %q", got, want)
	}
	const list = "f52701bbb84628b23d18bec872ccc698ffa67659cfed4924d9b6aeb22e784ba6"
	if sum := sha256.Sum256([]byte(strings.Join(certificate.WordList, " "))); hex.EncodeToString(sum[:]) != list {
		t.Errorf("the words are other ones, or in another order: %x", sum)
	}
	pin[len(pin)-1] ^= 1
	if got := pin.Words(); got == want || len(strings.Fields(got)) != 9 {
		t.Errorf("those of another pin are %q", got)
	}
}

// Each byte has a word, and four letters tell it from all others.
func TestWordsAreTold(t *testing.T) {
	beginnings, plain := map[string]bool{}, regexp.MustCompile(`^[a-z]{4,10}$`)
	for _, word := range certificate.WordList {
		if !plain.MatchString(word) {
			t.Errorf("%q is no plain word", word)
			continue
		}
		if beginnings[word[:4]] {
			t.Errorf("%q begins like another one", word)
		}
		beginnings[word[:4]] = true
	}
	if len(beginnings) != 256 {
		t.Errorf("there are %d words", len(beginnings))
	}
}

func TestAPinIsReadAsItWasWritten(t *testing.T) {
	for _, pin := range []certificate.Pin{{}, {1, 2, 3}, own(t, t.TempDir()).Pin} {
		text, err := json.Marshal(pin)
		var back certificate.Pin
		if err != nil || json.Unmarshal(text, &back) != nil || back != pin {
			t.Errorf("%v is written as %s, %v, and read as %v", pin, text, err, back)
		}
	}
	good := certificate.Pin{1}.String()
	if !strings.HasPrefix(good, "sha256//AQAA") {
		t.Errorf("it is written as %q", good)
	}
	for _, text := range []string{"sha256//", good[:len(good)-5], strings.TrimPrefix(good, "sha256//"), good + "AAAA", strings.Replace(good, "A=", "B=", 1)} {
		if err := new(certificate.Pin).UnmarshalText([]byte(text)); err == nil {
			t.Errorf("%q was read", text)
		}
	}
}
