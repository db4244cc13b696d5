package signal

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"maps"
	"strings"
	"testing"
	"time"
)

// token makes a valid access token, with some claims replaced; nil removes one.
func token(t *testing.T, claims map[string]any) string {
	return signedToken(t, testSecret, nil, claims)
}

func signedToken(t *testing.T, secret string, head, claims map[string]any) string {
	t.Helper()
	now := time.Now().Unix()
	h := map[string]any{"typ": "JWT", "alg": "HS256", "cty": "twilio-fpa;v=1"}
	c := map[string]any{
		"iss": testKey, "sub": testAccount, "jti": testKey + "-1", "iat": now, "exp": now + 3600,
		"grants": map[string]any{"identity": "studio", "voice": map[string]any{
			"incoming": map[string]any{"allow": true}, "outgoing": map[string]any{"application_sid": testApp},
		}},
	}
	maps.Copy(h, head)
	maps.Copy(c, claims)
	maps.DeleteFunc(c, func(_ string, v any) bool { return v == nil })
	var parts []string
	for _, part := range []map[string]any{h, c} {
		b, err := json.Marshal(part)
		if err != nil {
			t.Fatal(err)
		}
		parts = append(parts, base64.RawURLEncoding.EncodeToString(b))
	}
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write([]byte(strings.Join(parts, ".")))
	return strings.Join(append(parts, base64.RawURLEncoding.EncodeToString(mac.Sum(nil))), ".")
}

func TestToken(t *testing.T) {
	_, url := serve(t, newOffice(t))
	now := time.Now().Unix()
	with := func(claims map[string]any) string { return token(t, claims) }
	good := with(nil)
	for name, c := range map[string]struct {
		token string
		code  int // Twilio's own
		wire  int // the one the SDK is given
	}{
		"no token":            {"", 20101, 20101},
		"two parts":           {"a.b", 20101, 20101},
		"another type":        {signedToken(t, testSecret, map[string]any{"typ": "JWE"}, nil), 20102, 20101},
		"no content type":     {signedToken(t, testSecret, map[string]any{"cty": ""}, nil), 20102, 20101},
		"unsigned":            {signedToken(t, testSecret, map[string]any{"alg": "none"}, nil), 20102, 20101},
		"another algorithm":   {signedToken(t, testSecret, map[string]any{"alg": "HS512"}, nil), 20102, 20101},
		"claims of nonsense":  {strings.Split(good, ".")[0] + ".e30x.x", 20101, 20101},
		"unknown key":         {with(map[string]any{"iss": "SKother"}), 20103, 20101},
		"another account":     {with(map[string]any{"sub": "ACother"}), 20103, 20101},
		"expired":             {with(map[string]any{"exp": now - 1}), 20104, 20104},
		"no expiry":           {with(map[string]any{"exp": nil}), 20104, 20104},
		"expires too late":    {with(map[string]any{"exp": now + 24*3600 + 60}), 20104, 20104},
		"not yet":             {with(map[string]any{"nbf": now + 60}), 20105, 20101},
		"no grants":           {with(map[string]any{"grants": nil}), 20106, 20101},
		"no voice":            {with(map[string]any{"grants": map[string]any{"identity": "studio"}}), 20106, 20101},
		"another secret":      {signedToken(t, "another", nil, nil), 20107, 31202},
		"signature cut short": {good[:len(good)-4], 20107, 31202},
		"signature left out":  {good[:strings.LastIndex(good, ".")+1], 20107, 31202},
	} {
		t.Run(name, func(t *testing.T) {
			_, refused := verify(c.token, newOffice(t), time.Now())
			if refused == nil || refused.code != c.code {
				t.Fatalf("verify says %v, want %d", refused, c.code)
			}
			p := dial(t, url)
			p.send("listen", object{"token": c.token})
			if got := p.expect("error"); got.Error.Code != c.wire || got.Error.Message != refused.Error() {
				t.Errorf("got %+v, want code %d", got, c.wire)
			}
			if c.code == tokenExpired {
				p.gone() // twilio-voice.js #231
				return
			}
			p.send("register", object{"media": object{"audio": true}})
			if got := p.expect("error"); got.Error.Code != 31204 {
				t.Errorf("register after a bad token got %+v", got)
			}
		})
	}
	p := dial(t, url)
	p.send("register", object{"media": object{"audio": true}})
	if got := p.expect("error"); got.Error.Code != 31204 {
		t.Errorf("register before listen got %+v", got)
	}
	p.send("listen", object{"token": good})
	if got := p.expect("connected"); got.Token.Identity != "studio" || got.Token.TTL < 3590 || got.Token.TTL > 3600 {
		t.Errorf("connected as %+v", got)
	}
	p.send("register", object{"media": object{"audio": true}})
	p.expect("ready")
	p.send("register", object{"media": object{"audio": false}})
	p.expect("offline")
}

func FuzzVerify(f *testing.F) {
	now := time.Now()
	f.Add("a.b.c")
	f.Add("eyJ0eXAiOiJKV1QiLCJhbGciOiJIUzI1NiIsImN0eSI6InR3aWxpby1mcGE7dj0xIn0.e30.x")
	f.Fuzz(func(t *testing.T, token string) {
		if g, refused := verify(token, &office{}, now); (g == nil) == (refused == nil) || g != nil {
			t.Errorf("%q: granted %v, refused %v", token, g, refused)
		}
	})
}
