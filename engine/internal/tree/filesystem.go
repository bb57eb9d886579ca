package tree

import (
	"errors"
	"io/fs"
	"path"
	"path/filepath"
	"runtime"
	"strings"

	"sigs.k8s.io/kustomize/kyaml/filesys"
)

// FileSystem shows a tree to Kustomize as if it stood at Mount. Files can be put over it in memory, and other trees beside it.
// Nothing reaches the disk.
type FileSystem struct {
	tree     *Tree
	recorder *Recorder
	overlay  map[string][]byte // by absolute path
	attached []attachment
	inspect  func(content []byte) error
}

// attachment is another tree, at a place outside Mount.
type attachment struct {
	mount string
	tree  *Tree
}

// located is a path in one of the trees.
type located struct {
	tree     *Tree
	recorder *Recorder // nil outside the main tree
	mount    string
	name     string
}

func (l located) absolute() string { return filepath.Join(l.mount, filepath.FromSlash(l.name)) }

// Volume is what an absolute path starts with, where paths have volumes.
var Volume = map[bool]string{true: "C:"}[runtime.GOOS == "windows"]

// Mount is where a FileSystem pretends that its tree stands.
var Mount = filepath.FromSlash(Volume + "/tree")

var _ filesys.FileSystem = (*FileSystem)(nil)

// FileSystem makes a view of the tree with an overlay of its own.
func (t *Tree) FileSystem(recorder *Recorder) *FileSystem {
	return &FileSystem{tree: t, recorder: recorder, overlay: map[string][]byte{}}
}

// Inspected makes the view refuse files that an inspection does not like.
func (f *FileSystem) Inspected(inspect func(content []byte) error) *FileSystem {
	f.inspect = inspect
	return f
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

// Attach shows another tree at an absolute path outside Mount.
func (f *FileSystem) Attach(mount string, other *Tree) {
	f.attached = append(f.attached, attachment{mount: filepath.FromSlash(mount), tree: other})
}

// Put lays content over a file of the tree, in memory.
func (f *FileSystem) Put(name string, content []byte) {
	f.overlay[Absolute(f.tree.resolve(name))] = content
}

func (f *FileSystem) locate(operation, name string) (located, error) {
	if relative, inside := Relative(name); inside {
		return located{f.tree, f.recorder, Mount, f.tree.resolve(relative)}, nil
	}
	for _, other := range f.attached {
		relative, err := filepath.Rel(other.mount, name)
		if err == nil && filepath.IsLocal(relative) {
			return located{other.tree, nil, other.mount, other.tree.resolve(filepath.ToSlash(relative))}, nil
		}
	}
	return located{}, &fs.PathError{Op: operation, Path: name, Err: errors.New("path is not in or below the root of the source")}
}

// ReadFile reads from the overlay or from the tree.
func (f *FileSystem) ReadFile(name string) ([]byte, error) {
	at, err := f.locate("open", name)
	if err != nil {
		return nil, err
	}
	if content, laid := f.overlay[at.absolute()]; laid {
		return content, nil
	}
	content, err := at.tree.ReadFile(at.name, at.recorder)
	if err != nil || f.inspect == nil {
		return content, err
	}
	if err := f.inspect(content); err != nil {
		return nil, &fs.PathError{Op: "read", Path: name, Err: err}
	}
	return content, nil
}

// Exists tells whether a path is there.
func (f *FileSystem) Exists(name string) bool {
	at, err := f.locate("stat", name)
	if err != nil {
		return false
	}
	if _, laid := f.overlay[at.absolute()]; laid || at.tree.IsDirectory(at.name) {
		return true
	}
	if at.tree.IsFile(at.name) {
		at.recorder.file(at.name)
		return true
	}
	at.recorder.absent(at.name)
	return false
}

// IsDir tells whether a path is a directory.
func (f *FileSystem) IsDir(name string) bool {
	at, err := f.locate("stat", name)
	return err == nil && at.tree.IsDirectory(at.name)
}

// ReadDir lists the entries of a directory.
func (f *FileSystem) ReadDir(name string) ([]string, error) {
	at, err := f.locate("open", name)
	if err != nil {
		return nil, err
	}
	entries, found := at.tree.directories[at.name]
	if !found {
		at.recorder.absent(at.name)
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
	}
	at.recorder.directory(at.name)
	return append([]string(nil), entries...), nil
}

// CleanedAbs splits a path into a directory, links followed, and a file name.
func (f *FileSystem) CleanedAbs(name string) (filesys.ConfirmedDir, string, error) {
	at, err := f.locate("abs", name)
	if err != nil {
		return "", "", err
	}
	if at.tree.IsDirectory(at.name) {
		return filesys.ConfirmedDir(at.absolute()), "", nil
	}
	if !f.Exists(at.absolute()) {
		return "", "", &fs.PathError{Op: "lstat", Path: name, Err: fs.ErrNotExist}
	}
	return filesys.ConfirmedDir(filepath.Dir(at.absolute())), path.Base(at.name), nil
}

// Glob lists the paths that match a pattern. Each directory on the way counts as listed.
func (f *FileSystem) Glob(pattern string) ([]string, error) {
	at, err := f.locate("glob", pattern)
	if err != nil {
		return nil, nil
	}
	candidates := []string{""}
	for _, segment := range strings.Split(at.name, "/") {
		var next []string
		for _, directory := range candidates {
			matching, err := at.tree.match(directory, segment, at.recorder)
			if err != nil {
				return nil, err
			}
			next = append(next, matching...)
		}
		candidates = next
	}
	for index, name := range candidates {
		candidates[index] = located{mount: at.mount, name: name}.absolute()
	}
	return candidates, nil
}

// match lists the entries of a directory that match one segment of a pattern.
func (t *Tree) match(directory, segment string, recorder *Recorder) ([]string, error) {
	resolved := t.resolve(directory)
	entries, found := t.directories[resolved]
	if !found {
		return nil, nil
	}
	recorder.directory(resolved)
	var matching []string
	for _, entry := range entries {
		matched, err := path.Match(segment, entry)
		if err != nil {
			return nil, err
		}
		if matched {
			matching = append(matching, path.Join(directory, entry))
		}
	}
	return matching, nil
}

// WriteFile lays content over the tree in memory.
func (f *FileSystem) WriteFile(name string, content []byte) error {
	at, err := f.locate("write", name)
	if err != nil {
		return err
	}
	f.overlay[at.absolute()] = content
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
