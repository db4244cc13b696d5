package app_test

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// byName is the name that the certificates of these tests are for.
const byName = "desk.example.com"

// trusting is a browser that trusts a certificate, and finds every name at one address.
func trusting(t *testing.T, certificate *x509.Certificate, at string) *http.Client {
	t.Helper()
	roots := x509.NewCertPool()
	roots.AddCert(certificate)
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	transport := &http.Transport{
		TLSClientConfig: &tls.Config{RootCAs: roots},
		DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
			return new(net.Dialer).DialContext(ctx, "tcp", at)
		},
	}
	t.Cleanup(transport.CloseIdleConnections)
	return &http.Client{Transport: transport, Jar: jar, Timeout: long}
}

// signsIn makes a browser a desk at the door, which it trusts anyway.
func (h *headless) signsIn(browser *http.Client) {
	h.t.Helper()
	said, _ := h.desks("add", "--role", "producer", "In the browser")
	digits := regexp.MustCompile(`(?m)^code: (\d{3} \d{3})$`).FindStringSubmatch(said)
	if digits == nil || !strings.Contains(said, "address: "+h.door+"\n") || strings.Contains(said, "words:") {
		h.t.Fatal(said)
	}
	// A producer's phone is for the desk's own line.
	for _, ask := range [][3]string{{"pair", `{"code":"` + digits[1] + `","kind":"browser"}`, `"roles":["producer"]`}, {"op/token", "{}", `"own":"desk-`}} {
		answer, err := browser.Post(h.door+"/api/"+ask[0], "application/json", strings.NewReader(ask[1]))
		if err != nil {
			h.t.Fatal(err)
		}
		body, _ := io.ReadAll(answer.Body)
		answer.Body.Close()
		if !strings.Contains(string(body), ask[2]) {
			h.t.Errorf("%s is answered %s", ask[0], body)
		}
		if answer.StatusCode != http.StatusOK || answer.Header.Get("Strict-Transport-Security") == "" {
			h.t.Fatal(ask[0], answer.Status, answer.Header)
		}
	}
}

// A browser trusts a certificate that somebody has put into files.
func TestABrowserSignsInByACertificateOfFiles(t *testing.T) {
	t.Parallel()
	issued := httptest.NewUnstartedServer(nil)
	issued.StartTLS()
	issued.Close()
	pair, dir := issued.TLS.Certificates[0], t.TempDir()
	key, err := x509.MarshalPKCS8PrivateKey(pair.PrivateKey)
	if err != nil {
		t.Fatal(err)
	}
	files := map[string]*pem.Block{"desk.pem": {Type: "CERTIFICATE", Bytes: pair.Certificate[0]}, "desk.key": {Type: "PRIVATE KEY", Bytes: key}}
	for name, block := range files {
		if err := os.WriteFile(filepath.Join(dir, name), pem.EncodeToMemory(block), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	h := newHeadless(t,
		fmt.Sprintf("door_hosts = [%q]", byName), fmt.Sprintf("door_certificate = %q", filepath.Join(dir, "desk.pem")),
		fmt.Sprintf("door_key = %q", filepath.Join(dir, "desk.key")))
	h.start()
	if _, port, _ := net.SplitHostPort(h.listens); h.door != "https://"+byName+":"+port {
		t.Errorf("the door is at %s", h.door)
	}
	h.signsIn(trusting(t, issued.Certificate(), h.listens))
}

// A proxy on the station's computer has the certificate, and says who has asked.
func TestABrowserSignsInThroughAProxy(t *testing.T) {
	t.Parallel()
	h := newHeadless(t, fmt.Sprintf("door_hosts = [%q]", byName), `door_proxies = ["127.0.0.1"]`)
	h.start()
	to := &url.URL{Scheme: "http", Host: h.listens}
	proxy := httptest.NewTLSServer(&httputil.ReverseProxy{Rewrite: func(p *httputil.ProxyRequest) {
		p.SetURL(to)
		p.Out.Host = p.In.Host
		p.SetXForwarded()
	}})
	t.Cleanup(proxy.Close)
	if h.door != "https://"+byName {
		t.Errorf("the door is at %s", h.door)
	}
	h.signsIn(trusting(t, proxy.Certificate(), proxy.Listener.Addr().String()))
}
