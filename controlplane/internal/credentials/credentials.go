// Package credentials makes the certificates, keys and tokens of one run.
package credentials

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/hex"
	"encoding/pem"
	"fmt"
	"os"
	"path/filepath"
)

// Set names the files of one run, all readable by their owner only.
type Set struct {
	Authority         string // certificate of the authority, which the clients trust
	Certificate       string // certificate of the API server
	Key               string // its key
	ServiceAccountKey string // signs the tokens of service accounts
	Tokens            string // the static tokens that the API server accepts
	Kubeconfig        string // the administrator's
	Token             string // the administrator's token itself
}

// Make writes a new set into `directory` for the API server at `url` (https://127.0.0.1:PORT).
func Make(directory, url string) (*Set, error) {
	set := &Set{
		Authority:         filepath.Join(directory, "ca.crt"),
		Certificate:       filepath.Join(directory, "server.crt"),
		Key:               filepath.Join(directory, "server.key"),
		ServiceAccountKey: filepath.Join(directory, "service-account.key"),
		Tokens:            filepath.Join(directory, "tokens.csv"),
		Kubeconfig:        filepath.Join(directory, "kubeconfig"),
	}
	chain, err := newChain()
	if err != nil {
		return nil, err
	}
	signer, err := newKey()
	if err != nil {
		return nil, err
	}
	if set.Token, err = newToken(); err != nil {
		return nil, err
	}
	return set, set.write(chain, encodeKey(signer), url)
}

func (s *Set) write(chain *chain, signer []byte, url string) error {
	contents := map[string][]byte{
		s.Authority:         chain.authority,
		s.Certificate:       chain.certificate,
		s.Key:               chain.key,
		s.ServiceAccountKey: signer,
		s.Tokens:            fmt.Appendf(nil, "%s,admin,admin,system:masters\n", s.Token),
		s.Kubeconfig:        kubeconfig(url, chain.authority, s.Token),
	}
	for path, content := range contents {
		if err := os.WriteFile(path, content, 0o600); err != nil {
			return err
		}
	}
	return nil
}

func newToken() (string, error) {
	random := make([]byte, 32)
	if _, err := rand.Read(random); err != nil {
		return "", err
	}
	return hex.EncodeToString(random), nil
}

func newKey() (*ecdsa.PrivateKey, error) {
	return ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
}

func encodeKey(key *ecdsa.PrivateKey) []byte {
	encoded, err := x509.MarshalECPrivateKey(key)
	if err != nil {
		panic(err) // only for a curve that is not supported
	}
	return pem.EncodeToMemory(&pem.Block{Type: "EC PRIVATE KEY", Bytes: encoded})
}
