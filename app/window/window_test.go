//go:build desktop

package window

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"os/exec"
	"slices"
	"testing"
	"testing/fstest"
	"time"

	"callin/app/call"
	"callin/app/desk"
	"callin/app/desk/contract"
)

// page is what the test's window shows: a script that asks what Probe tells it
// to ask through Wails' own runtime, and tells Probe what it was answered.
var page = fstest.MapFS{
	"index.html": {Data: []byte(`<!doctype html><html><head><title>Contract</title><script src="/ask.js" defer></script></head>` +
		`<body><a id="out" href="https://www.example.com/elsewhere">elsewhere</a></body></html>`)},
	"ask.js": {Data: []byte(`(async () => {
		const {Door, Probe} = window.go.window;
		const told = {answers: [], feed: [], policy: "kept"};
		try {
			for (const row of await Probe.Rows()) told.answers.push(await Door.Operate("", row.op, row.body));
			let first;
			const arrived = new Promise((done) => { first = done; });
			window.runtime.EventsOn("feed", (event) => event.event === "picture" && first(event));
			await Door.Attach(-1);
			told.feed.push(await arrived);
			let left = false;
			addEventListener("beforeunload", () => { left = true; });
			document.getElementById("out").click();
			window.open("https://www.example.com/other");
			try { (0, eval)("told.policy = 'broken'"); } catch { /* as it should be */ }
			const script = document.createElement("script");
			script.textContent = "document.title = 'broken'";
			document.head.append(script);
			told.policy = document.title === "broken" ? "broken" : told.policy;
			await Probe.Rows(); // by then a page that leaves has begun to
			if (left) told.error = "the window went elsewhere";
		} catch (error) {
			told.error = String(error);
		}
		await Probe.Tell(JSON.stringify(told));
	})();`)},
}

// Probe is bound beside the door, by this test only.
type Probe struct {
	rows []contract.Row
	told chan []byte
}

// Rows are the operations to ask for.
func (p *Probe) Rows() []contract.Row { return p.rows }

// Tell hands over what the page was answered.
func (p *Probe) Tell(text string) { p.told <- []byte(text) }

// Wails can run once in a process, so a window onto a station elsewhere has one of its
// own.
const inItsOwn = "CALLIN_TEST_ELSEWHERE"

func TestThePageIsAnsweredThroughWailsAsOverHTTP(t *testing.T) {
	room, rows := contract.Room(t)
	throughWails(t, room, rows)
}

func TestThePageIsAnsweredThroughWailsByAStationElsewhere(t *testing.T) {
	if os.Getenv(inItsOwn) == "" {
		again := exec.CommandContext(t.Context(), os.Args[0], "-test.run", "^"+t.Name()+"$", "-test.v")
		again.Env = append(os.Environ(), inItsOwn+"=1")
		if out, err := again.CombinedOutput(); err != nil || !bytes.Contains(out, []byte("--- PASS: "+t.Name())) {
			t.Errorf("%v\n%s", err, out)
		}
		return
	}
	room, rows := contract.Room(t)
	throughWails(t, elsewhere(t, room), rows)
}

func throughWails(t *testing.T, at desk.Backend, rows []contract.Row) {
	opened := make(chan string, 10)
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	probe := &Probe{rows: rows, told: make(chan []byte, 1)}
	text := make(chan []byte, 1)
	go func() {
		select {
		case told := <-probe.told:
			text <- told
		case <-ctx.Done():
			text <- nil
		}
		cancel()
	}()
	err := run(ctx, at, Options{
		Title: "Contract", Page: page, Folder: t.TempDir(),
		Browse: func(address string) { opened <- address },
		Warn:   func(message string) { t.Log(message) },
		OnAir:  func() int { return 1 }, // the program's end does not ask
	}, probe)
	if err != nil {
		t.Fatal(err)
	}
	var told struct {
		Answers []string
		Feed    []struct {
			Event string
			Data  struct{ Seq int64 }
		}
		Policy, Error string
	}
	if err := json.Unmarshal(<-text, &told); err != nil {
		t.Fatal("the page told nothing: ", err)
	}
	if told.Error != "" {
		t.Fatal("the page failed: ", told.Error)
	}
	for i, row := range rows {
		var got struct {
			OK    map[string]any
			Error *call.Error
		}
		if err := json.Unmarshal([]byte(told.Answers[i]), &got); err != nil {
			t.Errorf("%s: %q: %v", row.Name, told.Answers[i], err)
			continue
		}
		row.Check(t, got.OK, got.Error)
	}
	if len(told.Feed) != 1 || told.Feed[0].Event != "picture" || told.Feed[0].Data.Seq == 0 {
		t.Errorf("the feed began with %+v", told.Feed)
	}
	if told.Policy != "kept" {
		t.Error("the page ran a script that the policy forbids")
	}
	got := []string{<-opened, <-opened}
	slices.Sort(got)
	if want := []string{"https://www.example.com/elsewhere", "https://www.example.com/other"}; !slices.Equal(got, want) {
		t.Errorf("the system's browser was given %q, want %q", got, want)
	}
}
