package rest

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"
)

// Page sizes, of Twilio's.
const (
	defaultPage = 50
	longestPage = 1000
)

// list answers one page of items under Twilio's name for them; id tells one
// from another. A PageToken is PA and the last id of the page before, or PB and
// the first of the page after, so that a list that grows at its head is walked
// without a gap; Page alone counts.
func list[T any](r *request, key string, items []T, id func(T) string, show func(T) object) (reply, error) {
	size, err := r.number("PageSize")
	if err != nil {
		return reply{}, err
	}
	page, err := r.number("Page")
	if err != nil {
		return reply{}, err
	}
	if size == 0 {
		size = defaultPage
	}
	size = min(size, longestPage)
	page = min(page, 1<<20)
	from := min(page*size, len(items))
	token := r.Form.Get("PageToken")
	for i, item := range items {
		switch {
		case len(token) < 3 || token[2:] != id(item):
		case strings.HasPrefix(token, "PA"):
			from = i + 1
		case strings.HasPrefix(token, "PB"):
			from = max(0, i-size)
		}
	}
	until := min(from+size, len(items))
	shown := make([]object, 0, until-from)
	for _, item := range items[from:until] {
		shown = append(shown, show(item))
	}
	start := page * size
	body := object{
		key: shown, "page": page, "page_size": size, "start": start, "end": start + max(0, len(shown)-1),
		"uri": r.page(size, page, token), "first_page_uri": r.page(size, 0, ""),
		"next_page_uri": nil, "previous_page_uri": nil,
	}
	if until < len(items) {
		body["next_page_uri"] = r.page(size, page+1, "PA"+id(items[until-1]))
	}
	if page > 0 && from > 0 {
		before := ""
		if from < len(items) {
			before = "PB" + id(items[from])
		}
		body["previous_page_uri"] = r.page(size, page-1, before)
	}
	return reply{http.StatusOK, body}, nil
}

// page is the URI of a page of the list that is asked for: its filters, then
// PageSize, Page and PageToken, in Twilio's order.
func (r *request) page(size, page int, token string) string {
	q := url.Values{}
	for name, values := range r.URL.Query() {
		if name != "PageSize" && name != "Page" && name != "PageToken" {
			q[name] = values
		}
	}
	path, _, _ := strings.Cut(r.RequestURI, "?")
	if strings.HasPrefix(path, "/"+version) {
		path = strings.TrimSuffix(path, ".json") + ".json"
	}
	uri := path + "?"
	if len(q) > 0 {
		uri += q.Encode() + "&"
	}
	uri += "PageSize=" + strconv.Itoa(size) + "&Page=" + strconv.Itoa(page)
	if token != "" {
		uri += "&PageToken=" + url.QueryEscape(token)
	}
	return uri
}
