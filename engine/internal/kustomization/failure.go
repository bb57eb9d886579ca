package kustomization

import (
	"path"
	"regexp"
	"strings"

	"elysium.dev/engine/internal/tree"
)

var mounted = regexp.MustCompile(regexp.QuoteMeta(tree.Mount) + `(/[^\s'":,;]+)?`)

// shown writes an error of the libraries without the place at which the tree pretends to stand.
func shown(err error) string {
	return mounted.ReplaceAllStringFunc(err.Error(), func(found string) string {
		relative := strings.TrimPrefix(strings.TrimPrefix(found, tree.Mount), "/")
		if relative == "" {
			return "."
		}
		return relative
	})
}

// fileOf guesses which file an error is about: the last one of the tree that it names, or the kustomization file of the build.
func fileOf(err error, fileSystem *tree.FileSystem, directory string) string {
	all := mounted.FindAllString(err.Error(), -1)
	for index := len(all) - 1; index >= 0; index-- {
		if name := all[index]; fileSystem.Exists(name) && !fileSystem.IsDir(name) {
			relative, _ := tree.Relative(name)
			return relative
		}
	}
	for _, name := range kustomizationFiles {
		if fileSystem.Exists(tree.Absolute(path.Join(directory, name))) {
			return path.Join(directory, name)
		}
	}
	return directory
}
