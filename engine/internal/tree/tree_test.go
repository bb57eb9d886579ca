package tree

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"elysium.dev/engine/internal/rpc"
)

// write fills a directory of the test.
func write(t *testing.T, files map[string]string) string {
	t.Helper()
	root := t.TempDir()
	for name, content := range files {
		file := filepath.Join(root, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return root
}

func open(t *testing.T, root string, files []string, rules Rules, ignore *string) *Tree {
	t.Helper()
	opened, err := Open(root, files, rules, ignore)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(opened.Close)
	return opened
}

func link(t *testing.T, root, target, name string) {
	t.Helper()
	if err := os.Symlink(target, filepath.Join(root, name)); err != nil {
		t.Fatal(err)
	}
}

func TestClosedList(t *testing.T) {
	root := write(t, map[string]string{"a.yaml": "a", "b/c.yaml": "c", "b/secret.txt": "s", "d/e.yaml": "e"})
	opened := open(t, root, []string{"b/c.yaml", "a.yaml", "a.yaml", "gone.yaml", "../x", "/etc/passwd", "b", "b/../a.yaml"}, RulesNone, nil)
	if got := opened.Files(""); !reflect.DeepEqual(got, []string{"a.yaml", "b/c.yaml"}) {
		t.Errorf("files %v", got)
	}
	if opened.IsDirectory("d") || !opened.IsDirectory("b") || !opened.IsDirectory("") || opened.IsFile("b/secret.txt") {
		t.Error("what was not listed exists")
	}
	if _, err := opened.ReadFile("b/secret.txt", nil); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("error %v", err)
	}
}

func TestIgnoreRules(t *testing.T) {
	files := map[string]string{
		"a.yaml": "", "image.png": "", ".github/x.yaml": "", ".gitignore": "", "sub/.sops.yaml": "", "sub/b.yaml": "", "sub/c.txt": "", "only/readme.md": ""}
	with := func(name, content string) map[string]string {
		copied := map[string]string{name: content}
		for key, value := range files {
			copied[key] = value
		}
		return copied
	}
	text := "*.txt\n# comment\n!image.png\n"
	for name, test := range map[string]struct {
		files  map[string]string
		rules  Rules
		ignore *string
		want   string
	}{
		"defaults of git":          {files, RulesGit, nil, "a.yaml only/readme.md sub/b.yaml sub/c.txt"},
		"patterns replace them":    {with("sub/.sourceignore", "c.txt\n"), RulesGit, nil, ".github/x.yaml a.yaml image.png only/readme.md sub/.sops.yaml sub/.sourceignore sub/b.yaml"},
		"spec.ignore":              {files, RulesGit, &text, ".github/x.yaml a.yaml image.png only/readme.md sub/.sops.yaml sub/b.yaml"},
		"spec.ignore wins":         {with(".sourceignore", "*.png\nsub/\n"), RulesGit, &text, ".github/x.yaml .sourceignore a.yaml image.png only/readme.md"},
		"scope of a directory":     {with("sub/.sourceignore", "/*\n!b.yaml\n"), RulesGit, nil, ".github/x.yaml a.yaml image.png only/readme.md sub/b.yaml"},
		"bucket has no defaults":   {files, RulesBucket, nil, ".github/x.yaml .gitignore a.yaml image.png only/readme.md sub/.sops.yaml sub/b.yaml sub/c.txt"},
		"bucket reads only a root": {with("sub/.sourceignore", "*\n"), RulesBucket, nil, ".github/x.yaml .gitignore a.yaml image.png only/readme.md sub/.sops.yaml sub/.sourceignore sub/b.yaml sub/c.txt"},
		"none":                     {files, RulesNone, &text, ".github/x.yaml .gitignore a.yaml image.png only/readme.md sub/.sops.yaml sub/b.yaml sub/c.txt"},
	} {
		t.Run(name, func(t *testing.T) {
			opened := open(t, write(t, test.files), nil, test.rules, test.ignore)
			if got := strings.Join(opened.Files(""), " "); got != test.want {
				t.Errorf("got  %s\nwant %s", got, test.want)
			}
			if opened.ignored != len(test.files)-len(opened.files) {
				t.Errorf("ignored %d", opened.ignored)
			}
		})
	}
	if _, err := Open(t.TempDir(), nil, "else", nil); err == nil {
		t.Error("unknown rules were accepted")
	}
}

// TestDefaultsPartByPart holds the quick way of applying the defaults against the library.
func TestDefaultsPartByPart(t *testing.T) {
	quick, err := RulesGit.matcher(nil, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	parts := []string{"a", "a.yaml", "x.png", ".git", ".github", ".gitignore", ".sops.yaml", ".flux.yaml", "b.tar.gz", ".circleci", "appveyor.yml", ".gitmodules"}
	for _, first := range parts {
		for _, second := range parts {
			for _, third := range parts {
				for _, directory := range []bool{true, false} {
					want := quick.patterns.Match([]string{first, second, third}, directory)
					if got := quick.ignores(strings.Join([]string{first, second, third}, "/"), directory); got != want {
						t.Fatalf("%s/%s/%s: %v, want %v", first, second, third, got, want)
					}
				}
			}
		}
	}
}

// TestDirectoriesOfAnArtifact: a directory whose files are all ignored is still there, unless it is ignored itself.
func TestDirectoriesOfAnArtifact(t *testing.T) {
	ignore := "*.md\nboth/\n"
	opened := open(t, write(t, map[string]string{"docs/a.md": "", "both/a.yaml": "", "deep/er/b.md": ""}), nil, RulesGit, &ignore)
	for name, want := range map[string]bool{"docs": true, "both": false, "deep": true, "deep/er": true} {
		if opened.IsDirectory(name) != want {
			t.Errorf("%s exists: %v", name, !want)
		}
	}
}

func TestLinks(t *testing.T) {
	outside := write(t, map[string]string{"secret": "s"})
	root := write(t, map[string]string{"real/a.yaml": "a", "b.yaml": "b"})
	link(t, root, "real", "inner")
	link(t, root, "b.yaml", "file.yaml")
	link(t, root, filepath.Join(root, "real"), "absolute")
	link(t, root, outside, "outer")
	link(t, root, "../../x", "up")
	link(t, root, "round", "round")
	opened := open(t, root, nil, RulesNone, nil)
	for name, want := range map[string]string{"inner/a.yaml": "a", "file.yaml": "b", "absolute/a.yaml": "a"} {
		if content, err := opened.ReadFile(name, nil); err != nil || string(content) != want {
			t.Errorf("%s: %q, %v", name, content, err)
		}
	}
	for _, name := range []string{"outer/secret", "up", "round", "../" + filepath.Base(outside) + "/secret"} {
		if content, err := opened.ReadFile(name, nil); err == nil {
			t.Errorf("%s was read: %q", name, content)
		}
	}
	if !reflect.DeepEqual(opened.leftOut, []string{"outer", "up"}) {
		t.Errorf("left out %v", opened.leftOut)
	}
	artifact := open(t, root, nil, RulesGit, nil)
	if artifact.IsDirectory("inner") || artifact.IsFile("file.yaml") || len(artifact.leftOut) != 6 {
		t.Errorf("an artifact has links: %v", artifact.leftOut)
	}
}

// TestLinkPutInLater: what was a directory when the tree was opened must not lead out later.
func TestLinkPutInLater(t *testing.T) {
	outside := write(t, map[string]string{"a.yaml": "secret"})
	root := write(t, map[string]string{"dir/a.yaml": "a"})
	opened := open(t, root, nil, RulesNone, nil)
	if err := os.RemoveAll(filepath.Join(root, "dir")); err != nil {
		t.Fatal(err)
	}
	link(t, root, outside, "dir")
	if content, err := opened.ReadFile("dir/a.yaml", nil); err == nil {
		t.Errorf("read %q from outside the root", content)
	}
}

func TestLargeFile(t *testing.T) {
	root := write(t, map[string]string{"a.yaml": ""})
	if err := os.Truncate(filepath.Join(root, "a.yaml"), MaxFile+1); err != nil {
		t.Fatal(err)
	}
	_, err := open(t, root, nil, RulesNone, nil).ReadFile("a.yaml", nil)
	var exceeded *rpc.ExceededError
	if !errors.As(err, &exceeded) || exceeded.Bound != "size" {
		t.Errorf("error %v", err)
	}
}

func TestFileSystem(t *testing.T) {
	root := write(t, map[string]string{"app/a.yaml": "a", "app/sub/b.yaml": "b", "c.yaml": "c"})
	recorder := NewRecorder()
	view := open(t, root, nil, RulesNone, nil).FileSystem(recorder)
	if content, err := view.ReadFile(Absolute("app/a.yaml")); err != nil || string(content) != "a" {
		t.Errorf("%q, %v", content, err)
	}
	for _, name := range []string{"/etc/passwd", Absolute("../etc/passwd"), "../../etc/passwd"} {
		if _, err := view.ReadFile(name); err == nil {
			t.Errorf("%s was read", name)
		}
	}
	directory, file, err := view.CleanedAbs(Absolute("app/sub/../a.yaml"))
	if err != nil || string(directory) != Absolute("app") || file != "a.yaml" {
		t.Errorf("%s %s %v", directory, file, err)
	}
	if matches, _ := view.Glob(Absolute("app/*/*.yaml")); !reflect.DeepEqual(matches, []string{Absolute("app/sub/b.yaml")}) {
		t.Errorf("glob %v", matches)
	}
	if view.Exists(Absolute("app/none.yaml")) || !view.Exists(Absolute("app/sub")) || !view.Exists(Absolute("c.yaml")) {
		t.Error("Exists is wrong")
	}
	want := Read{Files: []string{"app/a.yaml", "c.yaml"}, Directories: []string{"", "app", "app/sub"}, Absent: []string{"app/none.yaml"}}
	if got := recorder.Read(); !reflect.DeepEqual(got, want) {
		t.Errorf("recorded %+v", got)
	}
}

func TestWalk(t *testing.T) {
	root := write(t, map[string]string{"a/1.yaml": "", "a/skip/2.yaml": "", "a/z/3.yaml": "", "b.yaml": ""})
	view := open(t, root, nil, RulesNone, nil).FileSystem(nil)
	var visited []string
	err := view.Walk(Absolute(""), func(name string, info os.FileInfo, err error) error {
		relative, _ := Relative(name)
		visited = append(visited, relative)
		if info.IsDir() && info.Name() == "skip" {
			return filepath.SkipDir
		}
		return err
	})
	if want := []string{"", "a", "a/1.yaml", "a/skip", "a/z", "a/z/3.yaml", "b.yaml"}; err != nil || !reflect.DeepEqual(visited, want) {
		t.Errorf("%v, %v", visited, err)
	}
}

func TestNothingIsWritten(t *testing.T) {
	root := write(t, map[string]string{"a.yaml": "a"})
	view := open(t, root, nil, RulesNone, nil).FileSystem(nil)
	if err := view.WriteFile(Absolute("a.yaml"), []byte("laid")); err != nil {
		t.Fatal(err)
	}
	if content, _ := view.ReadFile(Absolute("a.yaml")); string(content) != "laid" {
		t.Errorf("read %q", content)
	}
	if content, _ := os.ReadFile(filepath.Join(root, "a.yaml")); string(content) != "a" {
		t.Errorf("the disk has %q", content)
	}
	_, creating := view.Create(Absolute("x"))
	for name, err := range map[string]error{"create": creating, "mkdir": view.Mkdir(Absolute("x")), "remove": view.RemoveAll(Absolute("a.yaml"))} {
		if !errors.Is(err, fs.ErrPermission) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestAttachedTree(t *testing.T) {
	other := open(t, write(t, map[string]string{"base/x.yaml": "x"}), nil, RulesNone, nil)
	view := open(t, write(t, map[string]string{"a.yaml": "a"}), nil, RulesNone, nil).FileSystem(nil)
	view.Attach("/remote/0", other)
	if content, err := view.ReadFile(filepath.FromSlash("/remote/0/base/x.yaml")); err != nil || string(content) != "x" {
		t.Errorf("%q, %v", content, err)
	}
	if directory, _, err := view.CleanedAbs("/remote/0/base"); err != nil || string(directory) != filepath.FromSlash("/remote/0/base") {
		t.Errorf("%s, %v", directory, err)
	}
}

func BenchmarkOpen(b *testing.B) {
	root := b.TempDir()
	var files []string
	for index := range 500 {
		name := fmt.Sprintf("apps/app%d/app/release.yaml", index)
		files = append(files, name)
		if err := os.MkdirAll(filepath.Join(root, filepath.Dir(name)), 0o755); err != nil {
			b.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(root, name), nil, 0o644); err != nil {
			b.Fatal(err)
		}
	}
	for b.Loop() {
		opened, err := Open(root, files, RulesGit, nil)
		if err != nil {
			b.Fatal(err)
		}
		opened.Close()
	}
}
