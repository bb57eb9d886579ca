package custom

import (
	"strings"
	"testing"

	"k8s.io/apimachinery/pkg/util/yaml"
)

const thingSchema = `{"$schema": "http://json-schema.org/schema#", "type": "object", "properties": {
	"apiVersion": {"type": "string"}, "kind": {"type": "string"}, "metadata": {"type": "object"},
	"spec": {"type": "object", "required": ["size"], "additionalProperties": false, "properties": {
		"size": {"type": "integer", "maximum": 9},
		"mode": {"enum": ["Fast", "Slow"]},
		"name": {"type": "string", "pattern": "^[a-z]+$"},
		"port": {"oneOf": [{"type": "string"}, {"type": "integer"}]},
		"parts": {"type": "array", "uniqueItems": true, "items": {"$ref": "#/definitions/part"}}}}},
	"definitions": {"part": {"type": "object", "properties": {"weight": {"type": "integer"}}}}}`

func TestObjectsAreJudgedByAJSONSchema(t *testing.T) {
	tests := map[string]struct{ spec, want string }{
		"valid":         {"{size: 3, port: http, parts: [{weight: 1}]}", ""},
		"unknown field": {"{size: 3, sise: 4}", "unknown-field spec.sise: unknown field sise"},
		"type":          {"{size: big}", `type spec.size: must be of type integer: "string"`},
		"type inside":   {"{size: 3, parts: [{weight: a}]}", `type spec.parts[0].weight: must be of type integer: "string"`},
		"missing":       {"{mode: Fast}", "required spec.size: is required"},
		"enumeration":   {"{size: 3, mode: Medium}", "enum spec.mode: value must be one of 'Fast', 'Slow'"},
		"pattern":       {"{size: 3, name: A}", "pattern spec.name: 'A' does not match pattern '^[a-z]+$'"},
		"maximum":       {"{size: 10}", "format spec.size: maximum: got 10, want 9"},
		"duplicate":     {"{size: 3, parts: [{weight: 1}, {weight: 1}]}", "duplicate-item spec.parts: items at 0 and 1 are equal"},
		"alternatives":  {"{size: 3, port: []}", "alternative spec.port: 'oneOf' failed, none matched"},
		"opaque":        {"{size: opaque-0123456789ab}", ""},
	}
	compiled, err := cachedJSONSchema([]byte(thingSchema))
	if err != nil {
		t.Fatal(err)
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			var object map[string]any
			text := "{apiVersion: example.org/v1, kind: Thing, metadata: {name: a}, spec: " + test.spec + "}"
			if err := yaml.Unmarshal([]byte(text), &object); err != nil {
				t.Fatal(err)
			}
			var lines []string
			for _, problem := range compiled.validate(t.Context(), "1.37", object) {
				lines = append(lines, problem.Code+" "+problem.Path+": "+problem.Message)
			}
			if found := strings.Join(lines, "\n"); found != test.want {
				t.Errorf("found %s, want %s", found, test.want)
			}
		})
	}
}

func TestJSONSchemasThatCannotBeUsed(t *testing.T) {
	for text, want := range map[string]string{
		`{`:                              "EOF",
		`[]`:                             "is an object",
		`{"type": "thing"}`:              "no valid",
		`{"$ref": "other.json"}`:         "stand alone",
		`{"pattern": "("}`:               "no valid",
		`{"$ref": "#/definitions/none"}`: "not found",
	} {
		if _, err := cachedJSONSchema([]byte(text)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", text, err)
		}
	}
}
