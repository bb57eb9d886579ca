package tree

import (
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"sort"
	"strings"
)

// fill finds out what each listed path is, and adds what the rules keep.
func (t *Tree) fill(rootPath string, listed []string, rules Rules, ignore *string) error {
	listing := &listing{root: rootPath, kinds: map[string]fs.FileMode{}}
	if listed == nil {
		all, err := listing.all("")
		if err != nil {
			return err
		}
		listed = all
	}
	listed = slices.Clone(listed)
	sort.Strings(listed)
	regular, links := listing.split(listed)
	matcher, err := rules.matcher(regular, ignore, t.readUnlisted)
	if err != nil {
		return err
	}
	for _, name := range regular {
		if matcher.ignores(name, false) {
			t.ignored++
		} else {
			t.files[name] = struct{}{}
		}
	}
	t.addLinks(rootPath, links, rules)
	t.addDirectories(append(regular, links...), matcher)
	return nil
}

// readUnlisted reads a file before the tree is complete.
func (t *Tree) readUnlisted(name string) ([]byte, error) {
	opened, err := t.root.Open(name)
	if err != nil {
		return nil, err
	}
	defer opened.Close()
	return readBounded(opened, name)
}

// addLinks keeps the links that stay inside the root; an artifact of Flux has none at all.
func (t *Tree) addLinks(rootPath string, links []string, rules Rules) {
	for _, name := range links {
		target, err := os.Readlink(filepath.Join(rootPath, filepath.FromSlash(name)))
		if err != nil || !rules.keepsLinks() {
			t.leftOut = append(t.leftOut, name)
			continue
		}
		resolved := filepath.ToSlash(target)
		if filepath.IsAbs(target) {
			relative, err := filepath.Rel(rootPath, target)
			if err != nil {
				relative = ".."
			}
			resolved = filepath.ToSlash(relative)
		} else {
			resolved = path.Join(path.Dir(name), resolved)
		}
		if resolved = clean(resolved); resolved == ".." || strings.HasPrefix(resolved, "../") {
			t.leftOut = append(t.leftOut, name)
			continue
		}
		t.links[name] = resolved
	}
}

// addDirectories makes the directories: those of files that are kept, and those that are left empty by the rules
// without being ignored themselves, because an artifact contains them too.
func (t *Tree) addDirectories(listed []string, matcher matcher) {
	for _, name := range listed {
		for directory := path.Dir(name); directory != "."; directory = path.Dir(directory) {
			if _, known := t.directories[directory]; known {
				break
			}
			if !matcher.ignores(directory, true) {
				t.directories[directory] = nil
			}
		}
	}
	t.addEntries()
}

// addEntries lists what each directory holds, and makes the parents of everything that exists.
func (t *Tree) addEntries() {
	children := map[string]map[string]struct{}{"": {}}
	add := func(name string) {
		for name != "" {
			parent := clean(path.Dir(name))
			known := children[parent]
			if known == nil {
				known = map[string]struct{}{}
				children[parent] = known
			}
			known[path.Base(name)] = struct{}{}
			name = parent
		}
	}
	for name := range t.files {
		add(name)
	}
	for name := range t.links {
		add(name)
	}
	for name := range t.directories {
		add(name)
		if children[name] == nil {
			children[name] = map[string]struct{}{}
		}
	}
	for directory, names := range children {
		sorted := make([]string, 0, len(names))
		for name := range names {
			sorted = append(sorted, name)
		}
		sort.Strings(sorted)
		t.directories[directory] = sorted
	}
}

// listing finds out what the paths below a root are, and never looks through a link.
type listing struct {
	root  string
	kinds map[string]fs.FileMode // of directories
}

// kind is the type bits of a path; what does not exist, or stands behind something that is no directory, is irregular.
func (l *listing) kind(name string) fs.FileMode {
	if parent := clean(path.Dir(name)); parent != "" && l.directoryKind(parent) != fs.ModeDir {
		return fs.ModeIrregular
	}
	info, err := os.Lstat(filepath.Join(l.root, filepath.FromSlash(name)))
	if err != nil {
		return fs.ModeIrregular
	}
	return info.Mode().Type()
}

func (l *listing) directoryKind(name string) fs.FileMode {
	kind, known := l.kinds[name]
	if !known {
		kind = l.kind(name)
		l.kinds[name] = kind
	}
	return kind
}

// split sorts listed paths into regular files and links; whatever else they are is left out.
func (l *listing) split(listed []string) (regular, links []string) {
	previous := ""
	for _, name := range listed {
		if name == previous || name != clean(name) || !filepath.IsLocal(filepath.FromSlash(name)) {
			continue
		}
		previous = name
		switch l.kind(name) {
		case 0:
			regular = append(regular, name)
		case fs.ModeSymlink:
			links = append(links, name)
		}
	}
	return regular, links
}

// all lists every regular file and link below a directory.
func (l *listing) all(directory string) ([]string, error) {
	entries, err := os.ReadDir(filepath.Join(l.root, filepath.FromSlash(directory)))
	if err != nil {
		return nil, err
	}
	var found []string
	for _, entry := range entries {
		full := path.Join(directory, entry.Name())
		switch entry.Type() {
		case fs.ModeDir:
			below, err := l.all(full)
			if err != nil {
				return nil, err
			}
			found = append(found, below...)
		case 0, fs.ModeSymlink:
			found = append(found, full)
		}
	}
	return found, nil
}
