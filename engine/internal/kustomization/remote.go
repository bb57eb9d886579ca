package kustomization

import (
	"bytes"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"elysium.dev/engine/internal/rpc"
	"elysium.dev/engine/internal/tree"
)

// remoteMount is where fetched bases stand, beside the tree.
var remoteMount = tree.Volume + "/remote"

// remoteFiles is the file system of a build: where a kustomization file names something on the network, Kustomize finds what was
// fetched before under a local path instead. It never gets to see an address.
type remoteFiles struct {
	*tree.FileSystem
	fetched map[string]string // URL → absolute path
	places  map[string]string // URL → the path under which it is seen
	urls    []string          // by number of the mount
	trees   []*tree.Tree
	missing []string
}

func newRemoteFiles(fileSystem *tree.FileSystem, fetched map[string]string) *remoteFiles {
	return &remoteFiles{FileSystem: fileSystem, fetched: fetched, places: map[string]string{}}
}

// close gives the fetched trees back.
func (r *remoteFiles) close() {
	for _, opened := range r.trees {
		opened.Close()
	}
}

// needs is the error that lists what was not fetched, if anything.
func (r *remoteFiles) needs() error {
	if len(r.missing) == 0 {
		return nil
	}
	slices.Sort(r.missing)
	var needs []map[string]string
	for _, url := range slices.Compact(r.missing) {
		needs = append(needs, map[string]string{"kind": "remote-base", "url": url})
	}
	return rpc.Unavailable(needs...)
}

// ReadFile reads a file, and changes addresses in a kustomization file to paths.
func (r *remoteFiles) ReadFile(name string) ([]byte, error) {
	content, err := r.FileSystem.ReadFile(name)
	if err != nil || !slices.Contains(kustomizationFiles, filepath.Base(name)) || !mayNameRemote(content) {
		return content, err
	}
	return r.localised(content, filepath.Dir(name))
}

// mayNameRemote tells quickly whether a kustomization file can name anything remote.
func mayNameRemote(content []byte) bool {
	for _, mark := range []string{"://", "@", "github.com", "GitHub.com", "GITHUB.COM"} {
		if bytes.Contains(content, []byte(mark)) {
			return true
		}
	}
	return false
}

// localised rewrites the references of a kustomization file. A file that is not YAML is left to Kustomize to complain about.
func (r *remoteFiles) localised(content []byte, directory string) ([]byte, error) {
	var document yaml.Node
	if yaml.Unmarshal(content, &document) != nil || len(document.Content) == 0 {
		return content, nil
	}
	changed := false
	for _, reference := range references(document.Content[0]) {
		if !isRemote(reference) {
			continue
		}
		place, err := r.place(reference.node.Value)
		if err != nil {
			return nil, err
		}
		relative, err := filepath.Rel(directory, filepath.FromSlash(place))
		if err != nil {
			return nil, err
		}
		reference.node.SetString(reference.prefix + filepath.ToSlash(relative))
		changed = true
	}
	if !changed {
		return content, nil
	}
	return yaml.Marshal(&document)
}

// place puts a fetched base or file beside the tree. What was not fetched is noted, and seen at a place where nothing is.
func (r *remoteFiles) place(url string) (string, error) {
	if known, done := r.places[url]; done {
		return known, nil
	}
	mount := fmt.Sprintf("%s/%d", remoteMount, len(r.urls))
	r.urls = append(r.urls, url)
	local, fetched := r.fetched[url]
	if !fetched {
		r.missing = append(r.missing, url)
		r.places[url] = mount
		return mount, nil
	}
	root, inside, err := divideLocal(local, url)
	if err != nil {
		return "", err
	}
	opened, err := tree.Open(root, nil, tree.RulesNone, nil)
	if err != nil {
		return "", fmt.Errorf("remote base %s: %w", url, err)
	}
	r.trees = append(r.trees, opened)
	r.Attach(mount, opened)
	r.places[url] = path.Join(mount, inside)
	return r.places[url], nil
}

// divideLocal finds the root of a fetched repository and the path in it: a base may refer to its neighbours.
func divideLocal(local, url string) (root, inside string, err error) {
	info, err := os.Stat(local)
	if err != nil {
		return "", "", fmt.Errorf("remote base %s: %w", url, err)
	}
	if !info.IsDir() {
		return filepath.Dir(local), filepath.Base(local), nil
	}
	inside, _ = repositoryPath(url)
	if suffix := "/" + inside; inside != "" && strings.HasSuffix(filepath.ToSlash(local), suffix) {
		return local[:len(local)-len(suffix)], inside, nil
	}
	return local, "", nil
}

// original names where a path under the mount came from: the URL, and the path in what was fetched.
func (r *remoteFiles) original(seen string) (url, file string, isRemote bool) {
	rest, found := strings.CutPrefix(seen, remoteMount+"/")
	if !found {
		return "", "", false
	}
	number, file, _ := strings.Cut(rest, "/")
	for index, url := range r.urls {
		if fmt.Sprint(index) == number {
			return url, file, true
		}
	}
	return "", "", false
}
