// Package version chooses versions as Flux does.
package version

import (
	"context"
	"encoding/json"
	"regexp"
	"strings"

	"github.com/Masterminds/semver/v3"

	"elysium.dev/engine/internal/rpc"
)

type selectParams struct {
	Range      string   `json:"range"`
	Versions   []string `json:"versions"`
	Prerelease bool     `json:"prerelease"`
	Filter     string   `json:"filter"`
}

type selectResult struct {
	Version *string  `json:"version"`
	Invalid []string `json:"invalid"`
}

// Register adds semver.select to the server.
func Register(server *rpc.Server) {
	server.Handle("semver.select", func(_ context.Context, params json.RawMessage) (any, error) {
		var asked selectParams
		if err := rpc.Decode(params, &asked); err != nil {
			return nil, err
		}
		return choose(asked)
	})
}

// parse reads a version as Flux does: three numbers, with or without a leading v.
func parse(text string) (*semver.Version, error) {
	if _, err := semver.StrictNewVersion(strings.TrimPrefix(text, "v")); err != nil {
		return nil, err
	}
	return semver.NewVersion(text)
}

// choose finds the highest version of the range. Versions that are none are reported, not refused: a registry holds any tag.
func choose(asked selectParams) (*selectResult, error) {
	constraint, err := semver.NewConstraint(asked.Range)
	if err != nil {
		return nil, rpc.Failed("evaluate", "semver range %q: %v", asked.Range, err)
	}
	constraint.IncludePrerelease = asked.Prerelease
	filter, err := regexp.Compile(asked.Filter)
	if err != nil {
		return nil, rpc.Failed("evaluate", "filter %q: %v", asked.Filter, err)
	}
	result := &selectResult{Invalid: []string{}}
	var best *semver.Version
	for _, text := range asked.Versions {
		if !filter.MatchString(text) {
			continue
		}
		parsed, err := parse(text)
		switch {
		case err != nil:
			result.Invalid = append(result.Invalid, text)
		case constraint.Check(parsed) && (best == nil || parsed.GreaterThan(best)):
			best, result.Version = parsed, &text
		}
	}
	return result, nil
}
