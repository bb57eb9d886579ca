package pinned

import (
	"crypto"
	"crypto/dsa" //nolint:staticcheck // templates may ask for it
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rsa"
	"crypto/x509"
	"encoding/asn1"
	"encoding/pem"
	"errors"
	"fmt"
	"math/big"
	"strings"
)

// privateKey makes a key of the type and size that sprig makes.
func (p *Pin) privateKey(kind string) string {
	stream := p.stream("genPrivateKey", kind)
	var key any
	var err error
	switch kind {
	case "", "rsa":
		key, err = stream.rsaKey(4096)
	case "dsa":
		key = stream.dsaKey()
	case "ecdsa":
		key, err = stream.ecdsaKey()
	case "ed25519":
		seed := make([]byte, ed25519.SeedSize)
		stream.fill(seed)
		key = ed25519.NewKeyFromSeed(seed)
	default:
		return "Unknown type " + kind
	}
	if err != nil {
		return fmt.Sprintf("failed to generate private key: %s", err)
	}
	return string(pem.EncodeToMemory(privateBlock(key)))
}

// rsaKey makes a key of two primes that are known beforehand: finding new ones takes up to seconds. A pinned key is a stand-in for the
// one that the cluster generates, and secret to nobody.
func (s *stream) rsaKey(bits int) (*rsa.PrivateKey, error) {
	offsets := primeOffsets[bits/2]
	first := s.IntN(len(offsets))
	second := (first + 1 + s.IntN(len(offsets)-1)) % len(offsets)
	one := big.NewInt(1)
	p, q := knownPrime(bits/2, first), knownPrime(bits/2, second)
	order := new(big.Int).Mul(new(big.Int).Sub(p, one), new(big.Int).Sub(q, one))
	key := &rsa.PrivateKey{PublicKey: rsa.PublicKey{N: new(big.Int).Mul(p, q), E: 65537}, Primes: []*big.Int{p, q}}
	key.D = new(big.Int).ModInverse(big.NewInt(int64(key.E)), order)
	if key.D == nil {
		return nil, errors.New("the exponent has no inverse")
	}
	key.Precompute()
	return key, key.Validate()
}

func (s *stream) ecdsaKey() (*ecdsa.PrivateKey, error) {
	curve := elliptic.P256()
	scalar := s.below(new(big.Int).Sub(curve.Params().N, big.NewInt(1)))
	scalar.Add(scalar, big.NewInt(1))
	return ecdsa.ParseRawPrivateKey(curve, scalar.FillBytes(make([]byte, 32)))
}

func (s *stream) dsaKey() *dsa.PrivateKey {
	key := &dsa.PrivateKey{PublicKey: dsa.PublicKey{Parameters: knownDSA()}}
	key.X = s.below(new(big.Int).Sub(key.Q, big.NewInt(1)))
	key.X.Add(key.X, big.NewInt(1))
	key.Y = new(big.Int).Exp(key.G, key.X, key.P)
	return key
}

// dsaFormat is how a DSA key is written.
type dsaFormat struct {
	Version       int
	P, Q, G, Y, X *big.Int
}

func privateBlock(key crypto.PrivateKey) *pem.Block {
	switch typed := key.(type) {
	case *rsa.PrivateKey:
		return &pem.Block{Type: "RSA PRIVATE KEY", Bytes: x509.MarshalPKCS1PrivateKey(typed)}
	case *dsa.PrivateKey:
		encoded, _ := asn1.Marshal(dsaFormat{P: typed.P, Q: typed.Q, G: typed.G, Y: typed.Y, X: typed.X})
		return &pem.Block{Type: "DSA PRIVATE KEY", Bytes: encoded}
	case *ecdsa.PrivateKey:
		encoded, _ := x509.MarshalECPrivateKey(typed)
		return &pem.Block{Type: "EC PRIVATE KEY", Bytes: encoded}
	default:
		encoded, _ := x509.MarshalPKCS8PrivateKey(key)
		return &pem.Block{Type: "PRIVATE KEY", Bytes: encoded}
	}
}

func parsePrivateKey(text string) (crypto.PrivateKey, error) {
	block, _ := pem.Decode([]byte(text))
	if block == nil {
		return nil, errors.New("no PEM data in input")
	}
	switch kind, isPrivate := strings.CutSuffix(block.Type, " PRIVATE KEY"); {
	case block.Type == "PRIVATE KEY":
		return described[crypto.PrivateKey]("decoding PEM as PKCS#8")(x509.ParsePKCS8PrivateKey(block.Bytes))
	case !isPrivate:
		return nil, fmt.Errorf("no private key data in PEM block of type %s", block.Type)
	case kind == "RSA":
		return described[*rsa.PrivateKey]("parsing RSA private key from PEM")(x509.ParsePKCS1PrivateKey(block.Bytes))
	case kind == "EC":
		return described[*ecdsa.PrivateKey]("parsing EC private key from PEM")(x509.ParseECPrivateKey(block.Bytes))
	case kind == "DSA":
		return parseDSA(block.Bytes)
	default:
		return nil, fmt.Errorf("invalid private key type %s", block.Type)
	}
}

// described names what went wrong as sprig does.
func described[K crypto.PrivateKey](doing string) func(K, error) (crypto.PrivateKey, error) {
	return func(key K, err error) (crypto.PrivateKey, error) {
		if err != nil {
			return nil, fmt.Errorf("%s: %s", doing, err)
		}
		return key, nil
	}
}

func parseDSA(encoded []byte) (crypto.PrivateKey, error) {
	var read dsaFormat
	if _, err := asn1.Unmarshal(encoded, &read); err != nil {
		return nil, fmt.Errorf("parsing DSA private key from PEM: %s", err)
	}
	parameters := dsa.Parameters{P: read.P, Q: read.Q, G: read.G}
	return &dsa.PrivateKey{PublicKey: dsa.PublicKey{Parameters: parameters, Y: read.Y}, X: read.X}, nil
}

func publicKey(key crypto.PrivateKey) (crypto.PublicKey, error) {
	switch typed := key.(type) {
	case interface{ Public() crypto.PublicKey }:
		return typed.Public(), nil
	case *dsa.PrivateKey:
		return &typed.PublicKey, nil
	default:
		return nil, fmt.Errorf("unable to get public key for type %T", key)
	}
}
