package credentials

import (
	"crypto/ecdsa"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"net"
	"time"
)

// lifespan is far longer than any run; validity begins earlier, for clocks that were set back.
const lifespan = 10 * 24 * time.Hour

// chain is a certificate for the loopback address and the authority that signed it, in PEM. The authority's key is
// forgotten: nobody can sign another certificate.
type chain struct {
	authority   []byte
	certificate []byte
	key         []byte
}

func newChain() (*chain, error) {
	authorityKey, err := newKey()
	if err != nil {
		return nil, err
	}
	serverKey, err := newKey()
	if err != nil {
		return nil, err
	}
	authority := template("elysium-authority", 1)
	authority.IsCA = true
	authority.KeyUsage = x509.KeyUsageCertSign | x509.KeyUsageDigitalSignature
	server := template("kube-apiserver", 2)
	server.KeyUsage = x509.KeyUsageDigitalSignature
	server.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}
	server.IPAddresses = []net.IP{net.IPv4(127, 0, 0, 1)}
	server.DNSNames = []string{"localhost", "kubernetes.default.svc"}
	signedAuthority, err := sign(authority, authority, authorityKey, authorityKey)
	if err != nil {
		return nil, err
	}
	signedServer, err := sign(server, authority, serverKey, authorityKey)
	if err != nil {
		return nil, err
	}
	return &chain{authority: signedAuthority, certificate: signedServer, key: encodeKey(serverKey)}, nil
}

func template(name string, serial int64) *x509.Certificate {
	now := time.Now()
	return &x509.Certificate{
		SerialNumber:          big.NewInt(serial),
		Subject:               pkix.Name{CommonName: name},
		NotBefore:             now.Add(-time.Hour),
		NotAfter:              now.Add(lifespan),
		BasicConstraintsValid: true,
	}
}

func sign(certificate, parent *x509.Certificate, key, signer *ecdsa.PrivateKey) ([]byte, error) {
	encoded, err := x509.CreateCertificate(rand.Reader, certificate, parent, key.Public(), signer)
	if err != nil {
		return nil, err
	}
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: encoded}), nil
}
