package sops

import (
	"errors"
	"fmt"
	"io"
	"regexp"
	"strings"

	"filippo.io/age"
	"filippo.io/age/armor"
	"go.yaml.in/yaml/v3"
)

// metadata is what a document says about its encryption.
type metadata struct {
	Age               []recipient `yaml:"age"`
	UnencryptedSuffix string      `yaml:"unencrypted_suffix"`
	EncryptedSuffix   string      `yaml:"encrypted_suffix"`
	UnencryptedRegex  string      `yaml:"unencrypted_regex"`
	EncryptedRegex    string      `yaml:"encrypted_regex"`
	Mac               string      `yaml:"mac"`
}

// recipient is the data key of the document, encrypted for one age key.
type recipient struct {
	Encrypted string `yaml:"enc"`
}

// errNoKey says that the document was encrypted for none of the keys at hand.
var errNoKey = errors.New("cannot get sops data key: Error getting data key: 0 successful groups required, got 0")

// dataKey decrypts the key of the document with one of the identities.
func (m *metadata) dataKey(identities []age.Identity) ([]byte, error) {
	if len(identities) == 0 {
		return nil, errNoKey
	}
	for _, recipient := range m.Age {
		opened, err := age.Decrypt(armor.NewReader(strings.NewReader(recipient.Encrypted)), identities...)
		if err != nil {
			continue
		}
		if key, err := io.ReadAll(io.LimitReader(opened, 1024)); err == nil {
			return key, nil
		}
	}
	return nil, errNoKey
}

// scope decides which values of a document are encrypted.
type scope struct {
	metadata                    *metadata
	unencryptedRegex, encrypted *regexp.Regexp
}

func (m *metadata) scope() (scope, error) {
	made := scope{metadata: m}
	for _, rule := range []struct {
		text string
		into **regexp.Regexp
	}{{m.UnencryptedRegex, &made.unencryptedRegex}, {m.EncryptedRegex, &made.encrypted}} {
		if rule.text == "" {
			continue
		}
		compiled, err := regexp.Compile(rule.text)
		if err != nil {
			return made, fmt.Errorf("sops metadata: %w", err)
		}
		*rule.into = compiled
	}
	return made, nil
}

// covers tells whether the value at a path is encrypted. One matching part of the path decides.
func (s scope) covers(path []string) bool {
	any := func(matches func(string) bool) bool {
		for _, part := range path {
			if matches(part) {
				return true
			}
		}
		return false
	}
	covered := true
	if suffix := s.metadata.UnencryptedSuffix; suffix != "" {
		covered = !any(func(part string) bool { return strings.HasSuffix(part, suffix) })
	}
	if suffix := s.metadata.EncryptedSuffix; suffix != "" {
		covered = any(func(part string) bool { return strings.HasSuffix(part, suffix) })
	}
	if s.unencryptedRegex != nil {
		covered = covered && !any(s.unencryptedRegex.MatchString)
	}
	if s.encrypted != nil {
		covered = any(s.encrypted.MatchString)
	}
	return covered
}

// takeMetadata removes the metadata from a document and reads it.
func takeMetadata(document *yaml.Node) (*metadata, error) {
	for index := 0; index+1 < len(document.Content); index += 2 {
		if document.Content[index].Value != "sops" {
			continue
		}
		var read metadata
		if err := document.Content[index+1].Decode(&read); err != nil {
			return nil, errors.New("sops metadata cannot be read")
		}
		document.Content = append(document.Content[:index], document.Content[index+2:]...)
		return &read, nil
	}
	return nil, errors.New("sops metadata not found")
}
