package custom

import (
	"context"
	"encoding/json"
	"strings"
	"testing"

	"elysium.dev/engine/internal/schema"
	utiljson "k8s.io/apimachinery/pkg/util/json"
	"sigs.k8s.io/yaml"
)

const widgets = `
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: widgets.example.org}
spec:
  group: example.org
  scope: Namespaced
  names: {plural: widgets, singular: widget, kind: Widget, listKind: WidgetList}
  versions:
  - name: v1alpha1
    served: false
    storage: false
    schema: {openAPIV3Schema: {type: object}}
  - name: v1beta1
    served: true
    storage: false
    deprecated: true
    deprecationWarning: use v1
    schema: {openAPIV3Schema: {type: object, x-kubernetes-preserve-unknown-fields: true}}
  - name: v1
    served: true
    storage: true
    subresources: {status: {}}
    schema:
      openAPIV3Schema:
        type: object
        required: [spec]
        properties:
          spec:
            type: object
            required: [size, mode]
            x-kubernetes-validations:
            - {rule: "self.size <= self.limit", message: size is over the limit}
            properties:
              size: {type: integer, minimum: 1}
              limit: {type: integer, default: 10}
              mode: {type: string, enum: [Fast, Slow], default: Fast}
              name: {type: string, pattern: "^[a-z]+$", maxLength: 5}
              when: {type: string, format: date-time}
              any: {x-kubernetes-preserve-unknown-fields: true}
              port: {x-kubernetes-int-or-string: true}
              from:
                type: object
                properties: {file: {type: string}, url: {type: string}}
                oneOf: [{required: [file]}, {required: [url]}]
              text: {type: object, additionalProperties: {type: string}}
              parts:
                type: array
                x-kubernetes-list-type: map
                x-kubernetes-list-map-keys: [id]
                items:
                  type: object
                  required: [id]
                  properties: {id: {type: string}, weight: {type: integer}}
          status:
            type: object
            required: [ready]
            properties: {ready: {type: boolean}}
`

const widget = `
apiVersion: example.org/v1
kind: Widget
metadata: {name: a, namespace: b}
spec:
  size: 3
  limit: null
  name: abc
  when: "2026-01-01T00:00:00Z"
  any: {free: [1, {a: b}]}
  port: http
  text: {a: b}
  parts: [{id: x}, {id: z, weight: 1}]
status: {}
`

func asJSON(t testing.TB, text string) []byte {
	t.Helper()
	result, err := yaml.YAMLToJSON([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return result
}

func validated(t testing.TB, text string) []schema.Problem {
	t.Helper()
	return problemsWith(t, widgets, text)
}

func problemsWith(t testing.TB, definition, text string) []schema.Problem {
	t.Helper()
	var object map[string]any
	if err := utiljson.Unmarshal(asJSON(t, text), &object); err != nil {
		t.Fatal(err)
	}
	before, _ := json.Marshal(object)
	definitions := NewDefinitions([]json.RawMessage{asJSON(t, definition)})
	found := definitions.Validate(context.Background(), "1.37", object)
	if after, _ := json.Marshal(object); string(before) != string(after) {
		t.Errorf("the object was changed to %s", after)
	}
	return found
}

func TestValidCustomResource(t *testing.T) {
	if found := validated(t, widget); len(found) > 0 {
		t.Error(found)
	}
}

func TestCustomResourceProblems(t *testing.T) {
	cases := map[string]struct{ before, after, want string }{
		"unknown field":         {"size: 3", "size: 3\n  sise: 4", "unknown-field spec.sise"},
		"unknown field in list": {"{id: x}", "{id: x, wait: 1}", "unknown-field spec.parts[0].wait"},
		"unknown metadata":      {"name: a,", "name: a, label: {},", "unknown-field metadata.label"},
		"label type":            {"name: a,", "name: a, labels: {x: 1},", "type metadata.labels.x"},
		"wrong type":            {"size: 3", "size: three", "type spec.size"},
		"wrong type in map":     {"text: {a: b}", "text: {a.b: 1}", "type spec.text.a.b"},
		"alternatives":          {"size: 3", "size: 3\n  from: {file: a, url: b}", "alternative spec.from"},
		"missing":               {"size: 3\n", "\n", "required spec.size"},
		"enumeration":           {"size: 3", "size: 3\n  mode: Medium", "enum spec.mode"},
		"pattern":               {"name: abc", "name: ABC", "pattern spec.name"},
		"too long":              {"name: abc", "name: abcdef", "format spec.name"},
		"minimum":               {"size: 3", "size: 0", "format spec.size"},
		"format":                {"2026-01-01T00:00:00Z", "yesterday", "format spec.when"},
		"duplicate":             {"{id: x}", "{id: z}", "duplicate-item spec.parts[1]"},
		"rule with default":     {"size: 3", "size: 11", "cel spec"},
		"rule":                  {"limit: null", "limit: 2", "cel spec"},
		"token breaks a rule":   {"name: abc", "name: opaque-0123456789ab", ""},
		"token in object":       {"text: {a: b}", "size: 11\n  text: {a: opaque-0123456789ab}", ""},
		"token at dotted key":   {"text: {a: b}", "text: {a.b: [opaque-0123456789ab]}", ""},
		"no namespace":          {", namespace: b", "", "namespace metadata.namespace"},
		"not served":            {"example.org/v1", "example.org/v1alpha1", "unknown-kind apiVersion"},
		"unknown version":       {"example.org/v1", "example.org/v9", "unknown-kind apiVersion"},
		"deprecated":            {"example.org/v1", "example.org/v1beta1", "deprecated-api apiVersion"},
		"another kind":          {"kind: Widget", "kind: Gadget", ""},
		"built-in":              {"example.org/v1", "apps/v1", "unknown-kind kind"},
	}
	for name, test := range cases {
		t.Run(name, func(t *testing.T) {
			if !strings.Contains(widget, test.before) {
				t.Fatalf("the sample has no %q", test.before)
			}
			text := strings.Replace(widget, test.before, test.after, 1)
			if name == "token in object" {
				text = strings.Replace(text, "size: 3", "", 1)
			}
			var lines []string
			for _, problem := range validated(t, text) {
				lines = append(lines, problem.Code+" "+problem.Path)
				t.Log(problem.Message)
			}
			if found := strings.Join(lines, "\n"); found != test.want {
				t.Errorf("found\n%s\nwant\n%s", found, test.want)
			}
		})
	}
}

func TestDefinitionWithoutStructure(t *testing.T) {
	broken := strings.Replace(widgets, "size: {type: integer, minimum: 1}", "size: {minimum: 1}", 1)
	definitions := NewDefinitions([]json.RawMessage{asJSON(t, broken), []byte(`{"spec": 1}`), []byte(`[]`)})
	var object map[string]any
	if err := utiljson.Unmarshal(asJSON(t, widget), &object); err != nil {
		t.Fatal(err)
	}
	definitions.Validate(context.Background(), "1.37", object)
}

func BenchmarkWidget(b *testing.B) {
	var object map[string]any
	if err := utiljson.Unmarshal(asJSON(b, widget), &object); err != nil {
		b.Fatal(err)
	}
	definitions := NewDefinitions([]json.RawMessage{asJSON(b, widgets)})
	for b.Loop() {
		definitions.Validate(context.Background(), "1.37", object)
	}
}

func BenchmarkCompile(b *testing.B) {
	for b.Loop() {
		clear(cache)
		definitions := NewDefinitions([]json.RawMessage{asJSON(b, widgets)})
		found := definitions.kinds[groupKind{"example.org", "Widget"}]
		declared, _ := found.declared("v1")
		found.compiled(declared)
	}
}

func TestAMisspeltFieldIsToldWhatWasMeant(t *testing.T) {
	for before, test := range map[string]struct{ after, want string }{
		"size: 3":   {"size: 3\n  sise: 4", "unknown field sise; did you mean size?"},
		"{id: x}":   {"{id: x, wait: 1}", "unknown field wait"},
		"weight: 1": {"weihgt: 1", "unknown field weihgt; did you mean weight?"},
		"name: abc": {"name: abc\n  else: 1", "unknown field else"},
	} {
		found := validated(t, strings.Replace(widget, before, test.after, 1))
		if len(found) != 1 || found[0].Message != test.want {
			t.Errorf("%s: %v", test.after, found)
		}
	}
}
