package chart

import (
	"cmp"
	"errors"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"time"

	"helm.sh/helm/v4/pkg/chart/loader/archive"
	helm "helm.sh/helm/v4/pkg/chart/v2"
	"helm.sh/helm/v4/pkg/chart/v2/loader"

	"elysium.dev/engine/internal/rpc"
	"elysium.dev/engine/internal/tree"
)

// maxKept is how many parsed charts a worker remembers.
const maxKept = 256

// library loads charts and remembers them. What it hands out is shared: clone before anything changes it.
type library struct {
	trees *tree.Registry
	kept  map[Source]*loaded
}

// loaded is a parsed chart and what its content was when it was parsed.
type loaded struct {
	chart    *helm.Chart
	files    int
	tree     *tree.Tree
	modified time.Time
	size     int64
	packaged bool
	analysis analysis
	schemas  map[*byte]*schemaCheck
}

func newLibrary(trees *tree.Registry) *library {
	return &library{trees: trees, kept: map[Source]*loaded{}}
}

// load finds a chart. A tree that was opened again, and an archive that was written again, is read again.
func (l *library) load(source Source) (*loaded, error) {
	if err := source.check(); err != nil {
		return nil, err
	}
	current, state, err := l.identify(source)
	if err != nil {
		return nil, err
	}
	if kept := l.kept[source]; kept != nil && kept.isSame(current) {
		return kept, nil
	}
	files, err := current.read(source, state)
	if err != nil {
		return nil, err
	}
	current.files = len(files)
	current.analysis = analysis{}
	current.schemas = map[*byte]*schemaCheck{}
	if current.chart, err = parse(files, source); err != nil {
		return nil, err
	}
	if len(l.kept) >= maxKept {
		clear(l.kept)
	}
	l.kept[source] = current
	return current, nil
}

func (l *library) identify(source Source) (*loaded, fs.FileInfo, error) {
	if source.Archive != "" {
		state, err := os.Stat(source.Archive)
		if err != nil {
			return nil, nil, rpc.Failed("chart", "chart archive %s: %v", filepath.Base(source.Archive), errors.Unwrap(err))
		}
		return &loaded{modified: state.ModTime(), size: state.Size(), packaged: true}, state, nil
	}
	found, err := l.trees.Get(source.Tree)
	if err != nil {
		return nil, nil, err
	}
	return &loaded{tree: found, packaged: source.artifact || found.IsFile(source.Path)}, nil, nil
}

func (l *loaded) isSame(other *loaded) bool {
	return l.tree == other.tree && l.size == other.size && l.modified.Equal(other.modified)
}

func (l *loaded) read(source Source, state fs.FileInfo) ([]*archive.BufferedFile, error) {
	switch {
	case source.Archive != "":
		return readArchiveFile(source.Archive, state)
	case l.tree.IsFile(source.Path):
		content, err := l.tree.ReadFile(source.Path, nil)
		if err != nil {
			return nil, err
		}
		return readArchive(content, source.Path)
	case !l.tree.IsFile(path.Join(source.Path, "Chart.yaml")):
		return nil, rpc.Failed("chart", "no chart found at '%s': it has no Chart.yaml", source.Path).At(source.Path, 0)
	case source.artifact:
		return readArtifact(l.tree, source.Path)
	default:
		return readDirectory(l.tree, source.Path)
	}
}

// parse makes a chart of files. Helm adds subcharts in a random order; here they are sorted.
func parse(files []*archive.BufferedFile, source Source) (*helm.Chart, error) {
	parsed, err := loader.LoadFiles(files)
	if err != nil {
		failure := rpc.Failed("chart", "cannot load chart %s: %v", source, err)
		if found := failedFile.FindStringSubmatch(err.Error()); found != nil {
			failure.At(found[1], lineOf(err.Error()))
		}
		return nil, failure
	}
	sortDependencies(parsed)
	return parsed, nil
}

var failedFile = regexp.MustCompile(`cannot load ([\w.]+):`)

func sortDependencies(parent *helm.Chart) {
	children := slices.Clone(parent.Dependencies())
	slices.SortStableFunc(children, func(a, b *helm.Chart) int {
		return cmp.Or(cmp.Compare(a.Name(), b.Name()), cmp.Compare(a.Metadata.Version, b.Metadata.Version))
	})
	for _, child := range children {
		sortDependencies(child)
	}
	parent.SetDependencies(children...)
}
