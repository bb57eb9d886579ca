package sops

import (
	"bytes"
	"errors"
	"path"
	"strings"

	"go.yaml.in/yaml/v3"
)

// Format is how an encrypted file is written.
type Format string

// The formats of SOPS.
const (
	YAML   Format = "YAML"
	JSON   Format = "JSON"
	Dotenv Format = "dotenv"
	INI    Format = "INI"
	Binary Format = "binary"
)

// markers tell an encrypted file of a format from others, as kustomize-controller recognises it.
var markers = map[Format][]byte{
	Binary: []byte(`"mac": "ENC[`),
	JSON:   []byte(`"mac": "ENC[`),
	YAML:   []byte("mac: ENC["),
	Dotenv: []byte("sops_mac=ENC["),
	INI:    []byte("[sops]"),
}

// FormatOf tells the format by the name of a file, or of a key of a Secret.
func FormatOf(name string) Format {
	if strings.HasSuffix(name, ".dockerconfigjson") {
		return JSON
	}
	switch path.Ext(name) {
	case ".yaml", ".yml":
		return YAML
	case ".json":
		return JSON
	case ".env":
		return Dotenv
	case ".ini":
		return INI
	}
	return Binary
}

// IsEncrypted tells whether content in a format is encrypted.
func IsEncrypted(content []byte, format Format) bool { return bytes.Contains(content, markers[format]) }

// Detect finds the format of encrypted content; false where it is not encrypted.
func Detect(content []byte) (Format, bool) {
	for _, format := range []Format{JSON, YAML, Dotenv, INI} {
		if IsEncrypted(content, format) {
			return format, true
		}
	}
	return "", false
}

// File decrypts content and writes it in a format, byte for byte as SOPS does. Name is the file, for the tokens of what stays unknown.
func (d *Decrypter) File(content []byte, from, to Format, name string) ([]byte, error) {
	documents, err := load(content, from)
	if err != nil {
		return nil, err
	}
	if len(documents) == 0 {
		return nil, errors.New("sops metadata not found")
	}
	var started *work
	for _, document := range documents {
		read, err := takeMetadata(document)
		if err != nil && started == nil {
			return nil, err
		}
		if started == nil {
			if started, err = d.start(read, name); err != nil {
				return nil, err
			}
		}
		if err := started.document(document, nil); err != nil {
			return nil, err
		}
	}
	return emit(documents, to)
}

// load reads a file as mappings, one a document.
func load(content []byte, format Format) ([]*yaml.Node, error) {
	switch format {
	case YAML:
		return loadYAML(content)
	case Dotenv:
		return loadDotenv(content)
	case INI:
		return loadINI(content)
	}
	return loadJSON(content)
}

func emit(documents []*yaml.Node, format Format) ([]byte, error) {
	switch format {
	case YAML:
		return emitYAML(documents)
	case Dotenv:
		return emitDotenv(documents[0])
	case INI:
		return emitINI(documents[0])
	case JSON:
		return emitJSON(documents[0])
	}
	return emitBinary(documents[0])
}

// emitBinary is the content of a file that SOPS did not understand: it stands under one key.
func emitBinary(document *yaml.Node) ([]byte, error) {
	for index := 0; index+1 < len(document.Content); index += 2 {
		if document.Content[index].Value == "data" {
			return []byte(document.Content[index+1].Value), nil
		}
	}
	return nil, errors.New("No binary data found in tree") //nolint:staticcheck // as SOPS words it
}
