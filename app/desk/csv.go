package desk

import (
	"context"
	"encoding/csv"
	"io"
	"regexp"
	"strconv"
	"strings"
	"time"

	"callin/app/call"
)

// byteOrderMark makes Excel read a CSV as UTF-8.
const byteOrderMark = "\ufeff"

// columns are the heads of a CSV. Times are in the station's own zone unless they
// say UTC.
var columns = []string{
	"Name", "Place", "Number", "Topic", "From studio",
	"Arrived", "Ended", "Arrived (UTC)", "Ended (UTC)", "Waited (s)", "On air (s)", "Message (s)",
	"Taken by", "How it ended", "What failed", "Call",
}

// writeCSV writes a show's callers, one line each, as a spreadsheet opens it.
func (r *Room) writeCSV(ctx context.Context, of call.Edition, to io.Writer) error {
	told, err := r.callers(ctx, of, func(call.Fact, string) {})
	if err != nil {
		return err
	}
	if _, err := io.WriteString(to, byteOrderMark); err != nil {
		return err
	}
	w := csv.NewWriter(to)
	w.UseCRLF = true
	w.Write(columns) // what cannot be written is told by Error
	for _, who := range told.order {
		l := who.line(r.Station.Now)
		w.Write([]string{
			cell(l.Name), cell(l.Location), grouped(l.Number), cell(l.Topic), cell(l.From),
			date(l.Arrived, r.zone()), date(l.Ended, r.zone()), date(l.Arrived, time.UTC), date(l.Ended, time.UTC),
			seconds(l.WaitedMs), seconds(l.AiredMs), strconv.FormatInt(l.MessageSeconds, 10),
			cell(l.Taken), cell(l.Left), cell(strings.Join(l.Failed, "; ")), string(l.Call),
		})
	}
	w.Flush()
	return w.Error()
}

func seconds(ms int64) string { return strconv.FormatInt((ms+500)/1000, 10) }

// date is a time as every spreadsheet knows one; nothing for none.
func date(ms int64, zone *time.Location) string {
	if ms == 0 {
		return ""
	}
	return time.UnixMilli(ms).In(zone).Format(time.DateTime)
}

// formula finds a sign that a spreadsheet takes a cell's text for a formula by, also
// where it takes a semicolon for the end of a cell, as it does in half of Europe.
// See https://owasp.org/www-community/attacks/CSV_Injection.
var formula = regexp.MustCompile(`(^|;)([\s"']*)([=+\-@＝＋－＠])`)

// unseen is a zero-width space: a cell that begins with it is text to every
// spreadsheet. So is one with OWASP's apostrophe, but out of a CSV that is shown.
const unseen = "\u200b"

// cell makes a text from outside safe in a spreadsheet, which would carry a formula out.
func cell(text string) string { return formula.ReplaceAllString(text, "$1$2"+unseen+"$3") }

var (
	american = regexp.MustCompile(`^\+1(\d{3})(\d{3})(\d{4})$`)
	number   = regexp.MustCompile(`^\+\d+$`)
)

// grouped is a number in groups, as the desk shows it. Without spaces a spreadsheet
// takes it for an amount. Groups of three are one too where thousands are written with
// spaces; the unequal ones of North America are an amount nowhere, and no formula.
func grouped(text string) string {
	if m := american.FindStringSubmatch(text); m != nil {
		return "+1 " + m[1] + " " + m[2] + " " + m[3]
	}
	if !number.MatchString(text) {
		return cell(text)
	}
	digits, groups := text[1:], []string{}
	for len(digits) > 3 {
		groups = append([]string{digits[len(digits)-3:]}, groups...)
		digits = digits[:len(digits)-3]
	}
	return cell("+" + strings.Join(append([]string{digits}, groups...), " "))
}
