package edge_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"callin/app/edge"
)

// atlas is how far hosts are; one that is not in it never answers. Each first trip is slow, as
// a name is looked up.
type atlas map[string]time.Duration

func (a atlas) trip() edge.Trip {
	var mu sync.Mutex
	began := map[string]bool{}
	return func(ctx context.Context, host string) (time.Duration, error) {
		name := strings.TrimSuffix(strings.TrimPrefix(host, "voice-js."), ".twilio.com")
		far, is := a[name]
		if !is {
			<-ctx.Done()
			return 0, ctx.Err()
		}
		if far < 0 {
			return 0, errors.New("refused")
		}
		mu.Lock()
		defer mu.Unlock()
		if !began[name] {
			began[name] = true
			return far + time.Second, nil
		}
		return far, nil
	}
}

const ms = time.Millisecond

// The nearest is first, by the middle of its round trips; who does not answer is last, and
// is not waited for without end.
func TestEdgesAreToldByHowFarTheyAre(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		began := time.Now()
		all := edge.Measure(t.Context(), atlas{"roaming": 90 * ms, "ashburn": 95 * ms, "frankfurt": 20 * ms, "dublin": 35 * ms, "tokyo": -1}.trip(), "us1")
		if took := time.Since(began); took > 5*time.Second {
			t.Errorf("it took %s", took)
		}
		if len(all) != 9 || all[0] != (edge.Distance{Edge: "frankfurt", Took: 20 * ms}) || all[1].Edge != "dublin" || all[4].Took != 0 || all[8].Took != 0 {
			t.Errorf("%v", all)
		}
		if ie1 := edge.Measure(t.Context(), atlas{"dublin": ms, "frankfurt": ms}.trip(), "ie1"); len(ie1) != 1 || ie1[0].Edge != "dublin" {
			t.Errorf("to ie1 lead %v", ie1)
		}
	})
}

// One that is so far that there is no time for all round trips is reached.
func TestAnEdgeThatIsFarIsReached(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		satellite := func(ctx context.Context, _ string) (time.Duration, error) {
			select {
			case <-time.After(800 * ms):
				return 800 * ms, nil
			case <-ctx.Done():
				return 0, ctx.Err()
			}
		}
		if all := edge.Measure(t.Context(), satellite, "ie1"); all[0].Took != 800*ms {
			t.Errorf("%v", all)
		}
	})
}

// An edge is proposed that is clearly nearer than the one that is used, and no other.
func TestTheNearestEdgeIsProposed(t *testing.T) {
	for _, c := range []struct {
		what     string
		far      atlas
		used, is string
	}{
		{"clearly nearer", atlas{"roaming": 118 * ms, "frankfurt": 20 * ms}, "roaming", "frankfurt"},
		{"as near", atlas{"roaming": 40 * ms, "frankfurt": 20 * ms}, "roaming", ""},
		{"it is used", atlas{"roaming": 118 * ms, "frankfurt": 20 * ms}, "frankfurt", ""},
		{"the one that is used is not reached", atlas{"roaming": 40 * ms, "frankfurt": -1}, "frankfurt", "roaming"},
		{"none is reached", atlas{"roaming": -1}, "roaming", ""},
	} {
		synctest.Test(t, func(t *testing.T) {
			if is := edge.Proposed(edge.Measure(t.Context(), c.far.trip(), "us1"), c.used); is != c.is {
				t.Errorf("%s: %q is proposed, not %q", c.what, is, c.is)
			}
		})
	}
}

// Of a stand-in for Twilio the edges are as far as it says, and nothing leaves the computer.
func TestTheWayToAStandIn(t *testing.T) {
	asked := ""
	stand := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked = r.URL.Path + " " + r.FormValue("host")
		if strings.Contains(asked, "tokyo") {
			http.NotFound(w, r)
			return
		}
		time.Sleep(20 * ms)
		w.WriteHeader(http.StatusNoContent)
	}))
	defer stand.Close()
	trip := edge.ToStandIn(stand.URL + "/")
	if took, err := trip(t.Context(), "voice-js.dublin.twilio.com"); err != nil || took < 20*ms || asked != "/signal/far voice-js.dublin.twilio.com" {
		t.Errorf("%s, %v; asked was %s", took, err, asked)
	}
	if _, err := trip(t.Context(), "voice-js.tokyo.twilio.com"); err == nil {
		t.Error("what answers otherwise is reached")
	}
}
