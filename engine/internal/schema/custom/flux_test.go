package custom

import (
	"strings"
	"testing"

	"elysium.dev/engine/internal/schema"
	"k8s.io/apimachinery/pkg/util/yaml"
)

func problemsOfFlux(t *testing.T, minor, text string) []schema.Problem {
	t.Helper()
	var object map[string]any
	if err := yaml.Unmarshal([]byte(text), &object); err != nil {
		t.Fatal(err)
	}
	definitions := NewDefinitions(nil)
	definitions.Flux = minor
	return definitions.Validate(t.Context(), "1.37", object)
}

func TestObjectsOfFluxAreJudgedByItsMinor(t *testing.T) {
	kustomization := "apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata: {name: a, namespace: b}\n" +
		"spec: {interval: 1h, prune: true, sourceRef: {kind: GitRepository, name: a}, "
	receiver := "apiVersion: notification.toolkit.fluxcd.io/v1\nkind: Receiver\nmetadata: {name: a, namespace: b}\n"
	alert := "kind: Alert\nmetadata: {name: a, namespace: b}\nspec: {providerRef: {name: a}, eventSources: [{kind: Bucket, name: b}]}\n"
	policy := "apiVersion: image.toolkit.fluxcd.io/v1beta2\nkind: ImagePolicy\nmetadata: {name: a, namespace: b}\n" +
		"spec: {imageRepositoryRef: {name: a}, policy: {numerical: {}}}\n"
	tests := map[string]struct{ minor, object, code, path, message string }{
		"valid":                     {"2.9", kustomization + "path: ./a}", "", "", ""},
		"unknown field":             {"2.9", kustomization + "pth: ./a}", "unknown-field", "spec.pth", ""},
		"wrong type":                {"2.9", kustomization + "prune: 3}", "type", "spec.prune", ""},
		"pattern":                   {"2.9", kustomization + "timeout: soon}", "pattern", "spec.timeout", ""},
		"field of the next minor":   {"2.8", kustomization + "buildMetadata: [originAnnotations]}", "unknown-field", "spec.buildMetadata", ""},
		"field of this minor":       {"2.9", kustomization + "buildMetadata: [originAnnotations]}", "", "", ""},
		"opaque":                    {"2.9", kustomization + "timeout: opaque-0123456789ab}", "", "", ""},
		"variable":                  {"2.9", kustomization + "timeout: '${TIMEOUT}'}", "", "", ""},
		"receiver type, next minor": {"2.8", receiver + "spec: {type: generic-oidc, secretRef: {name: a}, resources: []}", "enum", "spec.type", ""},
		"rule":                      {"2.9", receiver + "spec: {type: generic, resources: []}", "cel", "spec", "secretRef is required"},
		"removed":                   {"2.9", policy, "removed-api", "apiVersion", "use image.toolkit.fluxcd.io/v1"},
		"not yet removed":           {"2.8", policy, "deprecated-api", "apiVersion", ""},
		"still served":              {"2.8", "apiVersion: notification.toolkit.fluxcd.io/v1beta2\n" + alert, "", "", ""},
		"no longer served":          {"2.9", "apiVersion: notification.toolkit.fluxcd.io/v1beta2\n" + alert, "removed-api", "apiVersion", "v1beta3"},
		"a version yet to come":     {"2.9", "apiVersion: kustomize.toolkit.fluxcd.io/v3\nkind: Kustomization\nmetadata: {name: a, namespace: b}\n", "removed-api", "apiVersion", "use kustomize.toolkit.fluxcd.io/v1"},
		"another kind of that name": {"2.9", "apiVersion: example.org/v1\nkind: Alert\nmetadata: {name: a}\n", "", "", ""},
		"nobody asked":              {"", kustomization + "pth: ./a}", "", "", ""},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			problems := problemsOfFlux(t, test.minor, test.object)
			if test.code == "" {
				if len(problems) != 0 {
					t.Errorf("unexpected: %v", problems)
				}
				return
			}
			for _, problem := range problems {
				if problem.Code == test.code && problem.Path == test.path && strings.Contains(problem.Message, test.message) {
					return
				}
			}
			t.Errorf("no %s at %s in %v", test.code, test.path, problems)
		})
	}
}

func TestEveryDefinitionOfFluxCompiles(t *testing.T) {
	kinds := []groupKind{
		{"source.toolkit.fluxcd.io", "GitRepository"}, {"source.toolkit.fluxcd.io", "OCIRepository"}, {"source.toolkit.fluxcd.io", "Bucket"},
		{"source.toolkit.fluxcd.io", "HelmRepository"}, {"source.toolkit.fluxcd.io", "HelmChart"},
		{"source.toolkit.fluxcd.io", "ExternalArtifact"}, {"kustomize.toolkit.fluxcd.io", "Kustomization"},
		{"helm.toolkit.fluxcd.io", "HelmRelease"}, {"image.toolkit.fluxcd.io", "ImageRepository"},
		{"image.toolkit.fluxcd.io", "ImagePolicy"}, {"image.toolkit.fluxcd.io", "ImageUpdateAutomation"},
		{"notification.toolkit.fluxcd.io", "Provider"}, {"notification.toolkit.fluxcd.io", "Alert"},
		{"notification.toolkit.fluxcd.io", "Receiver"},
	}
	for _, minor := range schema.FluxMinors() {
		for _, kind := range kinds {
			found := fluxDefinition(minor, kind)
			if found == nil {
				t.Fatalf("Flux %s has no %s", minor, kind.kind)
			}
			for index := range found.spec.Versions {
				if failure := found.compiled(&found.spec.Versions[index]).failure; failure != nil {
					t.Errorf("Flux %s: %s", minor, failure.Message)
				}
			}
		}
	}
}
