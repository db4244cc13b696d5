package app

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"callin/app/call"
	"callin/app/desk"
	"callin/app/desk/contract"
)

// plotted is a curve's points from one second to another, as they are told: so many
// seconds after the opening, how many waited and were on air, and the longest wait.
func plotted(c desk.Curve, from, to int64) []string {
	var points []string
	for _, p := range c.Points {
		if s := (p.At - opened.UnixMilli()) / 1000; s >= from && s <= to {
			points = append(points, fmt.Sprintf("%d: %d wait, %d on air, longest %d", s, p.Waiting, p.OnAir, p.LongestWaitMs))
		}
	}
	return points
}

// A browser draws a show's queue by what it is told over HTTP: each point is the most
// of its second, and the last one is the closing.
func TestTheCurveOfAShowSaysHowManyWaitedAndHowLong(t *testing.T) {
	server, sessions := served(t, evening(t))
	browser := contract.Enter(t, server.URL+"/?code="+sessions.Code(0))
	asked, err := http.NewRequestWithContext(t.Context(), http.MethodPost, server.URL+"/api/op/curve", strings.NewReader(`{"show":1}`))
	if err != nil {
		t.Fatal(err)
	}
	asked.Header.Set("Content-Type", "application/json")
	asked.Header.Set("Origin", server.URL)
	answer, err := browser.Do(asked)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	var c desk.Curve
	if err != nil || answer.StatusCode != http.StatusOK || json.Unmarshal(body, &c) != nil {
		t.Fatalf("%d %s, %v", answer.StatusCode, body, err)
	}
	if n := len(c.Points); n != 203 {
		t.Errorf("the curve has %d points", n)
	}
	for _, part := range []struct {
		from, to int64
		want     []string
	}{
		{0, 0, []string{"0: 0 wait, 0 on air, longest 0"}},
		{12, 13, []string{"12: 0 wait, 0 on air, longest 0", "13: 1 wait, 0 on air, longest 3000"}},
		{41, 42, []string{"41: 3 wait, 0 on air, longest 31000", "42: 2 wait, 1 on air, longest 22000"}},
		{101, 102, []string{"101: 2 wait, 1 on air, longest 81000", "102: 2 wait, 0 on air, longest 82000"}},
		{109, 109, []string{"109: 1 wait, 1 on air, longest 79000"}},
		{200, 300, []string{"200: 1 wait, 0 on air, longest 50000", "201: 1 wait, 0 on air, longest 51000", "202: 0 wait, 0 on air, longest 0"}},
	} {
		if diff := cmp.Diff(part.want, plotted(c, part.from, part.to)); diff != "" {
			t.Error(diff)
		}
	}
	if at := c.MostAt - opened.UnixMilli(); c.MostWaiting != 3 || at != 31000 {
		t.Errorf("at most %d waited, %d ms after the opening", c.MostWaiting, at)
	}
}

// A show of days has no more points than a screen can show, and loses no peak for it.
func TestTheCurveOfALongShowIsShortAndHasItsPeaks(t *testing.T) {
	var happened []later
	for i, s := range []float64{86_000, 86_256} {
		ana, ben := call.Sid(fmt.Sprint("CA", i)), call.Sid(fmt.Sprint("CB", i))
		happened = append(
			happened,
			later{s, rang(ana, "", "Ana")}, later{s, placed(ana, inQueue)},
			later{s, rang(ben, "", "Ben")}, later{s + .2, placed(ben, inQueue)},
			later{s + .4, call.EndedAs(ana, "completed")}, later{s + .5, call.EndedAs(ben, "completed")},
		)
	}
	happened = append(happened, later{260_000, call.ShowIs(call.ShowClosed, nil)})
	c := ask[desk.Curve](t, aired(t, happened...), "curve", `{"show":1}`)
	peaks, last := 0, int64(0)
	for _, p := range c.Points {
		if p.Waiting == 2 && p.LongestWaitMs == 500 {
			peaks++
		}
		if p.At <= last {
			t.Fatalf("a point at %d follows one at %d", p.At, last)
		}
		last = p.At
	}
	if n := len(c.Points); n < 300 || n > 602 {
		t.Errorf("it has %d points", n)
	}
	if peaks != 2 || last != opened.UnixMilli()+260_000_000 {
		t.Errorf("it has %d of 2 peaks, and ends at %d", peaks, last)
	}
}

// A clock that is put is no time that passed: the show is told by the clock as it is now.
func TestTheCurveCountsNoTimeForAClockThatWasPut(t *testing.T) {
	for _, step := range []float64{3600, -3600} {
		c := ask[desk.Curve](t, aired(
			t,
			later{10, rang("CA1", "", "Ana")},
			later{11, placed("CA1", inQueue)},
			later{15 + step, call.Fact{Kind: call.ClockSet, Step: int64(step * 1000)}},
			later{20 + step, call.EndedAs("CA1", "completed")},
			later{30 + step, call.ShowIs(call.ShowClosed, nil)},
		), "curve", `{"show":1}`)
		after := int64(step)
		if len(c.Points) != 31 {
			t.Errorf("by %v s: %d points", step, len(c.Points))
		}
		want := []string{fmt.Sprintf("%d: 1 wait, 0 on air, longest 10000", 20+after)}
		if diff := cmp.Diff(want, plotted(c, 20+after, 20+after)); diff != "" {
			t.Error(diff)
		}
	}
}

// Who is brought back to the queue has waited since the call rang in.
func TestTheCurveKnowsWhoWaitsAgain(t *testing.T) {
	c := ask[desk.Curve](t, aired(
		t,
		later{1, rang("CA1", "", "Ana")},
		later{1, placed("CA1", inQueue)},
		later{2, rang("CA2", "", "Ben")},
		later{2, placed("CA2", inQueue)},
		later{5, placed("CA1", parked)},
		later{7, placed("CA1", inQueue)},
		later{9, call.ShowIs(call.ShowClosed, nil)},
	), "curve", `{"show":1}`)
	if diff := cmp.Diff([]string{"7: 1 wait, 0 on air, longest 5000", "8: 2 wait, 0 on air, longest 7000"}, plotted(c, 7, 8)); diff != "" {
		t.Error(diff)
	}
}
