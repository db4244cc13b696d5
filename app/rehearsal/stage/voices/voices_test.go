package voices

import "testing"

func TestEveryVoiceSpeaks(t *testing.T) {
	for _, v := range All {
		samples, err := Samples(v.ID)
		if err != nil || len(samples) < 8000 || len(samples) > 5*8000 {
			t.Errorf("%s: %d samples, %v", v.ID, len(samples), err)
		}
	}
	if _, err := Samples("nobody"); err == nil {
		t.Error("a voice that nobody has")
	}
}
