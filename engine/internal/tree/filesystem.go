package tree

import (
	"fmt"
	"io/fs"
	"path"
	"path/filepath"
	"strings"
	"time"

	"sigs.k8s.io/kustomize/kyaml/filesys"
)

// FileSystem shows a tree to Kustomize as if it stood at Mount. Files can be put over it in memory.
// Nothing reaches the disk.
type FileSystem struct {
	tree     *Tree
	recorder *Recorder
	overlay  map[string][]byte
}

// Mount is where a FileSystem pretends that its tree stands.
var Mount = filepath.FromSlash("/tree")

var _ filesys.FileSystem = (*FileSystem)(nil)

// FileSystem makes a view of the tree with an overlay of its own.
func (t *Tree) FileSystem(recorder *Recorder) *FileSystem {
	return &FileSystem{tree: t, recorder: recorder, overlay: map[string][]byte{}}
}

// Absolute is the path under which a file of the tree is seen.
func Absolute(name string) string { return filepath.Join(Mount, filepath.FromSlash(name)) }

// Relative is the reverse of Absolute; it tells false for a path outside the tree.
func Relative(name string) (string, bool) {
	if !filepath.IsAbs(name) {
		name = filepath.Join(Mount, name)
	}
	relative, err := filepath.Rel(Mount, name)
	if err != nil || !filepath.IsLocal(relative) {
		return "", false
	}
	return clean(filepath.ToSlash(relative)), true
}

// Put lays content over a file of the tree, in memory.
func (f *FileSystem) Put(name string, content []byte) { f.overlay[f.tree.resolve(name)] = content }

func (f *FileSystem) locate(operation, name string) (string, error) {
	relative, inside := Relative(name)
	if !inside {
		return "", &fs.PathError{Op: operation, Path: name, Err: fmt.Errorf("path is not in or below the root of the source")}
	}
	return f.tree.resolve(relative), nil
}

// ReadFile reads from the overlay or from the tree.
func (f *FileSystem) ReadFile(name string) ([]byte, error) {
	located, err := f.locate("open", name)
	if err != nil {
		return nil, err
	}
	if content, laid := f.overlay[located]; laid {
		return content, nil
	}
	return f.tree.ReadFile(located, f.recorder)
}

// Exists tells whether a path is there.
func (f *FileSystem) Exists(name string) bool {
	located, err := f.locate("stat", name)
	if err != nil {
		return false
	}
	if _, laid := f.overlay[located]; laid || f.tree.IsDirectory(located) {
		return true
	}
	if f.tree.IsFile(located) {
		f.recorder.file(located)
		return true
	}
	f.recorder.absent(located)
	return false
}

// IsDir tells whether a path is a directory.
func (f *FileSystem) IsDir(name string) bool {
	located, err := f.locate("stat", name)
	return err == nil && f.tree.IsDirectory(located)
}

// ReadDir lists the entries of a directory.
func (f *FileSystem) ReadDir(name string) ([]string, error) {
	located, err := f.locate("open", name)
	if err != nil {
		return nil, err
	}
	entries, found := f.tree.directories[located]
	if !found {
		f.recorder.absent(located)
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
	}
	f.recorder.directory(located)
	return append([]string(nil), entries...), nil
}

// CleanedAbs splits a path into a directory, links followed, and a file name.
func (f *FileSystem) CleanedAbs(name string) (filesys.ConfirmedDir, string, error) {
	located, err := f.locate("abs", name)
	if err != nil {
		return "", "", err
	}
	if f.tree.IsDirectory(located) {
		return filesys.ConfirmedDir(Absolute(located)), "", nil
	}
	if !f.Exists(Absolute(located)) {
		return "", "", &fs.PathError{Op: "lstat", Path: name, Err: fs.ErrNotExist}
	}
	return filesys.ConfirmedDir(Absolute(clean(path.Dir(located)))), path.Base(located), nil
}

// Glob lists the paths that match a pattern. Each directory on the way counts as listed.
func (f *FileSystem) Glob(pattern string) ([]string, error) {
	located, err := f.locate("glob", pattern)
	if err != nil {
		return nil, nil
	}
	candidates := []string{""}
	for _, segment := range strings.Split(located, "/") {
		var next []string
		for _, directory := range candidates {
			for _, entry := range f.tree.directories[f.tree.resolve(directory)] {
				matched, err := path.Match(segment, entry)
				if err != nil {
					return nil, err
				}
				if matched {
					next = append(next, path.Join(directory, entry))
				}
			}
			f.recorder.directory(f.tree.resolve(directory))
		}
		candidates = next
	}
	for i := range candidates {
		candidates[i] = Absolute(candidates[i])
	}
	return candidates, nil
}

// Walk visits a directory and everything below it in lexical order, links not followed.
func (f *FileSystem) Walk(name string, visit filepath.WalkFunc) error {
	located, err := f.locate("walk", name)
	if err != nil {
		return err
	}
	err = f.walk(located, visit)
	if err == filepath.SkipDir || err == filepath.SkipAll {
		return nil
	}
	return err
}

func (f *FileSystem) walk(located string, visit filepath.WalkFunc) error {
	entries, isDirectory := f.tree.directories[located]
	err := visit(Absolute(located), entryInfo{name: path.Base(located), directory: isDirectory}, nil)
	if err != nil || !isDirectory {
		return err
	}
	f.recorder.directory(located)
	for _, entry := range entries {
		child := path.Join(located, entry)
		_, childIsDirectory := f.tree.directories[child]
		if err := f.walk(child, visit); err != nil && (err != filepath.SkipDir || !childIsDirectory) {
			return err
		}
	}
	return nil
}

// WriteFile lays content over the tree in memory.
func (f *FileSystem) WriteFile(name string, content []byte) error {
	located, err := f.locate("write", name)
	if err != nil {
		return err
	}
	f.overlay[located] = content
	return nil
}

func refused(operation, name string) error {
	return &fs.PathError{Op: operation, Path: name, Err: fs.ErrPermission}
}

// Create is refused.
func (f *FileSystem) Create(name string) (filesys.File, error) { return nil, refused("create", name) }

// Open is refused: Kustomize reads whole files only.
func (f *FileSystem) Open(name string) (filesys.File, error) { return nil, refused("open", name) }

// Mkdir is refused.
func (f *FileSystem) Mkdir(name string) error { return refused("mkdir", name) }

// MkdirAll is refused.
func (f *FileSystem) MkdirAll(name string) error { return refused("mkdir", name) }

// RemoveAll is refused.
func (f *FileSystem) RemoveAll(name string) error { return refused("remove", name) }

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
