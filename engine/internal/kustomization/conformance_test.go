package kustomization

import (
	"context"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	fluxkustomize "github.com/fluxcd/pkg/kustomize"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"sigs.k8s.io/yaml"

	"elysium.dev/engine/internal/objects"
	"elysium.dev/engine/internal/tree"
)

const (
	configMap  = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: settings\ndata:\n  key: value\n"
	deployment = `apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  selector:
    matchLabels: {app: web}
  template:
    metadata:
      labels: {app: web}
    spec:
      containers:
        - name: web
          image: example.org/web:1.0
          ports: [{containerPort: 80}]
`
	custom = "apiVersion: example.org/v1\nkind: Sample\nmetadata:\n  name: sample\nspec:\n  list: [{name: a, value: 1}, {name: b, value: 2}]\n"
)

// TestEqualsFlux builds with our way around the libraries and with the libraries as kustomize-controller calls them, and compares the
// objects, or that both fail.
func TestEqualsFlux(t *testing.T) {
	for name, test := range map[string]struct {
		files     map[string]string
		spec      map[string]any
		variables map[string]string
		strict    bool
	}{
		"generated from manifests": {files: map[string]string{"app/a.yaml": configMap, "app/sub/b.yml": deployment, "app/readme.md": "#"}},
		"directory with its own file": {files: map[string]string{
			"app/a.yaml": configMap, "app/sub/kustomization.yaml": "resources: [d.yaml]\n", "app/sub/d.yaml": deployment, "app/sub/unused.yaml": custom}},
		"yaml that is no manifest":        {files: map[string]string{"app/a.yaml": configMap, "app/values.yaml": "key: value\n"}},
		"nothing at all":                  {files: map[string]string{"app/readme.md": "#"}},
		"existing file without resources": {files: map[string]string{"app/kustomization.yaml": "namespace: here\n"}},
		"kustomization.yml":               {files: map[string]string{"app/kustomization.yml": "resources: [a.yaml]\n", "app/a.yaml": configMap}},
		"target namespace, prefix, suffix": {
			files: map[string]string{"app/kustomization.yaml": "namespace: before\nnamePrefix: old-\nresources: [a.yaml, d.yaml]\n", "app/a.yaml": configMap, "app/d.yaml": deployment},
			spec:  map[string]any{"targetNamespace": "target", "namePrefix": "new-", "nameSuffix": "-x"}},
		"patches append": {
			files: map[string]string{"app/kustomization.yaml": "resources: [d.yaml]\npatches: [{path: p.yaml}]\n", "app/d.yaml": deployment,
				"app/p.yaml": "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\nspec: {replicas: 3}\n"},
			spec: map[string]any{"patches": []any{map[string]any{
				"patch": "- op: add\n  path: /spec/paused\n  value: true\n", "target": map[string]any{"kind": "Deployment"}}}}},
		"strategic merge by the built-in schema": {
			files: map[string]string{"app/kustomization.yaml": "resources: [d.yaml]\n", "app/d.yaml": deployment},
			spec: map[string]any{"patches": []any{map[string]any{
				"patch": "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\nspec: {template: {spec: {containers: [{name: side, image: x}]}}}\n"}}}},
		"components, one of them missing": {
			files: map[string]string{"app/kustomization.yaml": "resources: [a.yaml]\n", "app/a.yaml": configMap,
				"components/c/kustomization.yaml": "apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\ncommonAnnotations: {from: component}\n"},
			spec: map[string]any{"components": []any{"../components/c", "../components/missing"}, "ignoreMissingComponents": true}},
		"missing component": {files: map[string]string{"app/a.yaml": configMap}, spec: map[string]any{"components": []any{"../missing"}}},
		"remote component":  {files: map[string]string{"app/a.yaml": configMap}, spec: map[string]any{"components": []any{"https://example.org/x"}}},
		"images merge": {
			files: map[string]string{"app/kustomization.yaml": "resources: [d.yaml]\nimages: [{name: example.org/web, newName: example.org/other, newTag: '2'}]\n", "app/d.yaml": deployment},
			spec:  map[string]any{"images": []any{map[string]any{"name": "example.org/web", "newTag": "3"}}}},
		"build metadata of the file": {
			files: map[string]string{"app/kustomization.yaml": "resources: [a.yaml]\nbuildMetadata: [originAnnotations, managedByLabel]\n", "app/a.yaml": configMap}},
		"build metadata of the spec": {
			files: map[string]string{"app/kustomization.yaml": "resources: [a.yaml]\nbuildMetadata: [originAnnotations]\nnamePrefix: x-\n", "app/a.yaml": configMap},
			spec:  map[string]any{"buildMetadata": []any{"transformerAnnotations"}}},
		"overlay over base": {files: map[string]string{
			"app/kustomization.yaml": "resources: [../base]\nnameSuffix: -prod\ncommonLabels: {tier: prod}\n", "base/kustomization.yaml": "resources: [d.yaml, a.yaml]\nconfigMapGenerator: [{name: generated, literals: [a=b]}]\n",
			"base/d.yaml": deployment, "base/a.yaml": configMap}},
		"generators": {files: map[string]string{
			"app/kustomization.yaml": "secretGenerator: [{name: s, files: [key=f.txt], envs: [e.env]}]\nconfigMapGenerator: [{name: c, files: [f.txt]}]\n", "app/f.txt": "content", "app/e.env": "A=b\n"}},
		"replacements": {files: map[string]string{
			"app/kustomization.yaml": "resources: [a.yaml, d.yaml]\nreplacements: [{source: {kind: ConfigMap, name: settings, fieldPath: data.key}, targets: [{select: {kind: Deployment}, fieldPaths: [spec.template.spec.containers.0.image]}]}]\n",
			"app/a.yaml":             configMap, "app/d.yaml": deployment}},
		"schema of a custom kind": {files: map[string]string{
			"app/kustomization.yaml": "resources: [s.yaml]\nopenapi: {path: schema.json}\npatches: [{patch: '{apiVersion: example.org/v1, kind: Sample, metadata: {name: sample}, spec: {list: [{name: b, value: 3}]}}'}]\n",
			"app/s.yaml":             custom,
			"app/schema.json":        `{"definitions":{"v1.Sample":{"properties":{"spec":{"properties":{"list":{"type":"array","items":{"type":"object"},"x-kubernetes-patch-merge-key":"name","x-kubernetes-patch-strategy":"merge"}}}},"x-kubernetes-group-version-kind":[{"group":"example.org","kind":"Sample","version":"v1"}]}}}`}},
		"custom kind without schema": {files: map[string]string{
			"app/kustomization.yaml": "resources: [s.yaml]\npatches: [{patch: '{apiVersion: example.org/v1, kind: Sample, metadata: {name: sample}, spec: {list: [{name: b, value: 3}]}}'}]\n",
			"app/s.yaml":             custom}},
		"unknown field":         {files: map[string]string{"app/kustomization.yaml": "resourcez: [a.yaml]\n", "app/a.yaml": configMap}},
		"missing resource":      {files: map[string]string{"app/kustomization.yaml": "resources: [nothing.yaml]\n"}},
		"out of the root":       {files: map[string]string{"app/kustomization.yaml": "resources: [../../../../etc]\n"}},
		"cycle":                 {files: map[string]string{"app/kustomization.yaml": "resources: [../other]\n", "other/kustomization.yaml": "resources: [../app]\n"}},
		"same object twice":     {files: map[string]string{"app/kustomization.yaml": "resources: [a.yaml, b.yaml]\n", "app/a.yaml": configMap, "app/b.yaml": configMap}},
		"helm chart":            {files: map[string]string{"app/kustomization.yaml": "helmCharts: [{name: x, repo: 'https://example.org'}]\n"}},
		"plugin":                {files: map[string]string{"app/kustomization.yaml": "generators: [g.yaml]\n", "app/g.yaml": "apiVersion: v1\nkind: Gen\nmetadata: {name: g, annotations: {config.kubernetes.io/function: '{exec: {path: /bin/true}}'}}\n"}},
		"list kind":             {files: map[string]string{"app/l.yaml": "apiVersion: v1\nkind: List\nitems:\n- apiVersion: v1\n  kind: ConfigMap\n  metadata: {name: one}\n- apiVersion: v1\n  kind: ConfigMap\n  metadata: {name: two}\n"}},
		"items of another kind": {files: map[string]string{"app/l.yaml": "apiVersion: example.org/v1\nkind: Bundle\nmetadata: {name: b}\nitems: [{apiVersion: v1, kind: ConfigMap, metadata: {name: inner}}]\n"}},
		"sort order":            {files: map[string]string{"app/kustomization.yaml": "resources: [d.yaml, a.yaml]\nsortOptions: {order: fifo}\n", "app/a.yaml": configMap, "app/d.yaml": deployment}},
		"yaml corners":          {files: map[string]string{"app/a.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\n  annotations: {empty: '', time: '2001-12-14'}\ndata:\n  yes: \"yes\"\n  n: \"1\"\n  long: >\n    folded\n    text\n  multi: |\n    a\n     b\n"}},
		"common metadata": {
			files: map[string]string{"app/a.yaml": configMap},
			spec:  map[string]any{"commonMetadata": map[string]any{"labels": map[string]any{"kustomize.toolkit.fluxcd.io/name": "mine"}, "annotations": map[string]any{"a": "b"}}}},

		"substitution": {
			files:     map[string]string{"app/d.yaml": strings.NewReplacer("example.org/web:1.0", "${IMAGE}:${TAG:=latest}", "name: web\nspec", "name: ${NAME}\nspec").Replace(deployment)},
			spec:      map[string]any{"postBuild": map[string]any{}},
			variables: map[string]string{"IMAGE": "example.org/x", "NAME": "renamed"}},
		"types change":     {files: sample("${N}"), spec: map[string]any{"postBuild": map[string]any{}}, variables: map[string]string{"N": "5"}},
		"structure":        {files: sample("${N}"), spec: map[string]any{"postBuild": map[string]any{}}, variables: map[string]string{"N": "{a: [1, true]}"}},
		"newlines removed": {files: sample("${N}"), spec: map[string]any{"postBuild": map[string]any{}}, variables: map[string]string{"N": "a\nb\n"}},
		"dollars":          {files: sample("'$A $(A) $$A $${A} $$${A} \\${A}'"), spec: map[string]any{"postBuild": map[string]any{}}, variables: map[string]string{"A": "val"}},
		"operators": {files: sample("'${E:-d} ${E=d} ${M=d} ${M:=} ${A:+alt} ${M:?err} ${M:-${A}} ${A:0:2} ${P##*/} ${P%.txt} ${P//\\//-} ${#A} ${UP,,}'"), spec: map[string]any{"postBuild": map[string]any{}},
			variables: map[string]string{"A": "val", "E": "", "P": "a/b/c.txt", "UP": "MiXed"}},
		"missing, not strict":     {files: sample("x${M}"), spec: map[string]any{"postBuild": map[string]any{}}, variables: map[string]string{"A": "b"}},
		"missing, strict":         {files: sample("x${M}"), spec: map[string]any{"postBuild": map[string]any{}}, variables: map[string]string{"A": "b"}, strict: true},
		"missing, strict, length": {files: sample("x${#M}"), spec: map[string]any{"postBuild": map[string]any{}}, variables: map[string]string{"A": "b"}, strict: true},
		"bash only":               {files: sample("'${A[@]}'"), spec: map[string]any{"postBuild": map[string]any{}}, variables: map[string]string{"A": "b"}},
		"no braces end":           {files: sample("'${A'"), spec: map[string]any{"postBuild": map[string]any{}}, variables: map[string]string{"A": "b"}},
		"bad name":                {files: sample("x"), spec: map[string]any{"postBuild": map[string]any{}}, variables: map[string]string{"a-b": "c"}},
		"no variables":            {files: sample("'${X:=y} $$'"), spec: map[string]any{"postBuild": map[string]any{}}},
		"no post build":           {files: sample("'${X:=y} $$'")},
		"disabled": {files: map[string]string{"app/a.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a, labels: {kustomize.toolkit.fluxcd.io/substitute: disabled}}\ndata: {a: '${A}'}\n"},
			spec: map[string]any{"postBuild": map[string]any{}}, variables: map[string]string{"A": "b"}},
		"two become one": {files: map[string]string{"app/a.yaml": strings.Replace(configMap, "settings", "${A}", 1), "app/b.yaml": strings.Replace(configMap, "settings", "${B}", 1)},
			spec: map[string]any{"postBuild": map[string]any{}}, variables: map[string]string{"A": "x", "B": "x"}},
		"label of another type": {files: map[string]string{"app/a.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a, labels: {n: \"${N}\", kept: a}}\n"},
			spec: map[string]any{"postBuild": map[string]any{}}, variables: map[string]string{"N": "5"}},
	} {
		t.Run(name, func(t *testing.T) {
			if test.spec == nil {
				test.spec = map[string]any{}
			}
			test.spec["path"] = "./app"
			want, wantError := buildWithFlux(t, test.files, test.spec, test.variables, test.strict)
			asked := &parameters{Kustomization: fluxKustomization("app", test.spec), Variables: test.variables, Strict: test.strict, Flux: "2.9"}
			got, err := buildWithEngine(openTree(t, test.files), asked)
			if (err == nil) != (wantError == nil) {
				t.Fatalf("error %v, want %v", err, wantError)
			}
			if !reflect.DeepEqual(got, want) {
				t.Fatalf("got  %v\nwant %v", got, want)
			}
		})
	}
}

// sample is a custom object with one value.
func sample(value string) map[string]string {
	return map[string]string{"app/a.yaml": "apiVersion: example.org/v1\nkind: Sample\nmetadata: {name: a}\nspec:\n  value: " + value + "\n"}
}

func buildWithEngine(source *tree.Tree, asked *parameters) ([]map[string]any, error) {
	work, err := newRun(asked, source)
	if err != nil {
		return nil, err
	}
	defer work.remote.close()
	answered, err := work.answer()
	if err != nil {
		return nil, err
	}
	var got []map[string]any
	for _, object := range answered.(result).Objects {
		got = append(got, object.Object)
	}
	return got, nil
}

// buildWithFlux does what the controller does, on disk, with nothing of ours but the last step, which has its own test.
func buildWithFlux(t *testing.T, files map[string]string, spec map[string]any, variables map[string]string, strict bool) ([]map[string]any, error) {
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
	kustomization := unstructured.Unstructured{Object: runtime.DeepCopyJSON(fluxKustomization("app", spec))}
	inline := map[string]any{}
	for name, value := range variables {
		inline[name] = value
	}
	_, postBuild, _ := unstructured.NestedMap(kustomization.Object, "spec", "postBuild")
	if postBuild {
		_ = unstructured.SetNestedMap(kustomization.Object, inline, "spec", "postBuild", "substitute")
	}
	directory := filepath.Join(root, "app")
	if _, err := fluxkustomize.NewGenerator(root, kustomization).WriteFile(directory); err != nil {
		return nil, err
	}
	built, err := fluxkustomize.SecureBuild(root, directory, false)
	if err != nil {
		return nil, err
	}
	for _, resource := range built.Resources() {
		if !postBuild {
			continue
		}
		substituted, err := fluxkustomize.SubstituteVariables(context.Background(), nil, kustomization, resource,
			fluxkustomize.SubstituteWithDryRun(true), fluxkustomize.SubstituteWithStrict(strict))
		if err != nil {
			return nil, err
		}
		if substituted != nil {
			if _, err := built.Replace(resource); err != nil {
				return nil, err
			}
		}
	}
	stream, err := built.AsYaml()
	if err != nil {
		return nil, err
	}
	return finishStream(t, stream, kustomization.Object)
}

// finishStream reads objects as Flux does and labels them.
func finishStream(t *testing.T, stream []byte, kustomization map[string]any) ([]map[string]any, error) {
	t.Helper()
	var read []builtObject
	for _, document := range strings.Split(string(stream), "\n---\n") {
		if strings.TrimSpace(document) == "" {
			continue
		}
		var object unstructured.Unstructured
		encoded, err := yaml.YAMLToJSON([]byte(document))
		if err != nil {
			t.Fatal(err)
		}
		if err := object.UnmarshalJSON(encoded); err != nil {
			return nil, err
		}
		read = append(read, builtObject{Object: object.Object})
	}
	read, err := readObjects(read)
	if err != nil {
		return nil, err
	}
	var finished []map[string]any
	for _, object := range read {
		finished = append(finished, finish(object.Object, objects.Object(kustomization)))
	}
	return finished, nil
}
