package custom

import (
	"strings"
	"testing"
)

func TestDefinitions(t *testing.T) {
	const path = "spec.versions[2].schema.openAPIV3Schema"
	cases := map[string]struct{ before, after, want string }{
		"valid":     {"served: true", "served: true", ""},
		"no type":   {"name: {type: string, pattern", "name: {pattern", "format " + path + ".properties[spec].properties[name].type"},
		"no schema": {"schema: {openAPIV3Schema: {type: object}}", "schema: {}", "required spec.versions[0].schema.openAPIV3Schema"},
		"forbidden": {"properties:\n          spec:", "properties:\n          metadata: {type: object, properties: {labels: {type: object}}}\n          spec:",
			"format " + path + ".properties[metadata]"},
		"does not parse": {"minimum: 1}", "minimum: one}", "type " + path + ".properties.spec.properties.size.minimum"},
	}
	for name, test := range cases {
		t.Run(name, func(t *testing.T) {
			var lines []string
			for _, problem := range validated(t, strings.Replace(widgets, test.before, test.after, 1)) {
				lines = append(lines, problem.Code+" "+problem.Path)
				t.Log(problem.Message)
			}
			if found := strings.Join(lines, "\n"); found != test.want {
				t.Errorf("found\n%s\nwant\n%s", found, test.want)
			}
		})
	}
}
