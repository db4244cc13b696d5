package voice

import (
	"crypto/hmac"
	"crypto/sha1"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"hash"
	"net/url"
	"slices"
	"strings"
	"sync"
)

// A seal checks what Twilio signs: the address that it asks, then the form's
// fields by their names, all under the account's AuthToken (Twilio docs: Webhooks
// security). It is made here rather than by Twilio's helper, as every answer waits
// for it: the addresses are taken apart once, and the second of them is tried only
// where the first is not signed.
type seal struct {
	// public are the ways to write the address at which Twilio reaches the
	// listener: whether a port is signed differs between Twilio's products.
	public []string
	// tokens are those that Twilio may sign with.
	tokens func(anew bool) []string
	macs   sync.Map // a *sync.Pool of *mac by AuthToken
}

// mac is a code under the AuthToken, with room for the text that it is made of.
type mac struct {
	hash.Hash
	text []byte
	keys []string
}

func newSeal(tokens func(anew bool) []string, public string) *seal {
	s := &seal{public: []string{public}, tokens: tokens}
	if u, err := url.Parse(public); err == nil && u.Host != "" {
		switch host, ports := u.Hostname(), map[string]string{"https": ":443", "http": ":80"}; {
		case strings.Contains(host, ":"): // an address of IPv6 in its brackets
			host = "[" + host + "]"
			fallthrough
		default:
			if u.Port() != "" {
				u.Host = host
			} else {
				u.Host = host + ports[u.Scheme]
			}
		}
		s.public = append(s.public, u.String())
	}
	return s
}

// under are the codes that are made with an AuthToken.
func (s *seal) under(authToken string) *sync.Pool {
	pool, has := s.macs.Load(authToken)
	if !has {
		pool, _ = s.macs.LoadOrStore(authToken, &sync.Pool{New: func() any { return &mac{Hash: hmac.New(sha1.New, []byte(authToken))} }})
	}
	return pool.(*sync.Pool)
}

// signed reports whether Twilio signed this: the path and query that it asked as
// they were sent, the form's fields and the body. Of a field that comes more than
// once each value counts once, in order; of a body whose hash the query names the
// hash counts, and no field.
func (s *seal) signed(requestURI string, form url.Values, body []byte, signature string) bool {
	given, err := base64.StdEncoding.DecodeString(signature)
	if err != nil || len(given) != sha1.Size {
		return false
	}
	if _, query, _ := strings.Cut(requestURI, "?"); strings.Contains(query, "bodySHA256=") {
		values, err := url.ParseQuery(query)
		sum := sha256.Sum256(body)
		if err != nil || !hmac.Equal([]byte(values.Get("bodySHA256")), []byte(hex.EncodeToString(sum[:]))) {
			return false
		}
		form = nil
	}
	with := func(tokens []string) bool {
		return slices.ContainsFunc(tokens, func(token string) bool { return s.with(token, requestURI, form, given) })
	}
	return with(s.tokens(false)) || with(s.tokens(true))
}

// with reports whether a code is made with an AuthToken.
func (s *seal) with(authToken, requestURI string, form url.Values, given []byte) bool {
	pool := s.under(authToken)
	m := pool.Get().(*mac)
	defer pool.Put(m)
	return slices.ContainsFunc(s.public, func(public string) bool { return hmac.Equal(m.of(public, requestURI, form), given) })
}

func (m *mac) of(public, requestURI string, form url.Values) []byte {
	m.text = append(append(m.text[:0], public...), requestURI...)
	m.keys = m.keys[:0]
	for key := range form {
		m.keys = append(m.keys, key)
	}
	slices.Sort(m.keys)
	for _, key := range m.keys {
		values := form[key]
		if len(values) > 1 {
			values = slices.Compact(slices.Sorted(slices.Values(values)))
		}
		for _, value := range values {
			m.text = append(append(m.text, key...), value...)
		}
	}
	m.Reset()
	m.Write(m.text)
	return m.Sum(m.text[:0])
}
