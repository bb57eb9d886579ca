package chart

import (
	"context"
	"encoding/json"
	"errors"
	"maps"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"elysium.dev/engine/internal/objects"
	"elysium.dev/engine/internal/rpc"
)

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
