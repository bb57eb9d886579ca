// Package helmindex reads the index of a Helm repository. Such a file may have 20 MB, of which one chart's entry is wanted: the
// entries are found by their indentation, and only the wanted one is parsed.
package helmindex

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"elysium.dev/engine/internal/rpc"
)

// maxSize is the largest index that source-controller takes.
const maxSize = 50 << 20

// Register adds helm.index to the server.
func Register(server *rpc.Server) {
	known := &reader{files: map[string]*file{}}
	server.Handle("helm.index", known.answer)
}

type indexParams struct {
	Path string `json:"path"`
	Name string `json:"name"`
}

type indexResult struct {
	Versions []Version `json:"versions"`
}

// reader remembers the files that it has read, by what identifies their content.
type reader struct {
	files map[string]*file
}

type file struct {
	modified time.Time
	size     int64
	content  *content
}

func (r *reader) answer(_ context.Context, params json.RawMessage) (any, error) {
	var asked indexParams
	if err := rpc.Decode(params, &asked); err != nil {
		return nil, err
	}
	if !filepath.IsAbs(asked.Path) {
		return nil, rpc.InvalidParams("path %q is not absolute", asked.Path)
	}
	versions, err := r.versions(asked.Path, asked.Name)
	if err != nil {
		return nil, err
	}
	return indexResult{Versions: versions}, nil
}

func (r *reader) versions(path, name string) ([]Version, error) {
	found, err := r.read(path)
	if err != nil {
		return nil, err
	}
	entry, err := found.content.entry(name)
	if err != nil {
		return nil, rpc.Failed("chart", "index %s: entry %s: %v", filepath.Base(path), name, err)
	}
	return sorted(entry), nil
}

func (r *reader) read(path string) (*file, error) {
	state, err := os.Stat(path)
	if err != nil {
		return nil, rpc.Failed("chart", "index %s: %v", filepath.Base(path), errors.Unwrap(err))
	}
	if !state.Mode().IsRegular() {
		return nil, rpc.Failed("chart", "index %s is no file", filepath.Base(path))
	}
	if state.Size() > maxSize {
		return nil, rpc.Exceeded("size", "index %s has more than %d MiB", filepath.Base(path), maxSize>>20)
	}
	if known := r.files[path]; known != nil && known.size == state.Size() && known.modified.Equal(state.ModTime()) {
		return known, nil
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("index: %w", err)
	}
	parsed, err := parseContent(text)
	if err != nil {
		return nil, rpc.Failed("chart", "index %s: %v", filepath.Base(path), err)
	}
	r.files[path] = &file{modified: state.ModTime(), size: state.Size(), content: parsed}
	return r.files[path], nil
}
