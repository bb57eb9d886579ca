package chart

import (
	"maps"
	"strings"
	"testing"

	"helm.sh/helm/v4/pkg/chart/common/util"
)

// TestSchemaMessagesAreHelms holds the walk over subcharts against Helm's own.
func TestSchemaMessagesAreHelms(t *testing.T) {
	const typed = `{"$schema": "http://json-schema.org/draft-07/schema#", "$id": "https://example.org/values", "type": "object",
		"required": ["need"], "properties": {"port": {"$ref": "#/definitions/port"}}, "definitions": {"port": {"type": "integer", "maximum": 10}}}`
	for name, test := range map[string]struct {
		schema, subschema string
		values            map[string]any
	}{
		"fine":            {typed, typed, map[string]any{"need": 1.0, "sub": map[string]any{"need": 1.0}}},
		"root":            {typed, "", map[string]any{"port": "x"}},
		"both":            {typed, typed, map[string]any{"port": 11.0, "sub": map[string]any{"port": 1.5}}},
		"no table":        {typed, typed, map[string]any{"need": 1.0, "sub": []any{1.0}}},
		"no JSON":         {"{", "", map[string]any{}},
		"no schema":       {`{"type": 1}`, "", map[string]any{}},
		"missing pointer": {`{"$ref": "#/nowhere"}`, "", map[string]any{}},
		"unknown URN":     {`{"properties": {"a": {"$ref": "urn:example:x"}}}`, "", map[string]any{"a": 1.0}},
	} {
		t.Run(name, func(t *testing.T) {
			files := below("c/charts/sub", subchart("sub", "1.0.0"))
			maps.Copy(files, chartOf(nil))
			files["c/values.schema.json"] = test.schema
			if test.subschema != "" {
				files["c/charts/sub/values.schema.json"] = test.subschema
			}
			kept, err := open(t, files).load(Source{Tree: "t", Path: "c"})
			if err != nil {
				t.Fatal(err)
			}
			checked := &schemaResult{checks: kept.schemas}
			checked.validate(kept.chart, test.values)
			expected := ""
			if err := util.ValidateAgainstSchema(kept.chart, test.values); err != nil {
				expected = err.Error()
			}
			if got := checked.failures.String(); got != expected {
				t.Errorf("got\n%s\nHelm says\n%s", got, expected)
			}
		})
	}
}

func TestSchemaElsewhereIsNotFetched(t *testing.T) {
	for _, reference := range []string{"https://127.0.0.1:1/schema.json", "file:///etc/hostname", "other.json"} {
		files := chartOf(nil)
		files["c/values.schema.json"] = `{"properties": {"a": {"$ref": "` + reference + `"}}}`
		result := open(t, files).must(nil)
		if len(result.Warnings) != 1 || result.Warnings[0].Code != "schema-unchecked" || !strings.Contains(result.Warnings[0].Message, "schema refers to") {
			t.Errorf("%s: %v", reference, result.Warnings)
		}
	}
}

func TestSchemaSwitchedOff(t *testing.T) {
	files := chartOf(nil)
	files["c/values.schema.json"] = `{"required": ["need"]}`
	opened := open(t, files)
	opened.failure(nil)
	opened.must(parameters{"disable_schema_validation": true})
	opened.must(parameters{"values": parameters{"need": 1}})
}

func TestSchemaMessagesComeInOneOrder(t *testing.T) {
	files := chartOf(nil)
	files["c/values.schema.json"] = `{"additionalProperties": {"type": "object", "properties": {"x": {"type": "integer"}, "y": {"type": "integer"}}, "additionalProperties": false}}`
	values := parameters{}
	for _, key := range strings.Split("abcdefgh", "") {
		values[key] = parameters{"x": "text", "y": "text", "z": "text", "more": "text"}
	}
	opened := open(t, files)
	first := opened.failure(parameters{"values": values}).Message
	for range 20 {
		if again := opened.failure(parameters{"values": values}).Message; again != first {
			t.Fatalf("first\n%s\nthen\n%s", first, again)
		}
	}
}
