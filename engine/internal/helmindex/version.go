package helmindex

import (
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/Masterminds/semver/v3"
	chart "helm.sh/helm/v4/pkg/chart/v2"
)

// Version is one version of a chart.
type Version struct {
	Version    string   `json:"version"`
	URLs       []string `json:"urls"`
	Digest     string   `json:"digest"`
	AppVersion string   `json:"app_version"`
	Created    string   `json:"created"`
}

// entry is a version as the index writes it. The last four fields are obsolete, but Helm's strict reader knows them.
type entry struct {
	*chart.Metadata
	URLs          []string  `json:"urls"`
	Created       time.Time `json:"created"`
	Removed       bool      `json:"removed"`
	Digest        string    `json:"digest"`
	Checksum      string    `json:"checksum"`
	Engine        string    `json:"engine"`
	TillerVersion string    `json:"tillerVersion"`
	URL           string    `json:"url"`
}

// isValid tells whether Helm keeps the entry.
func (e *entry) isValid() bool {
	if e == nil {
		return false
	}
	if e.Metadata == nil {
		e.Metadata = &chart.Metadata{}
	}
	if e.APIVersion == "" {
		e.APIVersion = chart.APIVersionV1
	}
	err := e.Validate()
	var invalid chart.ValidationError
	// Some registries drop the alias of dependencies; Helm lets that pass.
	return err == nil || errors.As(err, &invalid) &&
		strings.HasPrefix(err.Error(), "validation: more than one dependency with name or alias")
}

// sorted returns the valid versions, newest first; of equal ones the one created last comes first, and what is no semantic version
// comes at the end.
func sorted(entries []*entry) []Version {
	kept := make([]parsedEntry, 0, len(entries))
	for _, candidate := range entries {
		if candidate.isValid() {
			version, _ := semver.NewVersion(candidate.Version)
			kept = append(kept, parsedEntry{candidate, version})
		}
	}
	slices.SortStableFunc(kept, func(a, b parsedEntry) int { return b.compare(a) })
	versions := make([]Version, 0, len(kept))
	for _, found := range kept {
		versions = append(versions, found.describe())
	}
	return versions
}

type parsedEntry struct {
	*entry
	parsed *semver.Version
}

func (e parsedEntry) compare(other parsedEntry) int {
	switch {
	case e.parsed == nil && other.parsed == nil:
		return 0
	case e.parsed == nil:
		return -1
	case other.parsed == nil:
		return 1
	}
	if order := e.parsed.Compare(other.parsed); order != 0 {
		return order
	}
	return e.Created.Compare(other.Created)
}

func (e parsedEntry) describe() Version {
	urls := e.URLs
	if urls == nil {
		urls = []string{}
	}
	created := ""
	if !e.Created.IsZero() {
		created = e.Created.UTC().Format(time.RFC3339)
	}
	return Version{Version: e.Metadata.Version, URLs: urls, Digest: e.Digest, AppVersion: e.AppVersion, Created: created}
}
