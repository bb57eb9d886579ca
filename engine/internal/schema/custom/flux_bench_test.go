package custom

import (
	"testing"

	"k8s.io/apimachinery/pkg/util/yaml"
)

func BenchmarkObjectOfFlux(b *testing.B) {
	text := "apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata: {name: a, namespace: b}\n" +
		"spec: {interval: 1h, prune: true, wait: true, timeout: 5m, path: ./a, postBuild: {substitute: {A: b, C: d}}, sourceRef: {kind: GitRepository, name: a}}"
	var object map[string]any
	if err := yaml.Unmarshal([]byte(text), &object); err != nil {
		b.Fatal(err)
	}
	definitions := NewDefinitions(nil)
	definitions.Flux = "2.9"
	for b.Loop() {
		if problems := definitions.Validate(b.Context(), "1.37", object); len(problems) != 0 {
			b.Fatal(problems)
		}
	}
}

func BenchmarkFirstObjectOfFlux(b *testing.B) {
	for b.Loop() {
		clear(flux)
		found := fluxDefinition("2.9", groupKind{"helm.toolkit.fluxcd.io", "HelmRelease"})
		found.compiled(&found.spec.Versions[0])
	}
}
