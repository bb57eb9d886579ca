// Package pattern compiles and matches regular expressions as Go programs do: controllers of a cluster use Go's dialect (RE2),
// which differs from Python's.
package pattern

import (
	"context"
	"encoding/json"
	"regexp"

	"elysium.dev/engine/internal/rpc"
)

// Register adds pattern.check to the server.
func Register(server *rpc.Server) {
	server.Handle("pattern.check", func(_ context.Context, params json.RawMessage) (any, error) {
		var asked checkParams
		if err := rpc.Decode(params, &asked); err != nil {
			return nil, err
		}
		return check(asked), nil
	})
}

type checkParams struct {
	Patterns []string `json:"patterns"`
	Texts    []string `json:"texts"`
}

type checkResult struct {
	Patterns []checked `json:"patterns"`
}

// checked is what became of one pattern: why Go refuses it, or the indices of the texts in which it matches somewhere.
type checked struct {
	Error   string `json:"error"`
	Matches []int  `json:"matches"`
}

func check(asked checkParams) checkResult {
	result := checkResult{Patterns: make([]checked, 0, len(asked.Patterns))}
	for _, pattern := range asked.Patterns {
		result.Patterns = append(result.Patterns, match(pattern, asked.Texts))
	}
	return result
}

func match(pattern string, texts []string) checked {
	found := checked{Matches: []int{}}
	compiled, err := regexp.Compile(pattern)
	if err != nil {
		found.Error = err.Error()
		return found
	}
	for index, text := range texts {
		if compiled.MatchString(text) {
			found.Matches = append(found.Matches, index)
		}
	}
	return found
}
