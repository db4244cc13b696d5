package rest

import (
	"cmp"
	"math"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"callin/app/rehearsal/exchange"
)

// Page sizes, of Twilio's.
const (
	defaultPage = 50
	longestPage = 1000
)

// places says where an id stands in a list, whether or not what it names is
// still there; false if it never was in such a list.
type places func(id string) (place uint64, ok bool)

// oldestFirst are the places in a list of SIDs with a prefix.
func oldestFirst(prefix string) places {
	return func(id string) (uint64, bool) {
		place, ok := exchange.Made(id)
		return place, ok && strings.HasPrefix(id, prefix)
	}
}

func newestFirst(prefix string) places {
	return func(id string) (uint64, bool) {
		place, ok := oldestFirst(prefix)(id)
		return math.MaxUint64 - place, ok
	}
}

// list answers one page of items under Twilio's name for them; id tells one
// from another. A PageToken is PA and the last id of the page before, or PB and
// the first of the page after, so that a list that grows or shrinks is walked
// without a gap and without anything twice; Page alone counts.
func list[T any](r *request, key string, items []T, place places, id func(T) string, show func(T) object) (reply, error) {
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
	until := min(from+size, len(items))
	token := r.Form.Get("PageToken")
	if token != "" {
		if from, until, err = turn(token, size, items, place, id); err != nil {
			return reply{}, err
		}
	}
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
	if until < len(items) && until > 0 {
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

// turn is the page that a token asks for. One that no page has given is refused
// (Twilio errors: 21481).
func turn[T any](token string, size int, items []T, place places, id func(T) string) (from, until int, err error) {
	last, after := strings.CutPrefix(token, "PA")
	first, before := strings.CutPrefix(token, "PB")
	named := last
	if before {
		named = first
	}
	at, known := place(named)
	if !known || !after && !before {
		return 0, 0, &exchange.Fault{Code: 21481, Message: "Invalid PageToken"}
	}
	i, there := slices.BinarySearchFunc(items, at, func(item T, at uint64) int {
		its, _ := place(id(item))
		return cmp.Compare(its, at)
	})
	if before {
		return max(0, i-size), i, nil
	}
	if there {
		i++
	}
	return i, min(i+size, len(items)), nil
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
