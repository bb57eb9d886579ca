package main

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/fluxcd/pkg/sourceignore"
)

// copyTree copies what source-controller would put into the artifact of tree: the generator writes into its directory.
// Rules are "git" (defaults unless there are patterns), "bucket" (the root's .sourceignore only) or "none".
func copyTree(tree, rules string, ignore *string) (string, error) {
	parent, err := os.MkdirTemp("", "oracle-")
	if err != nil {
		return "", err
	}
	target := filepath.Join(parent, "artifact")
	if err := os.Mkdir(target, 0o755); err != nil || tree == "" {
		return target, err
	}
	ignored, err := matcherFor(tree, rules, ignore)
	if err != nil {
		return "", err
	}
	return target, filepath.WalkDir(tree, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || path == tree {
			return err
		}
		relative, _ := filepath.Rel(tree, path)
		if ignored != nil && ignored.Match(strings.Split(relative, "/"), entry.IsDir()) {
			return nil
		}
		if !entry.Type().IsRegular() {
			return nil // neither directories by themselves nor links become part of an artifact
		}
		return copyFile(path, filepath.Join(target, relative))
	})
}

func copyFile(from, to string) error {
	if err := os.MkdirAll(filepath.Dir(to), 0o755); err != nil {
		return err
	}
	content, err := os.ReadFile(from)
	if err != nil {
		return err
	}
	return os.WriteFile(to, content, 0o644)
}

// matcher tells whether a path is left out of the artifact.
type matcher interface {
	Match(path []string, directory bool) bool
}

func matcherFor(tree, rules string, ignore *string) (matcher, error) {
	if rules == "none" {
		return nil, nil
	}
	if rules == "bucket" {
		patterns, err := sourceignore.ReadIgnoreFile(filepath.Join(tree, sourceignore.IgnoreFile), nil)
		if ignore != nil {
			patterns = append(patterns, sourceignore.ReadPatterns(strings.NewReader(*ignore), nil)...)
		}
		return sourceignore.NewMatcher(patterns), err
	}
	patterns, err := sourceignore.LoadIgnorePatterns(tree, nil)
	if ignore != nil {
		patterns = append(patterns, sourceignore.ReadPatterns(strings.NewReader(*ignore), nil)...)
	}
	if len(patterns) == 0 {
		return sourceignore.NewDefaultMatcher(patterns, nil), err
	}
	return sourceignore.NewMatcher(append(sourceignore.VCSPatterns(nil), patterns...)), err
}
