package tree

import (
	"bytes"
	"path"
	"sort"
	"strings"

	"github.com/fluxcd/pkg/sourceignore"
	"github.com/fluxcd/pkg/sourceignore/gitignore"

	"elysium.dev/engine/internal/rpc"
)

// Rules says which files of a source its artifact contains.
type Rules string

const (
	// RulesGit are those of GitRepository and OCIRepository.
	RulesGit Rules = "git"
	// RulesBucket are those of Bucket.
	RulesBucket Rules = "bucket"
	// RulesNone keep everything, links included.
	RulesNone Rules = "none"
)

// keepsLinks tells whether links survive: source-controller archives regular files only.
func (r Rules) keepsLinks() bool { return r == RulesNone }

// matcher decides which paths are ignored.
type matcher struct {
	patterns gitignore.Matcher // nil: nothing is

	// known remembers the names that were looked at, where each part of a path decides by itself: so it is with the defaults, which
	// name files and directories anywhere and take nothing back. A directory's name ends with a slash.
	known map[string]bool
}

func (m matcher) ignores(name string, directory bool) bool {
	if m.patterns == nil {
		return false
	}
	if m.known == nil {
		return m.patterns.Match(strings.Split(name, "/"), directory)
	}
	for {
		part, rest, inside := strings.Cut(name, "/")
		if m.ignoresName(part, inside || directory) {
			return true
		}
		if !inside {
			return false
		}
		name = rest
	}
}

func (m matcher) ignoresName(name string, directory bool) bool {
	key := name
	if directory {
		key += "/"
	}
	ignored, known := m.known[key]
	if !known {
		ignored = m.patterns.Match([]string{name}, directory)
		m.known[key] = ignored
	}
	return ignored
}

// matcher collects the patterns of the ignore files among the given ones and of spec.ignore, which comes last and wins.
func (r Rules) matcher(files []string, ignore *string, read func(string) ([]byte, error)) (matcher, error) {
	switch r {
	case RulesNone, "":
		return matcher{}, nil
	case RulesGit, RulesBucket:
	default:
		return matcher{}, rpc.InvalidParams("rules %q: must be git, bucket or none", r)
	}
	patterns, err := r.patterns(files, read)
	if err != nil {
		return matcher{}, err
	}
	if ignore != nil {
		patterns = append(patterns, sourceignore.ReadPatterns(strings.NewReader(*ignore), nil)...)
	}
	if r == RulesBucket {
		return matcher{patterns: sourceignore.NewMatcher(patterns)}, nil
	}
	if len(patterns) == 0 {
		return matcher{patterns: sourceignore.NewDefaultMatcher(nil, nil), known: map[string]bool{}}, nil
	}
	return matcher{patterns: sourceignore.NewMatcher(append(sourceignore.VCSPatterns(nil), patterns...))}, nil
}

// patterns reads the ignore files, parents before children and directories in order.
func (r Rules) patterns(files []string, read func(string) ([]byte, error)) ([]gitignore.Pattern, error) {
	var directories []string
	for _, name := range files {
		if path.Base(name) == sourceignore.IgnoreFile && (r == RulesGit || name == sourceignore.IgnoreFile) {
			directories = append(directories, clean(path.Dir(name)))
		}
	}
	sort.Slice(directories, func(i, j int) bool { return parentFirst(directories[i]) < parentFirst(directories[j]) })
	var patterns []gitignore.Pattern
	for _, directory := range directories {
		content, err := read(path.Join(directory, sourceignore.IgnoreFile))
		if err != nil {
			return nil, err
		}
		var domain []string
		if directory != "" {
			domain = strings.Split(directory, "/")
		}
		patterns = append(patterns, sourceignore.ReadPatterns(bytes.NewReader(content), domain)...)
	}
	return patterns, nil
}

// parentFirst makes directories sort as a depth-first walk visits them: the separator counts less than any character.
func parentFirst(directory string) string { return strings.ReplaceAll(directory, "/", "\x00") }
