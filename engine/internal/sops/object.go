package sops

import (
	"encoding/base64"
	"fmt"

	"go.yaml.in/yaml/v3"
)

// Object decrypts the values of an object that carries SOPS metadata, in place, and takes the metadata away. In a Secret, what stays
// unknown is encoded as its other data are. Name is the file that the object comes from.
func (d *Decrypter) Object(object map[string]any, name string) error {
	var held yaml.Node
	if err := held.Encode(object["sops"]); err != nil {
		return err
	}
	var read metadata
	if err := held.Decode(&read); err != nil {
		return fmt.Errorf("sops metadata cannot be read")
	}
	started, err := d.start(&read, name)
	if err != nil {
		return err
	}
	delete(object, "sops")
	_, err = started.any(object, nil, isSecret(object))
	return err
}

// IsEncryptedObject tells whether an object carries SOPS metadata, as kustomize-controller recognises it.
func IsEncryptedObject(object map[string]any) bool {
	held, _ := object["sops"].(map[string]any)
	mac, _ := held["mac"].(string)
	return mac != ""
}

func isSecret(object map[string]any) bool {
	return object["kind"] == "Secret" && object["apiVersion"] == "v1"
}

// any decrypts a value and everything in it.
func (w *work) any(value any, path []string, secret bool) (any, error) {
	switch value := value.(type) {
	case map[string]any:
		for key, item := range value {
			opened, err := w.any(item, append(path[:len(path):len(path)], key), secret)
			if err != nil {
				return nil, err
			}
			value[key] = opened
		}
		return value, nil
	case []any:
		for index, item := range value {
			opened, err := w.any(item, path, secret)
			if err != nil {
				return nil, err
			}
			value[index] = opened
		}
		return value, nil
	case nil:
		return nil, nil
	}
	if !w.scope.covers(path) {
		return value, nil
	}
	text, isText := value.(string)
	if !isText {
		return nil, errNotEncrypted
	}
	opened, err := w.value(text, path)
	if token, isToken := opened.(string); w.key == nil && err == nil && isToken && text != "" && secret && path[0] == "data" {
		return base64.StdEncoding.EncodeToString([]byte(token)), nil
	}
	return opened, err
}
