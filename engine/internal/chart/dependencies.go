package chart

import (
	"net/url"
	"path"
	"strings"

	"github.com/Masterminds/semver/v3"
	helm "helm.sh/helm/v4/pkg/chart/v2"

	"elysium.dev/engine/internal/rpc"
)

// Supply is a chart for a dependency that charts/ lacks.
type Supply struct {
	Name string `json:"name"`
	Source
}

// completion adds to a chart what its charts/ directory lacks, as source-controller does when it packages a directory. Dependencies
// of dependencies and disabled ones are no exception to anything there: all that the chart itself lists is needed, nothing else is.
type completion struct {
	library  *library
	source   Source
	supplied []Supply
	needs    []map[string]string
}

func (c *completion) run(incomplete *helm.Chart) error {
	for _, dependency := range missing(incomplete) {
		found, err := c.find(dependency)
		if err != nil {
			return err
		}
		if found == nil {
			continue
		}
		if dependency.Alias != "" {
			found.Metadata.Name = dependency.Alias
		}
		incomplete.AddDependency(found)
	}
	if len(c.needs) > 0 {
		return rpc.Unavailable(c.needs...)
	}
	return nil
}

// missing lists the dependencies that are required but not there. A lock file tells the exact versions. Where the numbers are equal
// source-controller looks no further.
func missing(incomplete *helm.Chart) []*helm.Dependency {
	required := incomplete.Metadata.Dependencies
	if incomplete.Lock != nil {
		required = incomplete.Lock.Dependencies
	}
	present := map[string]bool{}
	for _, child := range incomplete.Dependencies() {
		present[child.Name()] = true
	}
	if len(incomplete.Dependencies()) == len(required) {
		return nil
	}
	var absent []*helm.Dependency
	for _, dependency := range required {
		if name := calledName(dependency); !present[name] {
			present[name] = true
			absent = append(absent, dependency)
		}
	}
	return absent
}

func calledName(dependency *helm.Dependency) string {
	if dependency.Alias != "" {
		return dependency.Alias
	}
	return dependency.Name
}

func isLocal(dependency *helm.Dependency) bool {
	return dependency.Repository == "" || strings.HasPrefix(dependency.Repository, "file://")
}

// find loads a dependency. One that has to be fetched and was not supplied becomes a need.
func (c *completion) find(dependency *helm.Dependency) (*helm.Chart, error) {
	if isLocal(dependency) {
		return c.findLocal(dependency)
	}
	constraint, err := semver.NewConstraint(dependency.Version)
	if err != nil {
		constraint = nil // an exact version that is no range, for the repository to know
	}
	for _, supply := range c.supplied {
		if supply.Name != dependency.Name && supply.Name != calledName(dependency) {
			continue
		}
		kept, err := c.library.load(supply.Source)
		if err != nil {
			return nil, err
		}
		if kept.chart.Metadata.Version == dependency.Version || satisfies(constraint, kept.chart) {
			return clone(kept.chart), nil
		}
	}
	c.needs = append(c.needs, map[string]string{
		"kind": "chart-dependency", "name": dependency.Name, "version": dependency.Version,
		"repository": dependency.Repository, "alias": dependency.Alias,
	})
	return nil, nil
}

func satisfies(constraint *semver.Constraints, candidate *helm.Chart) bool {
	version, err := semver.NewVersion(candidate.Metadata.Version)
	return constraint != nil && err == nil && constraint.Check(version)
}

func (c *completion) findLocal(dependency *helm.Dependency) (*helm.Chart, error) {
	failure := func(format string, arguments ...any) error {
		return rpc.Failed("chart", "failed to add local dependency '"+calledName(dependency)+"': "+format, arguments...).
			At(path.Join(c.source.Path, "Chart.yaml"), 0)
	}
	where, err := localPath(c.source.Path, dependency)
	if err != nil {
		return nil, failure("%v", err)
	}
	owner, err := c.library.trees.Get(c.source.Tree)
	if err != nil {
		return nil, err
	}
	if !owner.IsFile(where) && !owner.IsDirectory(where) {
		return nil, failure("no chart found at '/%s' (reference '%s')", where, dependency.Repository)
	}
	constraint, err := semver.NewConstraint(dependency.Version)
	if err != nil {
		return nil, failure("invalid version/constraint format '%s': %v", dependency.Version, err)
	}
	kept, err := c.library.load(Source{Tree: c.source.Tree, Path: where})
	if err != nil {
		return nil, err
	}
	if !satisfies(constraint, kept.chart) {
		return nil, failure("can't get a valid version for constraint '%s'", dependency.Version)
	}
	return clone(kept.chart), nil
}

// localPath is where a file:// reference leads, from the chart. The root of the tree is the end of any way up.
func localPath(directory string, dependency *helm.Dependency) (string, error) {
	if dependency.Repository == "" {
		return path.Join(directory, "charts", dependency.Name), nil
	}
	reference, err := url.Parse(dependency.Repository)
	if err != nil {
		return "", err
	}
	return strings.TrimPrefix(path.Join("/", path.Join(directory, reference.Host, reference.Path)), "/"), nil
}
