package kustomization

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"path"
	"sort"
	"strings"

	"sigs.k8s.io/kustomize/api/resource"

	"elysium.dev/engine/internal/objects"
	"elysium.dev/engine/internal/rpc"
	"elysium.dev/engine/internal/sops"
)

// newDecrypter makes the decrypter of a Kustomization; nil where it does not ask for decryption.
func newDecrypter(asked *parameters) (*sops.Decrypter, error) {
	if objects.Text(asked.Kustomization, "spec", "decryption", "provider") != "sops" {
		return nil, nil
	}
	var keys []string
	if asked.Decryption != nil {
		keys = asked.Decryption.Age
	}
	made, err := sops.New(keys, asked.OpaqueSecrets)
	if err != nil {
		return nil, rpc.Failed("decrypt", "%v", err)
	}
	return made, nil
}

// opaqueValues lists the tokens in a stable order.
func opaqueValues(decrypter *sops.Decrypter) []opaqueValue {
	values := []opaqueValue{}
	if decrypter == nil {
		return values
	}
	seen := map[opaqueValue]bool{}
	for _, token := range decrypter.Opaque {
		value := opaqueValue{Token: token.Token, File: token.File, Path: token.Path}
		if !seen[value] {
			seen[value] = true
			values = append(values, value)
		}
	}
	sort.Slice(values, func(i, j int) bool {
		return values[i].File+"\x00"+values[i].Path < values[j].File+"\x00"+values[j].Path
	})
	return values
}

// plainValues lists what was decrypted: the client keeps it out of everything that it shows.
func plainValues(decrypter *sops.Decrypter) []sops.Plain {
	if decrypter == nil {
		return nil
	}
	return decrypter.Plain
}

// discreet takes what was decrypted out of a message of the libraries.
func discreet(err error, decrypter *sops.Decrypter) error {
	var failed *rpc.FailedError
	if decrypter == nil || !errors.As(err, &failed) {
		return err
	}
	for _, plain := range decrypter.Plain {
		if len(plain.Value) >= shortestSecret {
			failed.Message = strings.ReplaceAll(failed.Message, plain.Value, plain.Token)
		}
	}
	return failed
}

// shortestSecret is the length from which a value is looked for in texts: shorter ones occur everywhere by chance.
const shortestSecret = 6

// isDecryptionDisabled tells whether an object opts out.
func isDecryptionDisabled(annotations map[string]string) bool {
	return strings.EqualFold(annotations[ownerGroup+"/decrypt"], "disabled")
}

// decryptResource decrypts an object, or the values of a Secret that a generator took from encrypted files. It tells whether it did
// anything, and keeps the resource of the build in step.
func decryptResource(decrypter *sops.Decrypter, built *resource.Resource, object map[string]any, file string) error {
	if isDecryptionDisabled(built.GetAnnotations()) {
		return nil
	}
	changed := false
	switch {
	case sops.IsEncryptedObject(object):
		if err := decrypter.Object(object, file); err != nil {
			return fmt.Errorf("failed to decrypt and format '%s/%s' %s data: %w", built.GetNamespace(), built.GetName(), built.GetKind(), err)
		}
		changed = true
	case built.GetKind() == "Secret":
		var err error
		if changed, err = decryptData(decrypter, object, file); err != nil {
			return fmt.Errorf("failed to decrypt and format '%s/%s' Secret field %w", built.GetNamespace(), built.GetName(), err)
		}
	}
	if !changed {
		return nil
	}
	encoded, err := json.Marshal(object)
	if err != nil {
		return err
	}
	return built.UnmarshalJSON(encoded)
}

// decryptData decrypts those values of a Secret's data that are encrypted files.
func decryptData(decrypter *sops.Decrypter, object map[string]any, file string) (changed bool, err error) {
	data, _ := object["data"].(map[string]any)
	for key, value := range data {
		text, _ := value.(string)
		content, err := base64.StdEncoding.DecodeString(text)
		if err != nil {
			continue // the API server will complain
		}
		format, isEncrypted := sops.Detect(content)
		if !isEncrypted {
			continue
		}
		opened, err := decrypter.File(content, format, sops.FormatOf(key), path.Join(file, key))
		if err != nil {
			return false, fmt.Errorf("'%s': %w", key, err)
		}
		data[key] = base64.StdEncoding.EncodeToString(opened)
		changed = true
	}
	return changed, nil
}

// refuseEncrypted refuses a Secret that is still encrypted: Flux does not apply it.
func refuseEncrypted(object builtObject) error {
	fields := object.Object
	if fields["kind"] != "Secret" || fields["apiVersion"] != "v1" {
		return nil
	}
	annotations, _ := fields["metadata"].(map[string]any)["annotations"].(map[string]any)
	disabled, _ := annotations[ownerGroup+"/decrypt"].(string)
	if _, found := fields["sops"]; !found || strings.EqualFold(disabled, "disabled") {
		return nil
	}
	return rpc.Failed("decrypt", "%s is SOPS encrypted, configuring decryption is required for this secret to be reconciled",
		objects.Describe(fields)).At(object.Origin.File, object.Origin.Line).On(objects.Reference(fields))
}

// warnEncrypted notes a Secret that nothing decrypts. Flux refuses it only where the ciphertext is no valid data: texts under
// stringData reach the cluster as they are.
func (r *renderRun) warnEncrypted(object builtObject) {
	reference := objects.Reference(object.Object)
	if r.decrypter != nil || reference.Kind != "Secret" || !sops.IsEncryptedObject(object.Object) {
		return
	}
	r.warnings = append(r.warnings, warning{
		Code: "encrypted", File: object.Origin.File,
		Message: objects.Describe(object.Object) + " is SOPS encrypted and the Kustomization configures no decryption: it is applied as ciphertext"})
}

// errIgnored ends the descent into a reference that is no directory of the tree, such as a file or a URL.
var errIgnored = errors.New("not a directory with a kustomization file")
