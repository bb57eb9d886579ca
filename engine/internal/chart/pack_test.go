package chart

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"errors"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"slices"
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

func subchart(name, version string) map[string]string {
	return map[string]string{
		"Chart.yaml":       "apiVersion: v2\nname: " + name + "\nversion: " + version + "\n",
		"values.yaml":      "default: " + name + "\n",
		"templates/a.yaml": configMap("{{ .Chart.Name }}", "{{ .Values | toJson | quote }}"),
	}
}

// below puts files into a directory.
func below(directory string, files map[string]string) map[string]string {
	moved := map[string]string{}
	for name, text := range files {
		moved[filepath.Join(directory, name)] = text
	}
	return moved
}

func dependencies(lines ...string) string {
	return metadata + "dependencies:\n- " + strings.Join(lines, "\n- ") + "\n"
}

func needs(t *testing.T, err error) []map[string]string {
	t.Helper()
	var unavailable *rpc.UnavailableError
	if !errors.As(err, &unavailable) {
		t.Fatalf("expected needs, got %v", err)
	}
	return unavailable.Needs
}

func TestMissingDependencies(t *testing.T) {
	files := showing(map[string]string{"c/Chart.yaml": dependencies(
		"{name: redis, version: ^1.0.0, repository: 'https://charts.example.org', condition: redis.enabled}",
		"{name: redis, version: 1.x, repository: 'oci://example.org/charts', alias: cache}",
		"{name: vendored, version: 1.0.0, repository: 'https://charts.example.org'}")})
	maps.Copy(files, below("c/charts/vendored", subchart("vendored", "1.0.0")))
	maps.Copy(files, below("fetched/one", subchart("redis", "1.5.0")))
	maps.Copy(files, below("fetched/two", subchart("redis", "2.0.0")))
	opened := open(t, files)
	_, err := opened.render(parameters{"values": parameters{"redis": parameters{"enabled": false}}})
	expected := []map[string]string{
		{"kind": "chart-dependency", "name": "redis", "version": "^1.0.0", "repository": "https://charts.example.org", "alias": ""},
		{"kind": "chart-dependency", "name": "redis", "version": "1.x", "repository": "oci://example.org/charts", "alias": "cache"},
	}
	if got := needs(t, err); !reflect.DeepEqual(got, expected) {
		t.Errorf("needs %v", got)
	}
	supply := func(path string) parameters { return parameters{"name": "redis", "tree": "t", "path": path} }
	_, err = opened.render(parameters{"dependencies": []any{supply("fetched/two")}})
	if got := needs(t, err); len(got) != 2 {
		t.Errorf("a chart of another version was taken: %v", got)
	}
	result := opened.must(parameters{"dependencies": []any{supply("fetched/two"), supply("fetched/one")}, "values": parameters{"cache": parameters{"x": 1}}})
	if got := names(result); !reflect.DeepEqual(got, []string{"ConfigMap/cache", "ConfigMap/redis", "ConfigMap/vendored", "ConfigMap/a"}) {
		t.Errorf("objects %v", got)
	}
	if got := objects.Text(result.Objects[0].Object, "data", "value"); got != `{"default":"redis","global":{},"x":1}` {
		t.Errorf("values of the alias: %s", got)
	}
	if got := result.Objects[0].Origin; got != (origin{File: "templates/a.yaml", Chart: "web/cache"}) {
		t.Errorf("origin %+v", got)
	}
	described := opened.describe(parameters{"tree": "t", "path": "c"})
	vendored := []bool{}
	for _, dependency := range described.Dependencies {
		vendored = append(vendored, dependency.Vendored)
	}
	if !reflect.DeepEqual(vendored, []bool{false, false, true}) || described.Files != 6 || described.Version != "1.2.3" {
		t.Errorf("described %+v", described)
	}
}

func (c *charts) describe(chart parameters) describeResult {
	c.t.Helper()
	encoded, _ := json.Marshal(parameters{"chart": chart})
	answer, err := c.answerDescribe(context.Background(), encoded)
	if err != nil {
		c.t.Fatal(err)
	}
	return answer.(describeResult)
}

func TestLocalDependencies(t *testing.T) {
	for name, test := range map[string]struct {
		dependency string
		message    string
	}{
		"beside":      {"{name: lib, version: '>=1', repository: 'file://../lib'}", ""},
		"alias":       {"{name: lib, version: 1.0.0, repository: 'file://../lib', alias: other}", ""},
		"beyond root": {"{name: lib, version: 1.0.0, repository: 'file://../../../lib'}", ""},
		"nowhere":     {"{name: lib, version: 1.0.0, repository: 'file://../no'}", "no chart found at '/no' (reference 'file://../no')"},
		"not in it":   {"{name: lib, version: 1.0.0}", "no chart found at '/c/charts/lib'"},
		"version":     {"{name: lib, version: 2.x, repository: 'file://../lib'}", "can't get a valid version for constraint '2.x'"},
	} {
		t.Run(name, func(t *testing.T) {
			files := showing(map[string]string{"c/Chart.yaml": dependencies(test.dependency)})
			maps.Copy(files, below("lib", subchart("lib", "1.0.0")))
			result, err := open(t, files).render(nil)
			if test.message == "" && (err != nil || len(result.Objects) != 2) {
				t.Fatalf("%v", err)
			}
			if test.message != "" && (err == nil || !strings.Contains(err.Error(), test.message)) {
				t.Errorf("%v", err)
			}
		})
	}
}

func TestLockDecides(t *testing.T) {
	files := showing(map[string]string{
		"c/Chart.yaml": dependencies("{name: redis, version: 1.x, repository: 'https://charts.example.org'}"),
		"c/Chart.lock": "dependencies:\n- {name: redis, version: 1.4.2, repository: 'https://charts.example.org'}\n",
	})
	_, err := open(t, files).render(nil)
	if got := needs(t, err); len(got) != 1 || got[0]["version"] != "1.4.2" {
		t.Errorf("needs %v", got)
	}
}

func TestImportedValuesAndTags(t *testing.T) {
	files := showing(map[string]string{"c/Chart.yaml": dependencies(
		"{name: sub, version: 1.0.0, tags: [extra], import-values: [data, {child: inner, parent: taken}]}")})
	maps.Copy(files, below("c/charts/sub", subchart("sub", "1.0.0")))
	files["c/charts/sub/values.yaml"] = "exports: {data: {imported: 1}}\ninner: {a: 1}\n"
	opened := open(t, files)
	got := objects.Text(opened.must(nil).Objects[1].Object, "data", "value")
	if got != `{"imported":1,"sub":{"exports":{"data":{"imported":1}},"global":{},"inner":{"a":1}},"taken":{"a":1}}` {
		t.Errorf("got %s", got)
	}
	if got := names(opened.must(parameters{"values": parameters{"tags": parameters{"extra": false}}})); len(got) != 1 {
		t.Errorf("switched off by tag: %v", got)
	}
}

func TestIgnoredFiles(t *testing.T) {
	files := showing(map[string]string{
		"c/.helmignore":           "# comment\n*.bak\n/templates/old/\nnotes/*.txt\n",
		"c/templates/.hidden.yml": "{{ fail \"read\" }}",
	})
	files["c/templates/a.bak"], files["c/templates/old/b.yaml"] = "{{ fail \"bak\" }}", "{{ fail \"old\" }}"
	opened := open(t, files)
	opened.must(nil)
	if got := opened.describe(parameters{"tree": "t", "path": "c"}).Files; got != 4 {
		t.Errorf("%d files", got)
	}
	files["c/.helmignore"] = "a/**\n"
	if failed := open(t, files).failure(nil); failed.File != "c/.helmignore" || !strings.Contains(failed.Message, "double-star") {
		t.Errorf("%s: %s", failed.File, failed.Message)
	}
}

// pack writes an archive of files, below a directory as Helm packs them.
func pack(t *testing.T, target string, files map[string]string) string {
	t.Helper()
	var content bytes.Buffer
	compressed, _ := gzip.NewWriterLevel(&content, gzip.BestSpeed)
	archived := tar.NewWriter(compressed)
	for _, name := range slices.Sorted(maps.Keys(files)) {
		if err := archived.WriteHeader(&tar.Header{Name: name, Mode: 0o644, Size: int64(len(files[name]))}); err != nil {
			t.Fatal(err)
		}
		_, _ = archived.Write([]byte(files[name]))
	}
	if err := errors.Join(archived.Close(), compressed.Close(), os.WriteFile(target, content.Bytes(), 0o600)); err != nil {
		t.Fatal(err)
	}
	return target
}

func TestArchives(t *testing.T) {
	opened := open(t, nil)
	target := filepath.Join(t.TempDir(), "web-1.2.3.tgz")
	pack(t, target, below("web", trimmed(showing(map[string]string{"c/Chart.yaml": dependencies("{name: redis, version: 1.0.0, repository: 'https://x.example.org'}")}))))
	archived := parameters{"chart": parameters{"archive": target}, "values": parameters{"a": 1}}
	if got := shown(t, opened.must(archived)); got != `{"a":1}` {
		t.Errorf("got %s", got) // and the missing dependency is nobody's concern: only directories are completed
	}
	pack(t, target, below("web", trimmed(showing(map[string]string{"c/values.yaml": "new: true\n"}))))
	if got := shown(t, opened.must(archived)); got != `{"a":1,"new":true}` {
		t.Errorf("an archive that was written again: %s", got)
	}
	opened.write(map[string]string{"x.txt": ""})
	content, _ := os.ReadFile(target)
	opened.write(map[string]string{"charts/web.tgz": string(content)})
	opened.must(parameters{"chart": parameters{"tree": "t", "path": "charts/web.tgz"}})
}

// trimmed takes the leading c/ off.
func trimmed(files map[string]string) map[string]string {
	moved := map[string]string{}
	for name, text := range files {
		moved[strings.TrimPrefix(name, "c/")] = text
	}
	return moved
}

func TestRefusedArchives(t *testing.T) {
	opened, directory := open(t, nil), t.TempDir()
	archive := func(files map[string]string) string { return pack(t, filepath.Join(directory, "x.tgz"), files) }
	for name, test := range map[string]struct {
		path    string
		message string
	}{
		"traversal": {archive(map[string]string{"web/../../etc/passwd": "x", "web/Chart.yaml": metadata}), "references parent directory"},
	} {
		if failed := opened.failure(parameters{"chart": parameters{"archive": test.path}}); !strings.Contains(failed.Message, test.message) {
			t.Errorf("%s: %s", name, failed.Message)
		}
	}
	noArchive := filepath.Join(directory, "text.tgz")
	if err := os.WriteFile(noArchive, []byte("text"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{noArchive, directory, filepath.Join(directory, "none.tgz")} {
		failed := opened.failure(parameters{"chart": parameters{"archive": path}})
		if failed.Stage != "chart" || strings.Contains(failed.Message, directory) {
			t.Errorf("%s: %s", path, failed.Message)
		}
	}
	empty := archive(map[string]string{"web/Chart.yaml": metadata, "web/zeroes": strings.Repeat("\x00", maxUnpacked+1)})
	var exceeded *rpc.ExceededError
	if _, err := opened.render(parameters{"chart": parameters{"archive": empty}}); !errors.As(err, &exceeded) || exceeded.Bound != "size" {
		t.Errorf("an archive that unpacks to too much: %v", err)
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
