package certificate

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"callin/app/call"
	"callin/app/folder"
)

// OwnFile is the file, in the station's folder, of the station's own certificate
// with its key.
const OwnFile = "door.pem"

// ownYears is how long a station's own certificate is valid. Desks that pin its
// key do not look at that.
const ownYears = 10

// Own is the identity of a door whose certificate the station has signed itself.
// It is made once and kept in dir. Nothing but a person replaces it, as every desk
// that pins it would have to be paired anew.
func Own(dir string) (*Identity, error) {
	path := filepath.Join(dir, OwnFile)
	if err := folder.CheckOwn(path); err != nil {
		return nil, err
	}
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		if text, err = newOwn(); err == nil {
			err = save(dir, text)
		}
		if err != nil {
			return nil, &call.Error{Code: call.CodeCertificate, Message: fmt.Sprintf("The station's own certificate cannot be kept in %s. Free some space and let Callin write there, then start it again.", dir)}
		}
	}
	var pair tls.Certificate
	if err == nil {
		pair, err = tls.X509KeyPair(text, text)
	}
	if err == nil {
		_, err = folder.MakePrivate(path)
	}
	if err != nil {
		return nil, &call.Error{Code: call.CodeCertificate, Message: fmt.Sprintf("The station's own certificate, %s, cannot be used. Put back a copy of it that the user who runs Callin can read. If there is none, remove it: Callin then makes a new one, and every PC must be paired anew.", path)}
	}
	show := func(*tls.ClientHelloInfo) (*tls.Certificate, error) { return &pair, nil }
	return &Identity{TLS: shows(show), Pin: PinOf(pair.Leaf)}, nil
}

// newOwn makes a key and a certificate that it signs itself, both in PEM.
func newOwn() ([]byte, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, err
	}
	now := time.Now()
	template := &x509.Certificate{
		Subject:     pkix.Name{CommonName: "Callin station"},
		NotBefore:   now.Add(-24 * time.Hour), // another computer's clock may be behind
		NotAfter:    now.AddDate(ownYears, 0, 0),
		KeyUsage:    x509.KeyUsageDigitalSignature,
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	}
	certificate, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		return nil, err
	}
	private, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return nil, err
	}
	text := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: certificate})
	return append(text, pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: private})...), nil
}

// save writes the file, which only its owner can read, whole or not at all.
func save(dir string, text []byte) error {
	f, err := os.CreateTemp(dir, OwnFile+"-*") // mode 0600
	if err != nil {
		return err
	}
	defer os.Remove(f.Name()) // not there any more once it is renamed
	_, err = f.Write(text)
	if err := errors.Join(err, f.Sync(), f.Close()); err != nil {
		return err
	}
	return os.Rename(f.Name(), filepath.Join(dir, OwnFile))
}
