package cost

import (
	"maps"
	"testing"

	"callin/app/call"
	"callin/app/picture"
)

// at are facts at seconds.
func at(second int64, f call.Fact) call.Fact {
	f.At = second * 1000
	return f
}

func placed(sid call.Sid, p call.Place) call.Fact {
	return call.Fact{Kind: call.Placed, Call: sid, Place: &p}
}

func arrived(sid call.Sid) call.Fact { return call.Fact{Kind: call.Arrived, Call: sid} }

// shown are the minutes by kind of a studio's show.
func shown(m *Meter, of call.Studio, second int64) map[picture.CostKind]int64 {
	all := map[picture.CostKind]int64{}
	for part, n := range m.Show(of, second*1000) {
		all[part.Kind] = n
	}
	return all
}

func TestMinutesOfAShow(t *testing.T) {
	type minutes = map[picture.CostKind]int64
	const callers, lines, desks, telephones = picture.CostCallers, picture.CostLines, picture.CostDesks, picture.CostTelephones
	open := at(0, call.ShowIs(call.ShowOpening, nil))
	air := func(s call.State) call.Place { return call.OnLine(call.AirLine, s) }
	own := call.DeskID("joe1").Line()
	over := func(second int64, sid call.Sid) call.Fact { return at(second, call.EndedAs(sid, "completed")) }
	for what, c := range map[string]struct {
		facts []call.Fact
		until int64
		want  minutes
	}{
		"a call that has begun is a minute":         {[]call.Fact{open, at(5, arrived("CA1"))}, 5, minutes{callers: 1}},
		"a whole minute is one":                     {[]call.Fact{open, at(5, arrived("CA1"))}, 65, minutes{callers: 1}},
		"a begun one counts whole":                  {[]call.Fact{open, at(5, arrived("CA1"))}, 66, minutes{callers: 2}},
		"each call for itself":                      {[]call.Fact{open, at(0, arrived("CA1")), at(0, arrived("CA2")), over(1, "CA1"), over(1, "CA2")}, 600, minutes{callers: 2}},
		"what is over costs no more":                {[]call.Fact{open, at(0, arrived("CA1")), over(61, "CA1"), over(90, "CA1")}, 600, minutes{callers: 2}},
		"a call that is told of twice":              {[]call.Fact{open, at(0, arrived("CA1")), at(50, arrived("CA1"))}, 70, minutes{callers: 2}},
		"who waits is on no line":                   {[]call.Fact{open, at(0, arrived("CA1")), at(1, placed("CA1", call.InQueue(call.OnAir)))}, 30, minutes{callers: 1}},
		"on air, held and talking again is one":     {[]call.Fact{open, at(0, placed("CA1", air(call.Talking))), at(20, placed("CA1", air(call.Held))), at(40, placed("CA1", air(call.Talking)))}, 60, minutes{lines: 1}},
		"off the line and on it again is two":       {[]call.Fact{open, at(0, placed("CA1", air(call.Talking))), at(20, placed("CA1", call.InQueue(call.OnAir))), at(40, placed("CA1", air(call.Talking)))}, 50, minutes{lines: 2}},
		"from a desk's line to the air is two":      {[]call.Fact{open, at(0, placed("CA1", call.OnLine(own, call.Talking))), at(20, placed("CA1", air(call.Talking)))}, 50, minutes{lines: 2}},
		"a desk's phone is a call, and on its line": {[]call.Fact{open, at(0, call.Fact{Kind: call.Dialled, Call: "CA9", Line: call.AirLine}), at(1, call.PhoneHas(call.AirLine, "CA9", call.PhoneOnLine)), over(61, "CA9")}, 600, minutes{desks: 2, lines: 1}},
		"one taken off by hand goes on until it is": {[]call.Fact{open, at(1, call.PhoneHas(call.AirLine, "CA9", call.PhoneOnLine)), at(50, call.PhoneHasNot(call.AirLine, "CA9", call.PhoneByHand)), at(62, call.PhoneHasNot(call.AirLine, "CA9", call.PhoneOnLine))}, 600, minutes{lines: 2}},
		"in direct mode there is no line":           {[]call.Fact{open, at(0, call.Fact{Kind: call.Dialled, Call: "CA9", Line: call.AirLine}), at(1, call.PhoneHas(call.AirLine, "CA9", call.PhoneDirect))}, 30, minutes{desks: 1}},
		"a telephone that dials in":                 {[]call.Fact{open, at(0, call.Fact{Kind: call.PinTyped, Call: "CA8", On: true}), at(60, call.PhoneHas(call.AirLine, "CA8", call.PhoneTelephone))}, 61, minutes{telephones: 2}},
		"who talks to the host alone":               {[]call.Fact{open, at(0, call.Fact{Kind: call.TalkbackSet, Call: "CA7", Line: call.AirLine, On: true}), at(61, call.Fact{Kind: call.TalkbackSet, Call: "CA7", Line: call.AirLine})}, 600, minutes{lines: 2}},
		"a phone that was there before the opening": {[]call.Fact{at(-600, call.Fact{Kind: call.Dialled, Call: "CA9", Line: call.AirLine}), at(-599, call.PhoneHas(call.AirLine, "CA9", call.PhoneOnLine)), open}, 61, minutes{desks: 2, lines: 2}},
		"one that takes callers from the queue":     {[]call.Fact{at(-600, call.Fact{Kind: call.Dialled, Call: "CA9", Line: call.AirLine}), at(-599, call.PhoneHas(call.AirLine, "CA9", call.PhoneDirect)), open}, 61, minutes{desks: 2}},
		"one that serves its desk only afterwards":  {[]call.Fact{at(-600, call.Fact{Kind: call.Dialled, Call: "CA9", Line: call.AirLine}), open, at(30, call.PhoneHas(call.AirLine, "CA9", call.PhoneOnLine))}, 61, minutes{desks: 1, lines: 1}},
		"one whose end was not heard":               {[]call.Fact{at(-86400, call.Fact{Kind: call.Dialled, Call: "CA9", Line: call.AirLine}), open}, 7200, minutes{}},
		"a telephone without the right PIN":         {[]call.Fact{open, at(0, call.Fact{Kind: call.PinTyped, Call: "CA8"})}, 7200, minutes{}},
		"a caller who was there before the opening": {[]call.Fact{at(-600, arrived("CA1")), open}, 61, minutes{callers: 2}},
		"who rings while it is closed":              {[]call.Fact{open, at(10, call.ShowIs(call.ShowClosed, nil)), at(20, arrived("CA1"))}, 600, minutes{}},
		"who is still there when it closes":         {[]call.Fact{open, at(0, arrived("CA1")), at(10, call.ShowIs(call.ShowClosed, nil))}, 61, minutes{callers: 2}},
		"the next show begins at nothing":           {[]call.Fact{open, at(0, arrived("CA1")), over(500, "CA1"), at(600, call.ShowIs(call.ShowClosed, nil)), at(700, call.ShowIs(call.ShowOpening, nil))}, 800, minutes{}},
		"one that is closed and in trouble is so":   {[]call.Fact{open, at(4, call.ShowIs(call.ShowClosed, nil)), at(5, call.ShowTrouble(call.CodeQueuesLeft, "No.")), at(6, arrived("CA1"))}, 7, minutes{}},
		"a clock put forward is no time":            {[]call.Fact{open, at(0, arrived("CA1")), at(3610, call.Fact{Kind: call.ClockSet, Step: 3600_000})}, 3650, minutes{callers: 1}},
	} {
		m := NewMeter()
		for _, f := range c.facts {
			m.Apply(f)
		}
		if got := shown(m, "", c.until); !maps.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v", what, got, c.want)
		}
	}
}

// A call is paid at the number that was called; a line is its studio's, and a desk's own
// the open show's.
func TestMinutesOfSeveralStudios(t *testing.T) {
	m := NewMeter()
	b := call.Studio("b")
	for _, f := range []call.Fact{
		{Kind: call.ShowSet, Studio: b, Code: string(call.ShowOpening)},
		{Kind: call.Arrived, Call: "CA1", Studio: b},
		{Kind: call.Arrived, Call: "CA2"}, // the first one's show is closed
		placed("CA1", call.OnLine(call.DeskID("joe1").Line(), call.Talking)),
		{Kind: call.ShowSet, Code: string(call.ShowOpening)},
		placed("CA1", call.OnLine(call.AirLine, call.Talking)),
	} {
		m.Apply(f)
	}
	if got := shown(m, b, 30); got[picture.CostCallers] != 1 || got[picture.CostLines] != 1 {
		t.Errorf("the studio that was called: %v", got)
	}
	if got := shown(m, "", 30); got[picture.CostCallers] != 1 || got[picture.CostLines] != 1 {
		t.Errorf("the studio whose line it is: %v", got)
	}
}

// Callin was away for a night in a show: one caller waited for it, a phone and a caller
// on the line with it did not.
func TestMinutesOfAnAbsence(t *testing.T) {
	const night = 10 * 3600
	type minutes = map[picture.CostKind]int64
	const callers, lines, desks = picture.CostCallers, picture.CostLines, picture.CostDesks
	m, again := NewMeter(), NewMeter() // again is started once more, later
	tell := func(facts ...call.Fact) {
		for _, f := range facts {
			m.Apply(f)
			again.Apply(f)
		}
	}
	shows := func(when string, m *Meter, second int64, want minutes) {
		t.Helper()
		if got := shown(m, "", second); !maps.Equal(got, want) {
			t.Errorf("%s: %v, want %v", when, got, want)
		}
	}
	mended := func(second int64, sid call.Sid) call.Fact {
		f := at(second, call.EndedAs(sid, call.StatusGone))
		f.Mended = true
		return f
	}
	tell(
		at(1, call.ShowIs(call.ShowOpening, nil)),
		at(1, call.Fact{Kind: call.Dialled, Call: "CA9", Line: call.AirLine}), at(1, call.PhoneHas(call.AirLine, "CA9", call.PhoneOnLine)),
		at(1, arrived("CA1")), at(1, arrived("CA2")), at(1, arrived("CA3")),
		at(2, placed("CA1", call.OnLine(call.AirLine, call.Talking))), at(121, arrived("CA4")),
	)
	shows("before", m, 121, minutes{callers: 7, lines: 4, desks: 2})
	m.Started()
	shows("as it is back", m, night, minutes{callers: 7, lines: 4, desks: 2})
	const back = night + 3600 // of a clock that was put meanwhile
	tell(at(back+2, call.Fact{Kind: call.ClockSet, Step: 3600_000}))
	tell(at(back+3, call.Fact{Kind: call.Dialled, Call: "CA8", Line: call.AirLine}))
	shows("before it has compared", m, back+3, minutes{callers: 7, lines: 4, desks: 3})
	tell(
		at(back+4, call.PhoneHasNot(call.AirLine, "CA9", call.PhoneOnLine)), mended(back+4, "CA9"),
		mended(back+4, "CA1"), mended(back+4, "CA3"), mended(back+4, "CA4"),
		at(back+90, call.EndedAs("CA8", "completed")),
	)
	want := minutes{callers: 5 + 602, lines: 4, desks: 4}
	shows("afterwards, the one who waited whole", m, back+91, want)
	shows("and as the journal tells it once more", again, back+91, want)
}
