package tree

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"sort"
	"strings"

	"elysium.dev/engine/internal/rpc"
)

// MaxFile is the size of the largest file that is read.
const MaxFile = 10 << 20

// Tree is a root directory and the closed list of the files in it. Paths are relative to the root, with slashes.
type Tree struct {
	root        *os.Root
	files       map[string]struct{}
	directories map[string][]string // sorted names of the entries
	links       map[string]string   // link → target, both relative to the root
	ignored     int
	leftOut     []string
}

// Open makes a tree of the files listed (nil: all files below the root) that the rules keep.
func Open(rootPath string, listed []string, rules Rules, ignore *string) (*Tree, error) {
	root, err := os.OpenRoot(rootPath)
	if err != nil {
		return nil, err
	}
	opened := &Tree{
		root:        root,
		files:       map[string]struct{}{},
		directories: map[string][]string{"": nil},
		links:       map[string]string{},
		leftOut:     []string{},
	}
	if err := opened.fill(rootPath, listed, rules, ignore); err != nil {
		root.Close()
		return nil, err
	}
	return opened, nil
}

// Close gives the root directory back.
func (t *Tree) Close() { _ = t.root.Close() }

// Files lists the files below a directory ("" for all), sorted.
func (t *Tree) Files(directory string) []string {
	prefix := ""
	if directory = clean(directory); directory != "" {
		prefix = directory + "/"
	}
	var found []string
	for name := range t.files {
		if strings.HasPrefix(name, prefix) {
			found = append(found, name)
		}
	}
	sort.Strings(found)
	return found
}

// IsFile tells whether a path is a file of the tree, links followed.
func (t *Tree) IsFile(name string) bool {
	_, found := t.files[t.resolve(name)]
	return found
}

// IsDirectory tells whether a path is a directory of the tree, links followed.
func (t *Tree) IsDirectory(name string) bool {
	_, found := t.directories[t.resolve(name)]
	return found
}

// ReadFile reads a file of the tree, links followed. The recorder may be nil.
func (t *Tree) ReadFile(name string, recorder *Recorder) ([]byte, error) {
	name = t.resolve(name)
	if _, found := t.files[name]; !found {
		recorder.absent(name)
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
	}
	recorder.file(name)
	opened, err := t.root.Open(name)
	if err != nil {
		return nil, err
	}
	defer opened.Close()
	return readBounded(opened, name)
}

func readBounded(opened *os.File, name string) ([]byte, error) {
	info, err := opened.Stat()
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, &fs.PathError{Op: "read", Path: name, Err: errors.New("not a regular file")}
	}
	if info.Size() > MaxFile {
		return nil, rpc.Exceeded("size", "%s is larger than %d MiB", name, MaxFile>>20)
	}
	content := make([]byte, info.Size())
	read, err := io.ReadFull(opened, content)
	if err != nil && !errors.Is(err, io.ErrUnexpectedEOF) {
		return nil, fmt.Errorf("read %s: %w", name, err)
	}
	return content[:read], nil
}

// resolve cleans a path and follows the links of the tree. A chain that is too long leads nowhere.
func (t *Tree) resolve(name string) string {
	name = clean(name)
	if len(t.links) == 0 {
		return name
	}
	for range 40 {
		followed := t.followFirst(name)
		if followed == name {
			return name
		}
		name = followed
	}
	return "\x00" // no file has this name
}

// followFirst replaces the first link in a path by its target.
func (t *Tree) followFirst(name string) string {
	for end := 0; end < len(name); {
		next := strings.IndexByte(name[end:], '/')
		if next < 0 {
			end = len(name)
		} else {
			end += next
		}
		if target, isLink := t.links[name[:end]]; isLink {
			return clean(path.Join(target, name[end:]))
		}
		end++
	}
	return name
}

// clean makes a relative path canonical; the root is the empty string. What leads out of the root stays recognisable
// by its leading "..", which no file has.
func clean(name string) string {
	cleaned := path.Clean(name)
	if cleaned == "." {
		return ""
	}
	return cleaned
}
