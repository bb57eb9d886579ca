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

// fileOf guesses which file an error is about: the last path that it names, or the directory of the build.
func fileOf(err error, directory string) string {
	all := mounted.FindAllString(err.Error(), -1)
	for index := len(all) - 1; index >= 0; index-- {
		relative := strings.TrimPrefix(strings.TrimPrefix(all[index], tree.Mount), "/")
		if path.Ext(relative) != "" {
			return relative
		}
	}
	return path.Join(directory, "kustomization.yaml")
}
