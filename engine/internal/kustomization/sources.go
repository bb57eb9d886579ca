package kustomization

import (
	"errors"
	"fmt"
	"net/url"
	"path"
	"strings"

	kustomizetypes "sigs.k8s.io/kustomize/api/types"
	"sigs.k8s.io/yaml"

	"elysium.dev/engine/internal/rpc"
	"elysium.dev/engine/internal/sops"
	"elysium.dev/engine/internal/tree"
)

// sourceDecryption decrypts the files that Kustomize will read: those of secret generators and patches, through all local resources
// and components.
type sourceDecryption struct {
	fileSystem *tree.FileSystem
	decrypter  *sops.Decrypter
	visited    map[string]bool
	decrypted  map[string]bool
}

func decryptSources(fileSystem *tree.FileSystem, decrypter *sops.Decrypter, directory string) error {
	walk := &sourceDecryption{
		fileSystem: fileSystem, decrypter: decrypter, visited: map[string]bool{}, decrypted: map[string]bool{}}
	if err := walk.descend(directory); err != nil {
		var failed *rpc.FailedError
		if errors.As(err, &failed) {
			return err
		}
		return rpc.Failed("decrypt", "error decrypting sources: %s", shown(err)).At(directory, 0)
	}
	return nil
}

// descend visits a directory and what its kustomization file refers to.
func (w *sourceDecryption) descend(directory string) error {
	if w.visited[directory] {
		return nil
	}
	w.visited[directory] = true
	if !w.fileSystem.IsDir(tree.Absolute(directory)) {
		return errIgnored
	}
	file, err := w.load(directory)
	if err != nil {
		return err
	}
	if err := w.visit(directory, file); err != nil {
		return err
	}
	for _, reference := range append(file.Resources, file.Components...) {
		if err := w.descend(within(directory, reference)); err != nil && !errors.Is(err, errIgnored) {
			return err
		}
	}
	return nil
}

// within resolves a reference as Flux does: an absolute one counts from the root, and none leads out of it.
func within(directory, reference string) string {
	if path.IsAbs(reference) {
		return confined(reference)
	}
	return confined(path.Join("/", directory, reference))
}

// load reads the one kustomization file of a directory.
func (w *sourceDecryption) load(directory string) (*kustomizetypes.Kustomization, error) {
	var content []byte
	for _, name := range kustomizationFiles {
		file := tree.Absolute(path.Join(directory, name))
		if !w.fileSystem.Exists(file) {
			continue
		}
		if content != nil {
			return nil, fmt.Errorf("found multiple kustomization files")
		}
		read, err := w.fileSystem.ReadFile(file)
		if err != nil {
			return nil, fmt.Errorf("failed to read kustomization file: %w", err)
		}
		content = append([]byte{}, read...)
	}
	if content == nil {
		return nil, fmt.Errorf("no kustomization file found in %s", directory)
	}
	var read kustomizetypes.Kustomization
	if err := yaml.Unmarshal(content, &read); err != nil {
		return nil, fmt.Errorf("failed to unmarshal kustomization file from '%s': %w", directory, err)
	}
	return &read, nil
}

// visit decrypts the files that one kustomization file names.
func (w *sourceDecryption) visit(directory string, file *kustomizetypes.Kustomization) error {
	for _, generator := range file.SecretGenerator {
		for _, reference := range generator.FileSources {
			key, name, named := strings.Cut(reference, "=")
			if !named {
				name = key
			}
			if err := w.decrypt(within(directory, name), sops.FormatOf(key)); err != nil {
				return err
			}
		}
		for _, name := range generator.EnvSources {
			format := sops.FormatOf(name)
			if format == sops.Binary {
				format = sops.Dotenv
			}
			if err := w.decrypt(within(directory, name), format); err != nil {
				return err
			}
		}
	}
	for _, patch := range file.Patches {
		if patch.Path == "" || isURL(patch.Path) {
			continue
		}
		if err := w.decrypt(within(directory, patch.Path), sops.FormatOf(patch.Path)); err != nil {
			return err
		}
	}
	return nil
}

func isURL(reference string) bool {
	parsed, err := url.Parse(reference)
	return err == nil && parsed.Scheme != "" && parsed.Host != ""
}

// decrypt lays the plaintext of a file over it, in memory.
func (w *sourceDecryption) decrypt(file string, format sops.Format) error {
	if w.decrypted[file] {
		return nil
	}
	content, err := w.fileSystem.ReadFile(tree.Absolute(file))
	if err != nil {
		return err
	}
	if !sops.IsEncrypted(content, format) {
		return nil
	}
	opened, err := w.decrypter.File(content, format, format, file)
	if err != nil {
		return rpc.Failed("decrypt", "error decrypting sources: %v", err).At(file, 0)
	}
	w.decrypted[file] = true
	w.fileSystem.Put(file, opened)
	return nil
}
