package kustomization

import (
	"os"
	"path/filepath"
	"testing"

	"elysium.dev/engine/internal/tree"
)

var application = map[string]string{
	"app/kustomization.yaml": "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nresources: [namespace.yaml, values.yaml, release.yaml]\n",
	"app/namespace.yaml":     "apiVersion: v1\nkind: Namespace\nmetadata: {name: app}\n",
	"app/values.yaml": `apiVersion: v1
kind: ConfigMap
metadata: {name: values, namespace: app}
data:
  values.yaml: |
    image: {tag: 1.2.3}
`,
	"app/release.yaml": `apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata: {name: app, namespace: app}
spec:
  interval: 1h
  chart:
    spec:
      chart: ./charts/web
      sourceRef: {kind: GitRepository, name: flux-system, namespace: flux-system}
  valuesFrom: [{kind: ConfigMap, name: values}]
  values:
    replicas: 1
    ingress: {host: "${APP}.${DOMAIN}"}
    env: {TZ: "${TIMEZONE}", APP: "${APP}"}
`,
}

// openTree writes files into a directory of the test and opens it as a tree.
func openTree(t testing.TB, files map[string]string) *tree.Tree {
	t.Helper()
	root := t.TempDir()
	for name, content := range files {
		file := filepath.Join(root, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	opened, err := tree.Open(root, nil, tree.RulesGit, nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(opened.Close)
	return opened
}

// fluxKustomization is a Kustomization flux-system/name with the given spec.
func fluxKustomization(name string, spec map[string]any) map[string]any {
	return map[string]any{
		"apiVersion": "kustomize.toolkit.fluxcd.io/v1", "kind": "Kustomization",
		"metadata": map[string]any{"name": name, "namespace": "flux-system"}, "spec": spec,
	}
}

func BenchmarkBuild(b *testing.B) {
	source := openTree(b, application)
	asked := &parameters{
		Kustomization: fluxKustomization("app", map[string]any{"path": "./app", "postBuild": map[string]any{}}),
		Variables:     map[string]string{"APP": "app", "DOMAIN": "example.org", "TIMEZONE": "UTC"},
		Flux:          "2.9",
	}
	for b.Loop() {
		work, err := newRun(asked, source)
		if err != nil {
			b.Fatal(err)
		}
		if _, err := work.answer(); err != nil {
			b.Fatal(err)
		}
	}
}
