package tree

import (
	"io/fs"
	"path"
	"path/filepath"
	"time"
)

// Walk visits a directory and everything below it in lexical order, links not followed.
func (f *FileSystem) Walk(name string, visit filepath.WalkFunc) error {
	at, err := f.locate("walk", name)
	if err != nil {
		return err
	}
	err = at.walk(visit)
	if err == filepath.SkipDir || err == filepath.SkipAll {
		return nil
	}
	return err
}

func (l located) walk(visit filepath.WalkFunc) error {
	entries, isDirectory := l.tree.directories[l.name]
	err := visit(l.absolute(), entryInfo{name: path.Base(l.name), directory: isDirectory}, nil)
	if err != nil || !isDirectory {
		return err
	}
	l.recorder.directory(l.name)
	for _, entry := range entries {
		child := l
		child.name = path.Join(l.name, entry)
		if err := child.walk(visit); err != nil && (err != filepath.SkipDir || !l.tree.isPlainDirectory(child.name)) {
			return err
		}
	}
	return nil
}

// isPlainDirectory tells whether a path is a directory without following a link.
func (t *Tree) isPlainDirectory(name string) bool {
	_, found := t.directories[name]
	return found
}

// entryInfo is what Walk tells about an entry; Kustomize asks only whether it is a directory.
type entryInfo struct {
	name      string
	directory bool
}

func (i entryInfo) Name() string       { return i.name }
func (i entryInfo) Size() int64        { return 0 }
func (i entryInfo) ModTime() time.Time { return time.Time{} }
func (i entryInfo) IsDir() bool        { return i.directory }
func (i entryInfo) Sys() any           { return nil }
func (i entryInfo) Mode() fs.FileMode {
	if i.directory {
		return fs.ModeDir | 0o755
	}
	return 0o644
}
