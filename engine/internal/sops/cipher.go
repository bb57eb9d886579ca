// Package sops opens files and objects that were encrypted with SOPS for age keys. It only decrypts, in memory. Like
// kustomize-controller it does not compare the message authentication code of a whole document, because a build adds to documents;
// each value is authenticated by itself.
package sops

import (
	"crypto/aes"
	"crypto/cipher"
	"encoding/base64"
	"errors"
	"fmt"
	"regexp"
	"strconv"
)

var encrypted = regexp.MustCompile(`^ENC\[AES256_GCM,data:(.+),iv:(.+),tag:(.+),type:(.+)\]`)

// errNotEncrypted is deliberately silent about the value.
var errNotEncrypted = errors.New("Input string <redacted> does not match sops' data format") //nolint:staticcheck // as Flux words it

// sealed is an encrypted value, taken apart.
type sealed struct {
	data, nonce, tag []byte
	kind             string
}

func parse(text string) (sealed, error) {
	match := encrypted.FindStringSubmatch(text)
	if match == nil {
		return sealed{}, errNotEncrypted
	}
	value := sealed{kind: match[4]}
	for index, part := range []*[]byte{&value.data, &value.nonce, &value.tag} {
		decoded, err := base64.StdEncoding.DecodeString(match[index+1])
		if err != nil {
			return sealed{}, errNotEncrypted
		}
		*part = decoded
	}
	return value, nil
}

// open decrypts the value at a place of a document: its path is authenticated with it.
func (s sealed) open(key []byte, path string) (any, error) {
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, err
	}
	if len(s.nonce) == 0 {
		return nil, errNotEncrypted
	}
	mode, err := cipher.NewGCMWithNonceSize(block, len(s.nonce))
	if err != nil {
		return nil, err
	}
	plain, err := mode.Open(nil, s.nonce, append(s.data[:len(s.data):len(s.data)], s.tag...), []byte(path))
	if err != nil {
		return nil, fmt.Errorf("could not decrypt with AES_GCM: %w", err)
	}
	return typed(string(plain), s.kind)
}

// typed gives a decrypted text the type that it had.
func typed(plain, kind string) (any, error) {
	switch kind {
	case "str", "bytes", "comment":
		return plain, nil
	case "int":
		number, err := strconv.ParseInt(plain, 10, 64)
		return number, hidden(err)
	case "float":
		number, err := strconv.ParseFloat(plain, 64)
		return number, hidden(err)
	case "bool":
		truth, err := strconv.ParseBool(plain)
		return truth, hidden(err)
	}
	return nil, fmt.Errorf("unknown datatype: %s", kind)
}

// hidden keeps plaintext out of an error.
func hidden(err error) error {
	if err == nil {
		return nil
	}
	return errors.New("the decrypted value does not have the type that it was encrypted with")
}
