package chart

import (
	"reflect"
	"strings"
	"testing"

	"elysium.dev/engine/internal/objects"
)

var helmRelease = parameters{"name": "web", "namespace": "apps"}

func labels(rendered *renderedObject) map[string]any {
	metadata, _ := rendered.Object["metadata"].(map[string]any)
	found, _ := metadata["labels"].(map[string]any)
	return found
}

const (
	deployment = "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\nspec:\n  replicas: 1\n  template: {spec: {containers: [{name: app, image: nginx:1.0}]}}\n"
	preInstall = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: hook\n  annotations: {helm.sh/hook: pre-install}\n"
)

func fluxChart(t *testing.T) *charts {
	return open(t, chartOf(map[string]string{"a.yaml": deployment, "b.yaml": preInstall}))
}

func TestOriginLabelsWinOverCommonMetadata(t *testing.T) {
	result := fluxChart(t).must(parameters{
		"origin": helmRelease,
		"common_metadata": parameters{
			"labels":      parameters{"team": "red", "helm.toolkit.fluxcd.io/name": "stolen"},
			"annotations": parameters{"note": "yes"},
			"unknown":     "dropped, as the API server drops it",
		},
	})
	expected := map[string]any{"team": "red", "helm.toolkit.fluxcd.io/name": "web", "helm.toolkit.fluxcd.io/namespace": "apps"}
	for _, rendered := range result.Objects {
		if !reflect.DeepEqual(labels(rendered), expected) {
			t.Errorf("%v has labels %v", rendered.Origin, labels(rendered))
		}
		if objects.Text(rendered.Object, "metadata", "annotations", "note") != "yes" {
			t.Errorf("%v has no annotation", rendered.Origin)
		}
	}
	template, _ := result.Objects[0].Object["spec"].(map[string]any)["template"].(map[string]any)
	if template["metadata"] != nil {
		t.Error("common metadata reached the pod template")
	}
}

func patch(text string, target parameters) parameters {
	entry := parameters{"patch": text}
	if target != nil {
		entry["target"] = target
	}
	return parameters{"kustomize": parameters{"patches": []any{entry}}}
}

func TestPostRenderers(t *testing.T) {
	opened := fluxChart(t)
	render := func(renderers ...any) map[string]any {
		t.Helper()
		result := opened.must(parameters{"origin": helmRelease, "post_renderers": renderers})
		return result.Objects[0].Object["spec"].(map[string]any)
	}
	json6902 := "- op: replace\n  path: /spec/replicas\n  value: 3\n"
	if got := render(patch(json6902, parameters{"kind": "Deployment"}))["replicas"]; got != int64(3) {
		t.Errorf("JSON 6902: %v", got)
	}
	if got := render(patch(json6902, parameters{"kind": "StatefulSet"}))["replicas"]; got != int64(1) {
		t.Errorf("a target that selects nothing: %v", got)
	}
	merge := "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\nspec: {replicas: 4}\n"
	if got := render(patch(merge, nil))["replicas"]; got != int64(4) {
		t.Errorf("strategic merge: %v", got)
	}
	if got := render(patch(merge, nil), patch(json6902, parameters{"name": "web"}))["replicas"]; got != int64(3) {
		t.Errorf("the later renderer wins: %v", got)
	}
	image := parameters{"kustomize": parameters{"images": []any{parameters{"name": "nginx", "newName": "mirror/nginx", "newTag": "2.0"}}}}
	containers := render(image)["template"].(map[string]any)["spec"].(map[string]any)["containers"].([]any)
	if got := containers[0].(map[string]any)["image"]; got != "mirror/nginx:2.0" {
		t.Errorf("image: %v", got)
	}
	failed := opened.failure(parameters{"origin": helmRelease, "post_renderers": []any{patch(strings.Replace(merge, "web", "other", 1), nil)}})
	if failed.Stage != "post-render" || !strings.Contains(failed.Message, "no matches for Id Deployment") {
		t.Errorf("a merge patch without object: %s: %s", failed.Stage, failed.Message)
	}
}

func TestStrategies(t *testing.T) {
	opened := fluxChart(t)
	annotate := patch("- op: add\n  path: /metadata/annotations/patched\n  value: 'yes'\n", parameters{"kind": "ConfigMap"})
	for strategy, patched := range map[string]bool{"": true, "combined": true, "separate": true, "nohooks": false} {
		result := opened.must(parameters{"origin": helmRelease, "post_render_strategy": strategy, "post_renderers": []any{annotate}})
		hooked := result.Objects[1]
		if got := objects.Text(hooked.Object, "metadata", "annotations", "patched") == "yes"; got != patched || hooked.Hook == nil {
			t.Errorf("%q: the hook is patched: %v", strategy, got)
		}
		if got := labels(hooked) != nil; got != patched {
			t.Errorf("%q: the hook is labelled: %v", strategy, got)
		}
		if labels(result.Objects[0]) == nil {
			t.Errorf("%q: the manifest is not labelled", strategy)
		}
	}
	if failed := opened.failure(parameters{"origin": helmRelease, "post_render_strategy": "other"}); !strings.Contains(failed.Message, "unknown post-render strategy: 'other'") {
		t.Error(failed.Message)
	}
}

func TestOneObjectAsHookAndManifest(t *testing.T) {
	opened := open(t, chartOf(map[string]string{"a.yaml": preInstall, "b.yaml": strings.Split(preInstall, "  annotations")[0]}))
	failed := opened.failure(parameters{"origin": helmRelease})
	if failed.Stage != "post-render" || !strings.Contains(failed.Message, "may not add resource with an already registered id") {
		t.Errorf("combined: %s: %s", failed.Stage, failed.Message)
	}
	for _, strategy := range []string{"separate", "nohooks"} {
		if got := names(opened.must(parameters{"origin": helmRelease, "post_render_strategy": strategy})); len(got) != 2 {
			t.Errorf("%s: %v", strategy, got)
		}
	}
}

// TestRewritingByKustomize keeps what only Flux does: kustomize reads YAML 1.2, so a plain yes is a text for it.
func TestRewritingByKustomize(t *testing.T) {
	opened := open(t, chartOf(map[string]string{"a.yaml": "apiVersion: example.org/v1\nkind: Widget\nmetadata: {name: a}\nspec: {plain: yes, octal: 0777}\n"}))
	for name, test := range map[string]struct {
		origin   any
		expected map[string]any
	}{
		"helm": {nil, map[string]any{"plain": true, "octal": int64(511)}},
		"flux": {helmRelease, map[string]any{"plain": "yes", "octal": int64(511)}},
	} {
		if got := opened.must(parameters{"origin": test.origin}).Objects[0].Object["spec"]; !reflect.DeepEqual(got, test.expected) {
			t.Errorf("%s: %v", name, got)
		}
	}
}

// TestTextWithoutFinalNewline keeps the newline that Helm writes behind a document, and kustomize does not.
func TestTextWithoutFinalNewline(t *testing.T) {
	opened := open(t, chartOf(map[string]string{"a.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata:\n  value: |\n    text"}))
	for expected, changed := range map[string]parameters{"text\n": nil, "text": {"origin": helmRelease}} {
		if got := shown(t, opened.must(changed)); got != expected {
			t.Errorf("got %q, expected %q", got, expected)
		}
	}
}

func crd(kind, scope string) string {
	return "apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata: {name: " + strings.ToLower(kind) +
		"s.example.org}\nspec: {group: example.org, scope: " + scope + ", names: {kind: " + kind + "}}\n"
}

func TestCRDs(t *testing.T) {
	files := chartOf(map[string]string{
		"a.yaml": "apiVersion: example.org/v1\nkind: Widget\nmetadata: {name: a}\n",
		"b.yaml": crd("Gadget", "Cluster"),
	})
	files["c/crds/widget.yaml"] = "# Widgets\n" + crd("Widget", "Namespaced") + "---\n" + configMap("stray", "1")
	files["c/crds/README.md"] = "no manifest"
	opened := open(t, files)
	for policy, expected := range map[string]bool{"": true, "Create": true, "CreateReplace": true, "Skip": false} {
		result := opened.must(parameters{
			"origin": helmRelease, "crds": policy, "release": release, "common_metadata": parameters{"labels": parameters{"team": "red"}},
			"post_renderers": []any{patch("- op: add\n  path: /metadata/labels\n  value: {patched: 'yes'}\n", parameters{"kind": "CustomResourceDefinition"})},
		})
		first := result.Objects[0]
		if first.CRD != expected {
			t.Fatalf("%q: %v", policy, names(result))
		}
		if !expected {
			continue
		}
		originLabels := map[string]any{"helm.toolkit.fluxcd.io/name": "web", "helm.toolkit.fluxcd.io/namespace": "apps"}
		if first.Origin.File != "crds/widget.yaml" || !reflect.DeepEqual(labels(first), originLabels) {
			t.Errorf("%q: %v with labels %v", policy, first.Origin, labels(first))
		}
		if len(result.Warnings) != 1 || result.Warnings[0].Code != "crds-ignored" || result.Warnings[0].File != "crds/widget.yaml" {
			t.Errorf("%q: warnings %v", policy, result.Warnings)
		}
		if got := names(result); !reflect.DeepEqual(got[1:], []string{"CustomResourceDefinition/gadgets.example.org", "Widget/a"}) {
			t.Errorf("%q: %v", policy, got)
		}
		if got := objects.Text(result.Objects[2].Object, "metadata", "namespace"); got != "apps" {
			t.Errorf("%q: the scope of the chart's own kind is not known: %q", policy, got)
		}
	}
}

func TestCRDsOfDisabledSubcharts(t *testing.T) {
	files := chartOf(nil)
	files["c/Chart.yaml"] = metadata + "dependencies:\n- {name: sub, version: 1.0.0, repository: '', condition: sub.enabled}\n"
	files["c/charts/sub/Chart.yaml"] = "apiVersion: v2\nname: sub\nversion: 1.0.0\n"
	files["c/charts/sub/crds/a.yaml"] = crd("Widget", "Namespaced")
	opened := open(t, files)
	if got := names(opened.must(nil)); len(got) != 1 {
		t.Errorf("enabled: %v", got)
	}
	if got := opened.must(nil).Objects[0].Origin; got != (origin{File: "crds/a.yaml", Chart: "web/sub"}) {
		t.Errorf("origin %+v", got)
	}
	if got := names(opened.must(parameters{"values": parameters{"sub": parameters{"enabled": false}}})); len(got) != 0 {
		t.Errorf("disabled: %v", got)
	}
}

func TestBrokenCRDs(t *testing.T) {
	files := chartOf(nil)
	files["c/crds/a.yaml"] = "a: {\n"
	failed := open(t, files).failure(nil)
	if failed.Stage != "parse" || failed.File != "crds/a.yaml" || !strings.Contains(failed.Message, "failed to parse CustomResourceDefinitions from crds/a.yaml") {
		t.Errorf("%s %s: %s", failed.Stage, failed.File, failed.Message)
	}
	open(t, files).must(parameters{"crds": "Skip"})
}

func TestValidation(t *testing.T) {
	opened := open(t, chartOf(map[string]string{"a.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata: {a: x}\nspec: {}\n"}))
	if got := opened.must(nil).Objects[0].Problems; len(got) != 0 {
		t.Errorf("unasked: %v", got)
	}
	if got := opened.must(parameters{"validate": true}).Objects[0].Problems; len(got) != 1 || got[0].Code != "unknown-field" {
		t.Errorf("got %v", got)
	}
}
