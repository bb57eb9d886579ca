package pinned

import (
	"crypto"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"encoding/pem"
	"errors"
	"fmt"
	"math/big"
	"net"
	"time"
)

// certificate is what templates get: the fields are sprig's.
type certificate struct {
	Cert string
	Key  string
}

// request is what a template asks of a certificate.
type request struct {
	function  string
	name      string
	addresses []any
	dnsNames  []any
	days      int
}

func (p *Pin) authority(name string, days int) (certificate, error) {
	return p.issueAuthority(request{function: "genCA", name: name, days: days}, nil)
}

func (p *Pin) authorityWithKey(name string, days int, privatePEM string) (certificate, error) {
	key, err := parsePrivateKey(privatePEM)
	if err != nil {
		return certificate{}, fmt.Errorf("parsing private key: %s", err)
	}
	return p.issueAuthority(request{function: "genCAWithKey", name: name, days: days}, key)
}

func (p *Pin) selfSigned(name string, addresses, dnsNames []any, days int) (certificate, error) {
	return p.issueSelfSigned(request{"genSelfSignedCert", name, addresses, dnsNames, days}, nil)
}

func (p *Pin) selfSignedWithKey(name string, addresses, dnsNames []any, days int, privatePEM string) (certificate, error) {
	key, err := parsePrivateKey(privatePEM)
	if err != nil {
		return certificate{}, fmt.Errorf("parsing private key: %s", err)
	}
	return p.issueSelfSigned(request{"genSelfSignedCertWithKey", name, addresses, dnsNames, days}, key)
}

func (p *Pin) signed(name string, addresses, dnsNames []any, days int, ca certificate) (certificate, error) {
	return p.issueSigned(request{"genSignedCert", name, addresses, dnsNames, days}, ca, nil)
}

func (p *Pin) signedWithKey(name string, addresses, dnsNames []any, days int, ca certificate, privatePEM string) (certificate, error) {
	key, err := parsePrivateKey(privatePEM)
	if err != nil {
		return certificate{}, fmt.Errorf("parsing private key: %s", err)
	}
	return p.issueSigned(request{"genSignedCertWithKey", name, addresses, dnsNames, days}, ca, key)
}

func (p *Pin) issueAuthority(asked request, key crypto.PrivateKey) (certificate, error) {
	template, key, err := p.prepare(asked, key)
	if err != nil {
		return certificate{}, err
	}
	template.KeyUsage |= x509.KeyUsageCertSign
	template.IsCA = true
	return issue(template, key, template, key)
}

func (p *Pin) issueSelfSigned(asked request, key crypto.PrivateKey) (certificate, error) {
	template, key, err := p.prepare(asked, key)
	if err != nil {
		return certificate{}, err
	}
	return issue(template, key, template, key)
}

func (p *Pin) issueSigned(asked request, ca certificate, key crypto.PrivateKey) (certificate, error) {
	block, _ := pem.Decode([]byte(ca.Cert))
	if block == nil {
		return certificate{}, errors.New("unable to decode certificate")
	}
	parent, err := x509.ParseCertificate(block.Bytes)
	if err != nil {
		return certificate{}, fmt.Errorf("error parsing certificate: decodedSignerCert.Bytes: %s", err)
	}
	parentKey, err := parsePrivateKey(ca.Key)
	if err != nil {
		return certificate{}, fmt.Errorf("error parsing private key: %s", err)
	}
	template, key, err := p.prepare(asked, key)
	if err != nil {
		return certificate{}, err
	}
	return issue(template, key, parent, parentKey)
}

// prepare makes the certificate to be signed, and its key if there is none yet. Without a key sprig makes RSA with 2048 bits.
func (p *Pin) prepare(asked request, key crypto.PrivateKey) (*x509.Certificate, crypto.PrivateKey, error) {
	stream := p.stream(asked.function, asked.name, asked.addresses, asked.dnsNames, asked.days)
	if key == nil {
		generated, err := stream.rsaKey(2048)
		if err != nil {
			return nil, nil, fmt.Errorf("error generating rsa key: %s", err)
		}
		key = generated
	}
	addresses, err := parseAddresses(asked.addresses)
	if err != nil {
		return nil, nil, err
	}
	dnsNames, err := parseNames(asked.dnsNames)
	if err != nil {
		return nil, nil, err
	}
	start := p.Now()
	return &x509.Certificate{
		SerialNumber:          stream.below(new(big.Int).Lsh(big.NewInt(1), 128)),
		Subject:               pkix.Name{CommonName: asked.name},
		IPAddresses:           addresses,
		DNSNames:              dnsNames,
		NotBefore:             start,
		NotAfter:              start.Add(time.Hour * 24 * time.Duration(asked.days)),
		KeyUsage:              x509.KeyUsageKeyEncipherment | x509.KeyUsageDigitalSignature,
		ExtKeyUsage:           []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth, x509.ExtKeyUsageClientAuth},
		BasicConstraintsValid: true,
	}, key, nil
}

// issue signs without randomness: RSA with PKCS#1 v1.5 and Ed25519 need none, ECDSA without a source follows RFC 6979.
func issue(template *x509.Certificate, key crypto.PrivateKey, parent *x509.Certificate, parentKey crypto.PrivateKey) (certificate, error) {
	public, err := publicKey(key)
	if err != nil {
		return certificate{}, fmt.Errorf("error retrieving public key from signee key: %s", err)
	}
	signed, err := x509.CreateCertificate(nil, template, parent, public, parentKey)
	if err != nil {
		return certificate{}, fmt.Errorf("error creating certificate: %s", err)
	}
	return certificate{
		Cert: string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: signed})),
		Key:  string(pem.EncodeToMemory(privateBlock(key))),
	}, nil
}

// buildCertificate takes a certificate and a key that the user has.
func buildCertificate(encodedCertificate, encodedKey string) (certificate, error) {
	text, err := base64.StdEncoding.DecodeString(encodedCertificate)
	if err != nil {
		return certificate{}, errors.New("unable to decode base64 certificate")
	}
	key, err := base64.StdEncoding.DecodeString(encodedKey)
	if err != nil {
		return certificate{}, errors.New("unable to decode base64 private key")
	}
	block, _ := pem.Decode(text)
	if block == nil {
		return certificate{}, errors.New("unable to decode certificate")
	}
	if _, err := x509.ParseCertificate(block.Bytes); err != nil {
		return certificate{}, fmt.Errorf("error parsing certificate: decodedCert.Bytes: %s", err)
	}
	if _, err := parsePrivateKey(string(key)); err != nil {
		return certificate{}, fmt.Errorf("error parsing private key: %s", err)
	}
	return certificate{Cert: string(text), Key: string(key)}, nil
}

func parseAddresses(addresses []any) ([]net.IP, error) {
	parsed := make([]net.IP, len(addresses))
	for index, address := range addresses {
		text, isText := address.(string)
		if !isText {
			return nil, fmt.Errorf("error parsing ip: %v is not a string", address)
		}
		if parsed[index] = net.ParseIP(text); parsed[index] == nil {
			return nil, fmt.Errorf("error parsing ip: %s", text)
		}
	}
	return parsed, nil
}

func parseNames(names []any) ([]string, error) {
	parsed := make([]string, len(names))
	for index, name := range names {
		text, isText := name.(string)
		if !isText {
			return nil, fmt.Errorf("error processing alternate dns name: %v is not a string", name)
		}
		parsed[index] = text
	}
	return parsed, nil
}
