package chart

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"errors"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"elysium.dev/engine/internal/rpc"
)

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

func TestChartAtTheRoot(t *testing.T) {
	files := trimmed(showing(map[string]string{"c/.helmignore": "*.bak\n", "c/.dotfile": "seen", "c/templates/b.bak": "{{ fail \"read\" }}"}))
	files["templates/a.yaml"] = configMap("a", "{{ .Files.Get \".dotfile\" }}")
	for _, path := range []string{".", "", "./"} {
		result := open(t, files).must(parameters{"chart": parameters{"tree": "t", "path": path}})
		if got := shown(t, result); got != "seen" {
			t.Errorf("%q: %q", path, got)
		}
	}
}

// TestArtifactOfAChartRef loads a directory as helm-controller loads a package: no file is ignored, and nothing is completed.
func TestArtifactOfAChartRef(t *testing.T) {
	opened := open(t, showing(map[string]string{
		"c/.helmignore": "seen\n", "c/seen": "seen", "c/templates/a.yaml": configMap("a", "{{ .Files.Get \"seen\" }}"),
		"c/Chart.yaml": dependencies("{name: redis, version: 1.0.0, repository: 'https://x.example.org'}"),
	}))
	result := opened.must(parameters{"revision": "sha256:a1b2c3d4e5f60718293a4b5c6d7e8f90a1b2c3d4e5f60718293a4b5c6d7e8f90"})
	if got := shown(t, result); got != "seen" || result.Chart.Version != "1.2.3+a1b2c3d4e5f6" {
		t.Errorf("%q, version %s", got, result.Chart.Version)
	}
}
