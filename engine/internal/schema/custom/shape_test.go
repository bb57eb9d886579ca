package custom

import (
	"encoding/json"
	"testing"

	"k8s.io/apimachinery/pkg/util/yaml"
)

// What one object of a definition was found to be must not decide about another one that differs where the schema looks.
func TestAnObjectWithoutProblemHidesNoOther(t *testing.T) {
	definition := []byte(`{"apiVersion":"apiextensions.k8s.io/v1","kind":"CustomResourceDefinition","metadata":{"name":"shapes.example.org"},
		"spec":{"group":"example.org","scope":"Cluster","names":{"kind":"Shape","plural":"shapes"},"versions":[{"name":"v1","served":true,
		"storage":true,"schema":{"openAPIV3Schema":{"type":"object","properties":{"spec":{"type":"object","properties":{
			"free":{"type":"string"},
			"set":{"type":"array","x-kubernetes-list-type":"set","items":{"type":"string"}},
			"pattern":{"type":"string","pattern":"^a"},
			"any":{"x-kubernetes-preserve-unknown-fields":true},
			"ruled":{"type":"object","properties":{"a":{"type":"string"},"b":{"type":"string"}},
				"x-kubernetes-validations":[{"rule":"self.a == self.b","message":"differ"}]},
			"present":{"type":"object","properties":{"a":{"type":"string"},"b":{"type":"string"}},
				"x-kubernetes-validations":[{"rule":"has(self.a) != has(self.b)","message":"one"}]}}}}}}}]}}`)
	tests := []struct{ sound, broken string }{
		{"{set: [a, b]}", "{set: [a, a]}"},
		{"{pattern: a}", "{pattern: b}"},
		{"{ruled: {a: x, b: x}}", "{ruled: {a: x, b: y}}"},
		{"{present: {a: x}}", "{present: {a: x, b: y}}"},
		{"{free: a}", "{free: 1}"},
		{"{free: a}", "{fre: a}"},
		{"{ruled: {a: opaque-0123456789ab, b: x}}", "{ruled: {a: y, b: x}}"},
		{"{any: {a: 1}, free: x}", "{any: {a: 1}, free: [x]}"},
	}
	for _, test := range tests {
		for _, again := range []bool{false, true} {
			if count := problemCount(t, definition, test.sound); count != 0 {
				t.Errorf("%s (again: %v) has %d problems", test.sound, again, count)
			}
			if count := problemCount(t, definition, test.broken); count == 0 {
				t.Errorf("%s after %s has no problem (again: %v)", test.broken, test.sound, again)
			}
		}
	}
}

func problemCount(t *testing.T, definition []byte, spec string) int {
	t.Helper()
	var object map[string]any
	text := "{apiVersion: example.org/v1, kind: Shape, metadata: {name: a}, spec: " + spec + "}"
	if err := yaml.Unmarshal([]byte(text), &object); err != nil {
		t.Fatal(err)
	}
	return len(NewDefinitions([]json.RawMessage{definition}).Validate(t.Context(), "1.37", object))
}
