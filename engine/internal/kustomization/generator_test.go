package kustomization

import (
	"testing"

	"elysium.dev/engine/internal/tree"
)

// TestGeneratorKeepsItsField fails when a release of the library takes away what newGenerator sets.
func TestGeneratorKeepsItsField(t *testing.T) {
	view := openTree(t, map[string]string{"app/a.yaml": configMap}).FileSystem(nil)
	generator, err := newGenerator(fluxKustomization("app", map[string]any{}), view)
	if err != nil {
		t.Fatal(err)
	}
	if _, _, _, err := generator.GenerateManifest(tree.Absolute("app")); err != nil {
		t.Errorf("the generator does not read from the file system that it was given: %v", err)
	}
}
