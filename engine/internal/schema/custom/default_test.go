package custom

import (
	"encoding/json"
	"reflect"
	"testing"
)

func TestDefault(t *testing.T) {
	definitions := NewDefinitions([]json.RawMessage{[]byte(`{
  "apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition", "metadata": {"name": "boxes.example.org"},
  "spec": {"group": "example.org", "scope": "Namespaced", "names": {"kind": "Box", "plural": "boxes"},
    "versions": [{"name": "v1", "served": true, "storage": true, "schema": {"openAPIV3Schema": {"type": "object", "properties": {
      "spec": {"type": "object", "properties": {"size": {"type": "integer", "default": 3}, "lid": {"type": "boolean", "default": true}}}}}}}]}}`)})
	box := map[string]any{"apiVersion": "example.org/v1", "kind": "Box", "spec": map[string]any{"lid": false}}
	if !definitions.Default(box) {
		t.Error("the definition is not known")
	}
	if expected := map[string]any{"lid": false, "size": int64(3)}; !reflect.DeepEqual(box["spec"], expected) {
		t.Errorf("found %v", box["spec"])
	}
	for _, version := range []string{"example.org/v2", "example.com/v1", "v1"} {
		if definitions.Default(map[string]any{"apiVersion": version, "kind": "Box"}) {
			t.Errorf("%s has no definition", version)
		}
	}
}
