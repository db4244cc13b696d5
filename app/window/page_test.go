package window

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/fstest"

	"callin/app/desk/contract"
)

func TestEveryAnswerIsBoundByThePolicy(t *testing.T) {
	page := fstest.MapFS{
		"index.html": {Data: []byte("<!doctype html><html><head><title>Callin</title></head></html>")},
	}
	html, err := index(page)
	if err != nil {
		t.Fatal(err)
	}
	room, _ := contract.Room(t)
	d := newDoor(context.Background(), room, Options{Connect: []string{"wss://voice.example"}}, shell{})
	defer d.close()
	h := guard(d, html, http.FileServerFS(fstest.MapFS{"app.js": {Data: []byte("1")}}))
	for path, want := range map[string]string{
		"/":       `<head><script src="/window/links.js"></script><title>`,
		linkPath:  "OpenLink",
		"/app.js": "1",

		voicemailPath + contract.Message: "RIFF " + contract.Message,
		voicemailPath + "RE0":            `"no_such_message"`,
	} {
		w := httptest.NewRecorder()
		h.ServeHTTP(w, httptest.NewRequest(http.MethodGet, path, nil))
		if !strings.Contains(w.Body.String(), want) {
			t.Errorf("%s: %q, want it to hold %q", path, w.Body, want)
		}
		contract.Bound(t, path, w.Header(), "wss://voice.example")
	}
}

func TestAProgramWithoutThePageSaysSo(t *testing.T) {
	if _, err := index(fstest.MapFS{}); err == nil || !strings.Contains(err.Error(), "build/run") {
		t.Errorf("got %v", err)
	}
}

func TestOnlyWebAddressesLeaveTheWindow(t *testing.T) {
	var opened []string
	d := newDoor(context.Background(), nil, Options{Browse: func(url string) { opened = append(opened, url) }}, shell{})
	defer d.close()
	for _, link := range []string{"file:///etc/passwd", "javascript:alert(1)", "callin:", "https:", "//example.com", "wails://wails/"} {
		if d.OpenLink(link) == nil {
			t.Errorf("%s was opened", link)
		}
	}
	if err := d.OpenLink("https://www.twilio.com/docs?a=b#c"); err != nil {
		t.Error(err)
	}
	if len(opened) != 1 || opened[0] != "https://www.twilio.com/docs?a=b#c" {
		t.Errorf("opened %q", opened)
	}
}
