package resourceset

import (
	"context"
	"encoding/json"
	"fmt"
	"regexp"
	"strings"
	"testing"

	"sigs.k8s.io/yaml"
)

// expanded runs the method as a client does and shows one line an object: step, input and the object as JSON.
func expanded(t *testing.T, text string, providers []Provider, referenced ...string) (lines []string, unknown []Unknown, err error) {
	t.Helper()
	params := map[string]any{"resourceset": asJSON(t, text), "providers": providers}
	objects := []json.RawMessage{}
	for _, document := range referenced {
		objects = append(objects, asJSON(t, document))
	}
	params["referenced"] = objects
	raw, err := json.Marshal(params)
	if err != nil {
		t.Fatal(err)
	}
	answer, err := handleExpand(context.Background(), raw)
	if err != nil {
		return nil, nil, err
	}
	result := answer.(*Result)
	for _, step := range result.Steps {
		for _, found := range step.Objects {
			takeOwner(t, found.Object)
			text, err := json.Marshal(found.Object)
			if err != nil {
				t.Fatal(err)
			}
			lines = append(lines, fmt.Sprintf("%s %d %s", step.Name, found.Origin.Input, text))
		}
	}
	return lines, result.Unknown, nil
}

// takeOwner checks the labels that name the ResourceSet, and takes them away.
func takeOwner(t *testing.T, object map[string]any) {
	t.Helper()
	metadata := object["metadata"].(map[string]any)
	labels, _ := metadata["labels"].(map[string]any)
	if labels[ownerLabel+"name"] != "My.Apps" || labels[ownerLabel+"namespace"] != "apps" {
		t.Errorf("the labels of the owner are missing: %v", labels)
	}
	delete(labels, ownerLabel+"name")
	delete(labels, ownerLabel+"namespace")
	if len(labels) == 0 {
		delete(metadata, "labels")
	}
}

func asJSON(t *testing.T, text string) json.RawMessage {
	t.Helper()
	encoded, err := yaml.YAMLToJSON([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return encoded
}

func resourceSet(spec string) string {
	return "metadata: {name: My.Apps, namespace: apps}\nspec:\n  " + strings.ReplaceAll(strings.TrimSpace(spec), "\n", "\n  ")
}

func object(name, rest string) string {
	return fmt.Sprintf(`{"apiVersion":"v1",%s"kind":"ConfigMap","metadata":{"name":"%s"}}`, rest, name)
}

func TestExpand(t *testing.T) {
	two := []Provider{
		{Name: "tags-a", Inputs: []map[string]any{{"id": "1", "tag": "x"}, {"id": "2", "tag": "y"}}},
		{Name: "tags-b", Inputs: []map[string]any{{"id": "3", "tag": "z"}}},
	}
	cases := map[string]struct {
		spec      string
		providers []Provider
		want      []string
	}{
		"once for each input": {
			`inputs: [{name: a, size: 2}, {name: b, size: 12345678}]
resources:
- {apiVersion: v1, kind: ConfigMap, metadata: {name: "x-<< inputs.name >>"}, data: {size: << inputs.size | int >>, text: << inputs.name | upper | quote >>}}`,
			nil,
			[]string{` 0 ` + object("x-a", `"data":{"size":2,"text":"A"},`), ` 1 ` + object("x-b", `"data":{"size":12345678,"text":"B"},`)},
		},
		"without inputs resources are taken as they are": {
			`resources:
- {apiVersion: v1, kind: ConfigMap, metadata: {name: a}, data: {x: "left alone"}}
- {apiVersion: v1, kind: ConfigMap, metadata: {name: a}}`,
			nil, []string{` -1 ` + object("a", `"data":{"x":"left alone"},`), ` -1 ` + object("a", "")},
		},
		"the template without inputs is rendered once": {
			`resourcesTemplate: |
  <<- range untilStep 0 3 1 >>
  ---
  apiVersion: v1
  kind: ConfigMap
  metadata: {name: c<< . >>}
  <<- end >>`,
			nil, []string{" -1 " + object("c0", ""), " -1 " + object("c1", ""), " -1 " + object("c2", "")},
		},
		"resources win over the template, the first of an identity wins": {
			`inputs: [{v: 1}, {v: 2}]
resources: [{apiVersion: v1, kind: ConfigMap, metadata: {name: a}, data: {v: << inputs.v >>}}]
resourcesTemplate: |
  {apiVersion: v2, kind: ConfigMap, metadata: {name: a}}
  ---
  {apiVersion: v1, kind: ConfigMap, metadata: {name: b}, data: {v: << inputs.v >>}}`,
			nil, []string{` 0 ` + object("a", `"data":{"v":1},`), ` 0 ` + object("b", `"data":{"v":1},`)},
		},
		"nothing was provided": {
			"inputsFrom: [{name: tags-a}]\nresources: [{apiVersion: v1, kind: ConfigMap, metadata: {name: a}}]",
			[]Provider{{Name: "tags-a"}}, nil,
		},
		"flattened after the inline ones": {
			`inputs: [{tag: w}]
inputsFrom: [{name: tags-a}, {name: tags-b}]
resources: [{apiVersion: v1, kind: ConfigMap, metadata: {name: "<< inputs.provider.name | slugify >>-<< inputs.tag >>"}}]`,
			two, []string{" 0 " + object("my-apps-w", ""), " 1 " + object("tags-a-x", ""), " 2 " + object("tags-a-y", ""), " 3 " + object("tags-b-z", "")},
		},
		"permuted": {
			`inputs: [{tag: w}]
inputStrategy: {name: Permute}
inputsFrom: [{name: tags-a}, {name: tags-b}, {name: none}]
resources: [{apiVersion: v1, kind: ConfigMap, metadata: {name: "<< inputs.my_apps.tag >>-<< inputs.tags_a.tag >>-<< inputs.tags_b.tag >>"}}]`,
			append(two, Provider{Name: "none"}), []string{" 0 " + object("w-x-z", ""), " 1 " + object("w-y-z", "")},
		},
		"an empty provider empties the product": {
			`inputStrategy: {name: Permute, includeEmptyProviders: true}
inputsFrom: [{name: tags-a}, {name: none}]
resources: [{apiVersion: v1, kind: ConfigMap, metadata: {name: a}}]`,
			append(two, Provider{Name: "none"}), nil,
		},
		"disabled objects": {
			`inputs: [{state: enabled}, {state: Disabled}]
resources: [{apiVersion: v1, kind: ConfigMap, metadata: {name: "a-<< inputs.state >>", annotations: {fluxcd.controlplane.io/reconcile: << inputs.state >>}}}]`,
			nil, []string{` 0 {"apiVersion":"v1","kind":"ConfigMap","metadata":{"annotations":{"fluxcd.controlplane.io/reconcile":"enabled"},"name":"a-enabled"}}`},
		},
		"common metadata": {
			`commonMetadata: {labels: {team: t}, annotations: {x: "1"}}
resources: [{apiVersion: v1, kind: ConfigMap, metadata: {name: a, labels: {team: s, x: z}}}]`,
			nil, []string{` -1 {"apiVersion":"v1","kind":"ConfigMap","metadata":{"annotations":{"x":"1"},"labels":{"team":"t","x":"z"},"name":"a"}}`},
		},
		"steps": {
			`steps:
- {name: one, resources: [{apiVersion: v1, kind: ConfigMap, metadata: {name: a}}]}
- name: two
  resourcesTemplate: |
    apiVersion: v1
    kind: ConfigMapList
    items: [{apiVersion: v1, kind: ConfigMap, metadata: {name: b}}]`,
			nil, []string{"one -1 " + object("a", ""), "two -1 " + object("b", "")},
		},
		"YAML from data": {
			`inputs: [{data: {k: "1", l: "x: y"}}]
resourcesTemplate: |
  apiVersion: v1
  kind: ConfigMap
  metadata: {name: a}
  data: << inputs.data | toYaml | nindent 2 >>`,
			nil, []string{` 0 ` + object("a", `"data":{"k":"1","l":"x: y"},`)},
		},
	}
	for name, test := range cases {
		t.Run(name, func(t *testing.T) {
			lines, _, err := expanded(t, resourceSet(test.spec), test.providers)
			if err != nil {
				t.Fatal(err)
			}
			if found, want := strings.Join(lines, "\n"), strings.Join(test.want, "\n"); found != want {
				t.Errorf("found\n%s\nwant\n%s", found, want)
			}
		})
	}
}

func TestExpandFails(t *testing.T) {
	many := []map[string]any{}
	for range 101 {
		many = append(many, map[string]any{"id": "x"})
	}
	three := []Provider{{Name: "a", Inputs: many}, {Name: "b", Inputs: many}, {Name: "c", Inputs: many}}
	cases := map[string]struct {
		spec      string
		providers []Provider
		want      string
	}{
		"missing input":     {"inputs: [{a: 1}]\nresourcesTemplate: << inputs.b >>", nil, `no entry for key "b"`},
		"bad template":      {"resourcesTemplate: << if >>", nil, "missing value for if"},
		"unknown function":  {"resourcesTemplate: << env \"HOME\" >>", nil, `function "env" not defined`},
		"bad YAML":          {"resourcesTemplate: \"a: b: c\"", nil, "does not write valid YAML"},
		"no object":         {"resourcesTemplate: \"text\"", nil, "no Kubernetes object"},
		"no name":           {"resourcesTemplate: \"{apiVersion: v1, kind: ConfigMap}\"", nil, "needs apiVersion, kind and metadata.name"},
		"steps and more":    {"resourcesTemplate: a\nsteps: [{name: a, resourcesTemplate: b}]", nil, "spec.steps excludes"},
		"empty step":        {"steps: [{name: a}]", nil, "needs resources or resourcesTemplate"},
		"step twice":        {"steps: [{name: a, resourcesTemplate: b}, {name: a, resourcesTemplate: b}]", nil, "used twice"},
		"object twice":      {"steps: [{name: a, resources: [&o {apiVersion: v1, kind: ConfigMap, metadata: {name: a}}]}, {name: b, resources: [*o]}]", nil, "both have core/ConfigMap//a"},
		"unknown strategy":  {"inputStrategy: {name: Mix}", nil, "neither Flatten nor Permute"},
		"too many":          {"inputStrategy: {name: Permute}", three, "more than 10000 permutations"},
		"the same key":      {"inputStrategy: {name: Permute}", []Provider{{Name: "a.b", Inputs: many}, {Name: "a-b", Inputs: many}}, `same key "a_b"`},
		"too much output":   {"resourcesTemplate: << repeat 70000000 \"x\" >>", nil, "more than 64 MiB"},
		"not a ResourceSet": {"inputs: {a: b}", nil, "not a ResourceSet"},
	}
	for name, test := range cases {
		t.Run(name, func(t *testing.T) {
			_, _, err := expanded(t, resourceSet(test.spec), test.providers)
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("found %v, want %q", err, test.want)
			}
		})
	}
}

// The identity was seen in a cluster: two providers "inputs-a" and "inputs-b" with one set of inputs each.
func TestIdentityOfPermutation(t *testing.T) {
	one := []map[string]any{{"id": "2925398263"}}
	found, err := permute([]Provider{{Name: "inputs-a", Inputs: one}, {Name: "inputs-b", Inputs: one}}, false)
	if err != nil || len(found) != 1 || found[0]["id"] != "1508050897" {
		t.Error(found, err)
	}
}

func TestUnknownIdentity(t *testing.T) {
	lines, _, err := expanded(t, resourceSet("inputsFrom: [{name: p}]\nresourcesTemplate: \"{apiVersion: v1, kind: ConfigMap, metadata: {name: << inputs.id >>}}\""),
		[]Provider{{Name: "p", Inputs: []map[string]any{{}}}})
	if err != nil || len(lines) != 1 || !regexp.MustCompile(`"name":"opaque-[0-9a-f]{12}"`).MatchString(lines[0]) {
		t.Error(lines, err)
	}
}

const checksummed = `resources:
- apiVersion: apps/v1
  kind: Deployment
  metadata: {name: web}
  spec: {template: {metadata: {annotations: {fluxcd.controlplane.io/checksumFrom: "ConfigMap/apps/a, Secret/apps/b"}}}}`

func TestChecksum(t *testing.T) {
	checksum := regexp.MustCompile(`checksum":"sha256:[0-9a-f]{64}"`)
	token := regexp.MustCompile(`checksum":"opaque-[0-9a-f]{12}"`)
	config := func(value string) string {
		return "{apiVersion: v1, kind: ConfigMap, metadata: {name: a, namespace: apps}, data: {x: " + value + "}}"
	}
	secret := func(value string) string {
		return "{apiVersion: v1, kind: Secret, metadata: {name: b, namespace: apps}, data: {x: " + value + "}}"
	}
	find := func(referenced ...string) (string, []Unknown) {
		lines, unknown, err := expanded(t, resourceSet(checksummed), nil, referenced...)
		if err != nil || len(lines) != 1 {
			t.Fatal(lines, err)
		}
		return lines[0], unknown
	}
	first, unknown := find(config("one"), secret("dHdv"))
	if !checksum.MatchString(first) || len(unknown) > 0 {
		t.Error(first, unknown)
	}
	if again, _ := find(config("one"), secret("dHdv")); again != first {
		t.Error("the checksum is not stable")
	}
	if changed, _ := find(config("one"), secret("dHdvCg==")); changed == first || !checksum.MatchString(changed) {
		t.Error("the checksum does not follow the data", changed)
	}
	if missing, unknown := find(config("one")); !token.MatchString(missing) || len(unknown) != 1 || unknown[0].Object.Name != "web" {
		t.Error(missing, unknown)
	}
	if sealed, unknown := find(config("one"), secret("b3BhcXVlLTAxMjM0NTY3ODlhYg==")); !token.MatchString(sealed) || len(unknown) != 1 {
		t.Error(sealed, unknown)
	}
}

func TestCopiesNeedTheCluster(t *testing.T) {
	_, unknown, err := expanded(t, resourceSet("resources: [{apiVersion: v1, kind: Secret, metadata: {name: s, annotations: {fluxcd.controlplane.io/copyFrom: a/b}}}]"), nil)
	if err != nil || len(unknown) != 1 || unknown[0].Object.Kind != "Secret" {
		t.Error(unknown, err)
	}
}

func TestNormalized(t *testing.T) {
	for name, want := range map[string]string{"a-b": "a_b", "A..B-1-": "a_b_1", "é-x y": "x_y", "--": ""} {
		if found := normalized(name); found != want {
			t.Errorf("%q: %q, want %q", name, found, want)
		}
	}
}
