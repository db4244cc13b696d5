package journal_test

import (
	"path/filepath"
	"testing"

	"callin/app/call"
)

// An earlier Callin kept what outsiders wrote as it came.
func TestWhatAnEarlierCallinKeptIsReadAsPlainLines(t *testing.T) {
	j := open(t, filepath.Join(t.TempDir(), "journal.db"))
	facts := []call.Fact{
		{Seq: 1, At: 1, Kind: call.Arrived, Call: "CA1", Number: text("+86282452253"), Name: text("\u200b\u2800 ")},
		{Seq: 2, At: 2, Kind: call.Noted, Call: "CA1", Location: text(" Malmo\u0308 "), Topic: text("a\u202eb")},
		{Seq: 3, At: 3, Kind: call.Arrived, Call: "CA2", Number: text("+12015550101"), Name: text("Ana"), Area: text("Jersey\u202e City")},
	}
	if err := j.Append(t.Context(), facts); err != nil {
		t.Fatal(err)
	}
	got := all(t, j)
	for what, c := range map[string][2]string{
		"a number that spells a word": {*got[0].Number, ""},
		"a name that shows nothing":   {*got[0].Name, ""},
		"a location":                  {*got[1].Location, "Malmö"},
		"a topic":                     {*got[1].Topic, "ab"},
		"another caller's number":     {*got[2].Number, "+12015550101"},
		"another caller's name":       {*got[2].Name, "Ana"},
		"where their number is from":  {*got[2].Area, "Jersey City"},
	} {
		if c[0] != c[1] {
			t.Errorf("%s is read as %q, want %q", what, c[0], c[1])
		}
	}
	about, err := j.About(t.Context(), []call.Sid{"CA1"})
	if err != nil || *about[0].Name != "" || *about[1].Location != "Malmö" {
		t.Errorf("who called is %+v, %v", about, err)
	}
}
