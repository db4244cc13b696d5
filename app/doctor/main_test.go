package doctor_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"testing"
	"time"

	"go.uber.org/goleak"
)

// authority is the one that this computer trusts in these tests. Go reads the variable
// on Linux, once.
var authority tls.Certificate

func TestMain(m *testing.M) {
	dir, err := os.MkdirTemp("", "callin")
	if err != nil {
		panic(err)
	}
	authority = signed(nil, x509.Certificate{IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign})
	roots := filepath.Join(dir, "roots.pem")
	if err := os.WriteFile(roots, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: authority.Certificate[0]}), 0o600); err != nil {
		panic(err)
	}
	os.Setenv("SSL_CERT_FILE", roots)
	os.Setenv("SSL_CERT_DIR", dir)
	goleak.VerifyTestMain(m, goleak.Cleanup(func(code int) {
		os.RemoveAll(dir)
		os.Exit(code)
	}))
}

// signed is a certificate as a template says, by the one above or by itself.
func signed(above *tls.Certificate, as x509.Certificate) tls.Certificate {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		panic(err)
	}
	if as.NotAfter.IsZero() {
		as.NotBefore, as.NotAfter = time.Now().Add(-time.Hour), time.Now().Add(90*24*time.Hour)
	}
	as.SerialNumber, as.Subject = big.NewInt(time.Now().UnixNano()), pkix.Name{CommonName: rand.Text()}
	by, with := &as, any(key)
	if above != nil {
		if by, err = x509.ParseCertificate(above.Certificate[0]); err != nil {
			panic(err)
		}
		with = above.PrivateKey
	}
	der, err := x509.CreateCertificate(rand.Reader, &as, by, key.Public(), with)
	if err != nil {
		panic(err)
	}
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}
}

// here is a certificate's template for this computer's address.
func here() x509.Certificate { return x509.Certificate{IPAddresses: []net.IP{{127, 0, 0, 1}}} }
