package chart

import (
	"encoding/json"
	"errors"
	"maps"
	"reflect"
	"strings"
	"testing"

	"elysium.dev/engine/internal/objects"
	"elysium.dev/engine/internal/rpc"
)

// showing is a chart whose one object holds its values and its version.
func showing(changed map[string]string) map[string]string {
	files := chartOf(map[string]string{"a.yaml": configMap("a", "{{ .Values | toJson | quote }}") + "  version: {{ .Chart.Version }}\n"})
	maps.Copy(files, changed)
	return files
}

func shown(t *testing.T, result *renderResult) string {
	t.Helper()
	return objects.Text(result.Objects[0].Object, "data", "value")
}

func TestValuesFiles(t *testing.T) {
	opened := open(t, showing(map[string]string{
		"c/values.yaml": "own: 1\nm: {a: 1}\n", "c/prod.yaml": "m: {a: 2, b: 2}\nl: [1]\n", "c/more.yaml": "l: [2]\nm: {b: null}\n",
		"envs/prod.yaml": "env: 1\n", "values.yaml": "root: 1\n", "c/broken.yaml": "a: {\n",
	}))
	tree := parameters{"tree": "t", "path": ""}
	for name, test := range map[string]struct {
		changed  parameters
		expected string
	}{
		"none":                  {nil, `{"m":{"a":1},"own":1}`},
		"its own only":          {parameters{"values_files": []string{"./values.yaml"}}, `{"m":{"a":1},"own":1}`},
		"its own is replaced":   {parameters{"values_files": []string{"prod.yaml"}}, `{"l":[1],"m":{"a":2,"b":2}}`},
		"its own is listed":     {parameters{"values_files": []string{"values.yaml", "prod.yaml"}}, `{"l":[1],"m":{"a":2,"b":2},"own":1}`},
		"in order, lists whole": {parameters{"values_files": []string{"prod.yaml", "more.yaml"}}, `{"l":[2],"m":{"a":2}}`},
		"inline wins":           {parameters{"values_files": []string{"prod.yaml"}, "values": parameters{"m": parameters{"a": nil, "b": 3}}}, `{"l":[1],"m":{"b":3}}`},
		"from the source":       {parameters{"values_files": []string{"envs/prod.yaml", "c/more.yaml"}, "values_files_tree": tree}, `{"env":1,"l":[2],"m":{}}`},
		"no way out":            {parameters{"values_files": []string{"../../envs/prod.yaml"}, "values_files_tree": tree}, `{"env":1}`},
		"missing is ignored":    {parameters{"values_files": []string{"no.yaml", "prod.yaml"}, "ignore_missing_values_files": true}, `{"l":[1],"m":{"a":2,"b":2}}`},
		"all missing":           {parameters{"values_files": []string{"no.yaml"}, "ignore_missing_values_files": true}, `{}`},
	} {
		t.Run(name, func(t *testing.T) {
			if got := shown(t, opened.must(test.changed)); got != test.expected {
				t.Errorf("got %s", got)
			}
		})
	}
	if failed := opened.failure(parameters{"values_files": []string{"no.yaml"}}); !strings.Contains(failed.Message, "no values file found at path 'no.yaml'") {
		t.Error(failed.Message)
	}
	if failed := opened.failure(parameters{"values_files": []string{"broken.yaml"}}); failed.File != "broken.yaml" {
		t.Errorf("%s: %s", failed.File, failed.Message)
	}
}

func TestExplainedValues(t *testing.T) {
	opened := open(t, showing(map[string]string{"c/values.yaml": "own: 1\n", "c/prod.yaml": "file: 1\ninline: 0\n"}))
	result := opened.must(parameters{
		"explain": true, "values_files": []string{"values.yaml", "prod.yaml"}, "values": parameters{"inline": 1, "m": parameters{"a": 1}},
		"values_from": []any{parameters{"text": "reference: 1"}, parameters{"text": "2", "target_path": "m.a"}},
	})
	got := map[string]string{}
	for _, origin := range result.ValueOrigins {
		encoded, _ := json.Marshal(origin.Path)
		got[string(encoded)] = origin.Source
	}
	expected := map[string]string{
		`["own"]`: "valuesFiles[0]", `["file"]`: "valuesFiles[1]", `["inline"]`: "values", `["reference"]`: "valuesFrom[0]", `["m","a"]`: "valuesFrom[1]"}
	if !reflect.DeepEqual(got, expected) {
		t.Errorf("got %v", got)
	}
	if m := result.Values["m"].(map[string]any); m["a"] != int64(2) || result.Values["own"] != nil {
		t.Errorf("values %v", result.Values)
	}
}

func TestVersionMetadata(t *testing.T) {
	opened := open(t, showing(nil))
	for metadata, expected := range map[string]string{"": "1.2.3", "a1b2c3d4e5f6": "1.2.3+a1b2c3d4e5f6"} {
		result := opened.must(parameters{"metadata": metadata})
		if got := objects.Text(result.Objects[0].Object, "data", "version"); got != expected || result.Chart.Version != expected {
			t.Errorf("%q: %s, %s", metadata, got, result.Chart.Version)
		}
	}
}

func TestReadAgainWhenTheTreeIsOpenedAgain(t *testing.T) {
	opened := open(t, showing(nil))
	opened.must(nil)
	opened.write(map[string]string{"c/values.yaml": "new: true\n"})
	if got := shown(t, opened.must(nil)); got != `{"new":true}` {
		t.Errorf("got %s", got)
	}
}

func TestRendersDoNotTouchEachOther(t *testing.T) {
	files := showing(map[string]string{"c/values.yaml": "m: {a: 1}\nl: [{b: 1}]\n"})
	files["c/templates/b.yaml"] = `{{ $_ := set .Values.m "x" 1 }}{{ $_ := set (index .Values.l 0) "x" 1 }}`
	opened := open(t, files)
	first := shown(t, opened.must(nil))
	if again := shown(t, opened.must(nil)); again != first {
		t.Errorf("first %s, then %s", first, again)
	}
}

func TestWrongParameters(t *testing.T) {
	opened := open(t, showing(nil))
	for name, changed := range map[string]parameters{
		"unknown":       {"unknown": 1},
		"two charts":    {"chart": parameters{"tree": "t", "path": "c", "archive": "/x.tgz"}},
		"no chart":      {"chart": parameters{}},
		"relative":      {"chart": parameters{"archive": "x.tgz"}},
		"tree":          {"chart": parameters{"tree": "other", "path": "c"}},
		"policy":        {"crds": "Sometimes"},
		"kubernetes":    {"kubernetes": "new"},
		"time":          {"time": "today"},
		"scope":         {"scopes": parameters{"a/B": "Planet"}},
		"values' files": {"values_files": []string{"a"}, "values_files_tree": parameters{"tree": "other"}},
	} {
		var params *rpc.ParamsError
		if _, err := opened.render(changed); !errors.As(err, &params) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestHelmsWarningsTellNoValues: Helm prints the value that it could not merge.
func TestHelmsWarningsTellNoValues(t *testing.T) {
	opened := open(t, showing(map[string]string{"c/values.yaml": "m: {a: {x: secret}, b: secret, c: \"secret (two)\\nlines\"}\n"}))
	given := parameters{"values": parameters{"m": parameters{"a": 1, "b": parameters{"x": 1}, "c": parameters{"x": 1}}}}
	expected := []Warning{
		{Code: "helm", Message: "cannot overwrite table with non table for web.m.a"},
		{Code: "helm", Message: "destination for web.m.b is a table. Ignoring non-table value"},
		{Code: "helm", Message: "destination for web.m.c is a table. Ignoring non-table value"},
	}
	for range 5 {
		if got := opened.must(given).Warnings; !reflect.DeepEqual(got, expected) {
			t.Fatalf("got %q", got)
		}
	}
}
