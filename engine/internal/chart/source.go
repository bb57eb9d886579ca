// Package chart renders Helm charts as source-controller packages them and helm-controller installs them, up to the apply.
package chart

import (
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"

	"helm.sh/helm/v4/pkg/chart/loader/archive"
	"helm.sh/helm/v4/pkg/ignore"

	"elysium.dev/engine/internal/rpc"
	"elysium.dev/engine/internal/tree"
)

// Bounds of charts. The first two are source-controller's.
const (
	maxArchive  = 10 << 20
	maxFile     = 5 << 20
	maxUnpacked = 200 << 20 // contents and headers; Helm itself bounds the contents to 100 MiB
)

// Source says where a chart is: in a directory (or an archive) of a tree, or an archive outside of any tree.
type Source struct {
	Tree    string `json:"tree"`
	Path    string `json:"path"`
	Archive string `json:"archive"`

	// artifact tells that helm-controller itself takes the directory for a packaged chart, as it comes: a chartRef names it.
	artifact bool
}

func (s Source) String() string {
	if s.Archive != "" {
		return filepath.Base(s.Archive)
	}
	return s.Path
}

// check refuses a source that says too little or too much.
func (s Source) check() error {
	switch {
	case s.Archive != "" && (s.Tree != "" || s.Path != ""):
		return rpc.InvalidParams("a chart is either an archive or a path in a tree")
	case s.Archive == "" && s.Tree == "":
		return rpc.InvalidParams("a chart needs a tree or an archive")
	case s.Archive != "" && !filepath.IsAbs(s.Archive):
		return rpc.InvalidParams("archive %q is not absolute", s.Archive)
	}
	return nil
}

// readDirectory reads the files of a chart directory that .helmignore keeps.
func readDirectory(source *tree.Tree, directory string) ([]*archive.BufferedFile, error) {
	rules, err := ignoreRules(source, directory)
	if err != nil {
		return nil, err
	}
	return readFiles(source, directory, func(name string) bool { return !rules.ignores(name) })
}

// readArtifact reads all files of a chart directory that was a package when it was fetched.
func readArtifact(source *tree.Tree, directory string) ([]*archive.BufferedFile, error) {
	return readFiles(source, directory, func(string) bool { return true })
}

func readFiles(source *tree.Tree, directory string, keeps func(name string) bool) ([]*archive.BufferedFile, error) {
	prefix := ""
	if directory = path.Clean(directory); directory != "." {
		prefix = directory + "/"
	}
	var files []*archive.BufferedFile
	for _, name := range source.Files(directory) {
		relative := strings.TrimPrefix(name, prefix)
		if !keeps(relative) {
			continue
		}
		content, err := source.ReadFile(name, nil)
		if err != nil {
			return nil, err
		}
		if len(content) > maxFile {
			return nil, rpc.Failed("chart", "cannot load file %s as file size (%d) exceeds limit (%d)", relative, len(content), maxFile).At(name, 0)
		}
		files = append(files, &archive.BufferedFile{Name: relative, Data: bytes.TrimPrefix(content, byteOrderMark)})
	}
	return files, nil
}

var byteOrderMark = []byte{0xEF, 0xBB, 0xBF}

// directoryRules are the rules of .helmignore, which hold for directories with everything below them.
type directoryRules struct {
	rules       *ignore.Rules
	directories map[string]bool
}

func ignoreRules(source *tree.Tree, directory string) (*directoryRules, error) {
	rules := ignore.Empty()
	name := path.Join(directory, ignore.HelmIgnore)
	if content, err := source.ReadFile(name, nil); err == nil {
		if rules, err = ignore.Parse(bytes.NewReader(content)); err != nil {
			return nil, rpc.Failed("chart", "cannot load ignore rules for chart: %v", err).At(name, 0)
		}
	} else if !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	rules.AddDefaults()
	return &directoryRules{rules: rules, directories: map[string]bool{}}, nil
}

func (r *directoryRules) ignores(name string) bool {
	return r.ignoresDirectory(path.Dir(name)) || r.rules.Ignore(name, entry{})
}

func (r *directoryRules) ignoresDirectory(name string) bool {
	if name == "." {
		return false
	}
	ignored, known := r.directories[name]
	if !known {
		ignored = r.ignoresDirectory(path.Dir(name)) || r.rules.Ignore(name, entry{directory: true})
		r.directories[name] = ignored
	}
	return ignored
}

// entry is all that ignore rules want to know of a file.
type entry struct {
	os.FileInfo
	directory bool
}

func (e entry) IsDir() bool { return e.directory }

// readArchive reads a packaged chart. Helm's reader refuses paths that lead out of it.
func readArchive(content []byte, name string) ([]*archive.BufferedFile, error) {
	if len(content) > maxArchive {
		return nil, rpc.Failed("chart", "size of chart '%s' exceeds '%d' bytes limit", name, maxArchive)
	}
	if err := checkUnpacked(content, name); err != nil {
		return nil, err
	}
	files, err := archive.LoadArchiveFiles(bytes.NewReader(content))
	if err != nil {
		return nil, rpc.Failed("chart", "cannot load chart archive %s: %v", name, err)
	}
	return files, nil
}

// checkUnpacked bounds the headers too: an archive may hold any number of empty files.
func checkUnpacked(content []byte, name string) error {
	unpacked, err := gzip.NewReader(bytes.NewReader(content))
	if err != nil {
		return rpc.Failed("chart", "cannot load chart archive %s: %v", name, err)
	}
	size, err := io.Copy(io.Discard, io.LimitReader(unpacked, maxUnpacked+1))
	if err != nil {
		return rpc.Failed("chart", "cannot load chart archive %s: %v", name, err)
	}
	if size > maxUnpacked {
		return rpc.Exceeded("size", "chart archive %s unpacks to more than %d MiB", name, maxUnpacked>>20)
	}
	return nil
}

// readArchiveFile reads a packaged chart that is no part of a tree.
func readArchiveFile(name string, state fs.FileInfo) ([]*archive.BufferedFile, error) {
	if !state.Mode().IsRegular() {
		return nil, rpc.Failed("chart", "chart archive %s is no file", filepath.Base(name))
	}
	if state.Size() > maxArchive {
		return nil, rpc.Failed("chart", "size of chart '%s' exceeds '%d' bytes limit", filepath.Base(name), maxArchive)
	}
	content, err := os.ReadFile(name)
	if err != nil {
		return nil, fmt.Errorf("chart archive: %w", err)
	}
	return readArchive(content, filepath.Base(name))
}
