// Package voices holds what the callers of a rehearsal say: a few seconds each,
// rendered once by make.sh, spoken by people who do not exist.
package voices

import (
	"embed"
	"fmt"

	"callin/app/rehearsal/media"
)

//go:embed *.wav
var files embed.FS

// Voice is one person's. ID names it in requests, Name is who speaks.
type Voice struct{ ID, Name string }

// All are the voices there are.
var All = []Voice{
	{"ana", "Ana Duarte"},
	{"ben", "Ben Okafor"},
	{"carla", "Carla Lindqvist"},
	{"dmitri", "Dmitri Hale"},
	{"edith", "Edith Moreau"},
	{"farid", "Farid Nasser"},
	{"greta", "Greta Holm"},
	{"hugo", "Hugo Tanaka"},
}

// Samples returns what a voice says, at media.Rate.
func Samples(id string) ([]int16, error) {
	b, err := files.ReadFile(id + ".wav")
	if err != nil {
		return nil, fmt.Errorf("no voice %q", id)
	}
	return media.ParseWAV(b)
}
