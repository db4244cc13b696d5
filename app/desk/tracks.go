package desk

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"slices"
	"strings"

	"callin/app/call"
	"callin/app/tracks"
)

// TrackLimit is the most bytes that a chunk of isolated tracks may have.
const TrackLimit = tracks.Limit

// TracksOf are the files of a show's isolated tracks. Folder is where they are; empty for a
// desk on another computer.
type TracksOf struct {
	Folder string         `json:"folder"`
	Files  []tracks.Track `json:"files"`
}

// TrackBody names one of them.
type TrackBody struct {
	Show int64  `json:"show" need:"yes"`
	File string `json:"file" need:"yes" max:"100"`
}

// TrackFile is one of them, ready to be written somewhere.
type TrackFile struct {
	// Name is what a file of it is called.
	Name  string
	Bytes int64
	Write func(ctx context.Context, to io.Writer) error
}

var (
	errNotRecording = &call.Error{Code: call.CodePhoneOffLine, Message: "This desk is not on the air with its lanes, so it records nothing."}
	errNoTrack      = &call.Error{Code: call.CodeNoSuchTrack, Message: "There is no such track. It may have been removed by age."}
)

// Track takes a chunk of isolated tracks that the desk's page has recorded. What it answers is
// JSON.
func (d Seat) Track(ctx context.Context, in call.Studio, chunk []byte) (json.RawMessage, *call.Error) {
	if refused := d.may(hosts, in); refused != nil {
		return nil, refused
	}
	until := d.Station.Seat(d.By, in).RecordsUntil()
	if until == 0 || d.Tracks == nil {
		return nil, errNotRecording
	}
	kept, err := d.Tracks.Take(ctx, d.By.ID, in, until, chunk)
	if err != nil {
		return nil, d.refused("write isolated tracks", err)
	}
	text, _ := json.Marshal(kept) // a text and yes or no
	return text, nil
}

// recorded is a show as its tracks are named by it.
func (r *Room) recorded(ctx context.Context, of call.Studio, show int64) (tracks.Show, error) {
	e, err := r.edition(ctx, of, show)
	if err == nil && r.Tracks == nil {
		err = errNoTrack
	}
	return tracks.Show{Studio: of, Number: e.Show, Opened: e.Opened}, err
}

// tracksOf lists a show's tracks.
func (a asked) tracksOf(ctx context.Context, number int64) (TracksOf, error) {
	of := TracksOf{Files: []tracks.Track{}}
	show, err := a.recorded(ctx, a.in, number)
	if errors.Is(err, errNoTrack) {
		return of, nil
	} else if err != nil {
		return of, err
	}
	files, err := a.Tracks.Files(show)
	of.Files = append(of.Files, files...)
	if a.by.ID == "" {
		of.Folder = a.Tracks.Folder(show)
	}
	return of, err
}

// trackPath is where a track is, on the station's computer: there is nothing to be saved.
func (a asked) trackPath(ctx context.Context, b TrackBody) (Saved, error) {
	show, err := a.recorded(ctx, a.in, b.Show)
	if err != nil {
		return Saved{}, err
	}
	f, err := a.Tracks.Open(show, b.File)
	if err != nil {
		return Saved{}, errNoTrack
	}
	defer f.Close()
	return Saved{f.Name()}, nil
}

// OpenTrack finds one of a show's tracks.
func (d Seat) OpenTrack(ctx context.Context, of call.Studio, number int64, name string) (TrackFile, *call.Error) {
	if refused := d.may(staff, of); refused != nil {
		return TrackFile{}, refused
	}
	show, err := d.recorded(ctx, of, number)
	if err != nil {
		return TrackFile{}, d.refused("find a track", err)
	}
	files, err := d.Tracks.Files(show)
	at := slices.IndexFunc(files, func(f tracks.Track) bool { return f.Name == name })
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return TrackFile{}, d.refused("find a track", err)
	}
	if at < 0 {
		return TrackFile{}, errNoTrack
	}
	return TrackFile{
		Name: strings.ReplaceAll(name, "/", "-"), Bytes: files[at].Bytes,
		Write: func(_ context.Context, to io.Writer) error {
			f, err := d.Tracks.Open(show, name)
			if err != nil {
				return err
			}
			defer f.Close()
			_, err = io.CopyN(to, f, files[at].Bytes) // it may be growing
			return err
		},
	}, nil
}

// eraseTracks takes a person out of all isolated tracks, by number.
func (r *Room) eraseTracks(ctx context.Context, number string) error {
	if r.Tracks == nil {
		return nil
	}
	calls, err := r.Record.CallsOf(ctx, number)
	if err != nil {
		return err
	}
	if err := r.Tracks.Erase(ctx, calls); err != nil {
		r.Log.Warn("a person could not be taken out of the isolated tracks", "error", err)
		return &call.Error{Code: call.CodeNotDeleted, Message: "The isolated tracks that the person is in could not be changed, so nothing was deleted. See that Callin may write there, then try again."}
	}
	return nil
}
