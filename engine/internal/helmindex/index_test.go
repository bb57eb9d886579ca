package helmindex

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"sigs.k8s.io/yaml"

	"elysium.dev/engine/internal/rpc"
)

// usual is an index as "helm repo index" writes it.
const usual = `apiVersion: v1
entries:
  redis:
  - apiVersion: v2
    appVersion: "7.0"
    created: "2024-01-02T03:04:05Z"
    description: |
      entries:
        redis: not this one

      # no comment
    digest: aaa
    name: redis
    urls:
    - https://example.org/redis-1.2.0.tgz
    version: 1.2.0
  - created: "2024-01-01T00:00:00.123456789+01:00"
    name: redis
    urls:
    - redis-1.10.0.tgz
    version: 1.10.0
    dependencies:
    - name: common
      repository: https://example.org
      version: 1.x
  - {name: redis, version: 2.0.0-rc.1}
  - name: redis
    version: 1.2.0+build
    created: "2024-02-01T00:00:00Z"
  # the next one has no name and is dropped
  - version: 3.0.0
  # and this is nothing
  -
  redis-cluster:
  - name: redis-cluster
    version: 9.0.0
generated: "2024-01-01T00:00:00Z"
serverInfo: {}
`

func write(t testing.TB, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "index.yaml")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func ask(path, name string) ([]Version, error) {
	known := &reader{files: map[string]*file{}}
	return known.versions(path, name)
}

func numbers(versions []Version) []string {
	list := []string{}
	for _, version := range versions {
		list = append(list, version.Version)
	}
	return list
}

func TestVersions(t *testing.T) {
	versions, err := ask(write(t, usual), "redis")
	if err != nil {
		t.Fatal(err)
	}
	if got := numbers(versions); !reflect.DeepEqual(got, []string{"2.0.0-rc.1", "1.10.0", "1.2.0+build", "1.2.0"}) {
		t.Errorf("got %v", got)
	}
	expected := Version{Version: "1.2.0", URLs: []string{"https://example.org/redis-1.2.0.tgz"}, Digest: "aaa", AppVersion: "7.0", Created: "2024-01-02T03:04:05Z"}
	if !reflect.DeepEqual(versions[3], expected) {
		t.Errorf("got %+v", versions[3])
	}
	for name, expected := range map[string][]string{"redis-cluster": {"9.0.0"}, "unknown": {}, "": {}, "generated": {}} {
		if got, err := ask(write(t, usual), name); err != nil || !reflect.DeepEqual(numbers(got), expected) {
			t.Errorf("%s: %v, %v", name, got, err)
		}
	}
}

// TestSplittingAgreesWithParsing reads the same content in every form that tools write.
func TestSplittingAgreesWithParsing(t *testing.T) {
	expected, err := ask(write(t, usual), "redis")
	if err != nil {
		t.Fatal(err)
	}
	asJSON, err := yaml.YAMLToJSON([]byte(usual))
	if err != nil {
		t.Fatal(err)
	}
	rewritten, err := yaml.JSONToYAML(asJSON)
	if err != nil {
		t.Fatal(err)
	}
	_, entries, _ := strings.Cut(usual, "entries:\n")
	entries, _, _ = strings.Cut(entries, "generated:")
	deeper := "apiVersion: v1\nentries:\n      " + strings.ReplaceAll(strings.TrimSpace(entries), "\n", "\n    ")
	for name, text := range map[string]string{
		"JSON":            string(asJSON),
		"rewritten":       string(rewritten),
		"entries first":   strings.TrimPrefix(usual, "apiVersion: v1\n") + "apiVersion: v1\n",
		"quoted names":    strings.ReplaceAll(usual, "\n  redis:\n", "\n  \"redis\":\n"),
		"windows":         strings.ReplaceAll(usual, "\n", "\r\n"),
		"document start":  "---\n" + usual,
		"without newline": strings.TrimSpace(usual),
		"deeper":          deeper,
	} {
		got, err := ask(write(t, text), "redis")
		if err != nil || !reflect.DeepEqual(numbers(got), numbers(expected)) {
			t.Errorf("%s: %v, %v", name, numbers(got), err)
		}
	}
}

func TestRefused(t *testing.T) {
	for name, text := range map[string]string{
		"empty":         "",
		"no apiVersion": "entries:\n  redis:\n  - name: redis\n    version: 1.0.0\n",
		"no YAML":       "apiVersion: v1\nentries: {\n",
		"unknown field": strings.Replace(usual, "    digest: aaa\n", "    digset: aaa\n", 1),
	} {
		var failed *rpc.FailedError
		if _, err := ask(write(t, text), "redis"); !errors.As(err, &failed) || failed.Stage != "chart" {
			t.Errorf("%s: %v", name, err)
		}
	}
	directory := t.TempDir()
	for _, path := range []string{directory, filepath.Join(directory, "none.yaml")} {
		if _, err := ask(path, "redis"); err == nil || strings.Contains(err.Error(), directory) {
			t.Errorf("%s: %v", path, err)
		}
	}
}

func TestReadAgainWhenItChanges(t *testing.T) {
	known := &reader{files: map[string]*file{}}
	path := write(t, usual)
	if _, err := known.versions(path, "redis"); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(strings.ReplaceAll(usual, "1.10.0", "1.11.0")), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Chtimes(path, time.Time{}, time.Now().Add(time.Minute)); err != nil {
		t.Fatal(err)
	}
	if got, _ := known.versions(path, "redis"); got[1].Version != "1.11.0" {
		t.Errorf("got %v", numbers(got))
	}
}

func TestAnswer(t *testing.T) {
	known := &reader{files: map[string]*file{}}
	params, _ := json.Marshal(map[string]string{"path": write(t, usual), "name": "redis-cluster"})
	answer, err := known.answer(t.Context(), params)
	encoded, _ := json.Marshal(answer)
	if err != nil || string(encoded) != `{"versions":[{"version":"9.0.0","urls":[],"digest":"","app_version":"","created":""}]}` {
		t.Errorf("%s, %v", encoded, err)
	}
	if _, err := known.answer(t.Context(), []byte(`{"path": "index.yaml"}`)); err == nil {
		t.Error("a relative path was taken")
	}
}

// BenchmarkLargeIndex asks for one chart of an index of 20 MB, read for the first time.
func BenchmarkLargeIndex(b *testing.B) {
	var text strings.Builder
	text.WriteString("apiVersion: v1\nentries:\n")
	for chart := range 200 {
		fmt.Fprintf(&text, "  chart%d:\n", chart)
		for version := range 250 {
			fmt.Fprintf(&text, "  - name: chart%d\n    version: 1.%d.0\n    description: %s\n    urls:\n    - https://example.org/x.tgz\n", chart, version, strings.Repeat("words ", 50))
		}
	}
	path := write(b, text.String())
	for b.Loop() {
		if versions, err := ask(path, "chart150"); err != nil || len(versions) != 250 {
			b.Fatal(err, len(versions))
		}
	}
}
