package credentials

import (
	"crypto/tls"
	"crypto/x509"
	"os"
	"testing"
)

func TestMake(t *testing.T) {
	folder := t.TempDir()
	set, err := Make(folder, "https://127.0.0.1:1")
	if err != nil {
		t.Fatal(err)
	}
	authority, err := os.ReadFile(set.Authority)
	if err != nil {
		t.Fatal(err)
	}
	pair, err := tls.LoadX509KeyPair(set.Certificate, set.Key)
	if err != nil {
		t.Fatal(err)
	}
	trusted := x509.NewCertPool()
	trusted.AppendCertsFromPEM(authority)
	if _, err := pair.Leaf.Verify(x509.VerifyOptions{Roots: trusted, DNSName: "127.0.0.1"}); err != nil {
		t.Error(err)
	}
	entries, err := os.ReadDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	for _, entry := range entries {
		if info, err := entry.Info(); err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%s: %v, %v", entry.Name(), info.Mode(), err)
		}
	}
}

func TestTokensDiffer(t *testing.T) {
	one, err := newToken()
	if err != nil {
		t.Fatal(err)
	}
	two, err := newToken()
	if err != nil || one == two || len(one) < 32 {
		t.Errorf("%q, %q, %v", one, two, err)
	}
}
