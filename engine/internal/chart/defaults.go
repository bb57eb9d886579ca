package chart

import (
	"errors"
	"fmt"
	"io/fs"
	"path"

	"github.com/Masterminds/semver/v3"
	helm "helm.sh/helm/v4/pkg/chart/v2"
	"sigs.k8s.io/yaml"

	"elysium.dev/engine/internal/rpc"
	"elysium.dev/engine/internal/tree"
	"elysium.dev/engine/internal/values"
)

const valuesFile = "values.yaml"

// valuesFiles replaces the defaults of a chart by its valuesFiles, as source-controller does. Subcharts keep theirs.
type valuesFiles struct {
	names         []string
	tree          *tree.Tree // nil: the names are files of the chart
	base          string
	ignoreMissing bool
	tagged        map[string]any
}

// isDefault tells that nothing but the chart's own file is listed, which source-controller takes as nothing.
func (f *valuesFiles) isDefault() bool {
	return len(f.names) == 0 || len(f.names) == 1 && path.Clean(f.names[0]) == valuesFile
}

func (f *valuesFiles) apply(to *helm.Chart) error {
	if f.isDefault() {
		return nil
	}
	if !hasRawFile(to, valuesFile) {
		return rpc.Failed("chart", "failed to locate values file: %s", valuesFile).At(valuesFile, 0)
	}
	merged, tagged := map[string]any{}, map[string]any{}
	for index, name := range f.names {
		document, err := f.read(name, to)
		if err != nil {
			return err
		}
		if document != nil {
			merged = values.Merge(merged, document)
			tagged = values.Merge(tagged, values.Tag(document, fmt.Sprintf("valuesFiles[%d]", index)).(map[string]any))
		}
	}
	to.Values, f.tagged = merged, tagged
	return nil
}

func hasRawFile(in *helm.Chart, name string) bool {
	for _, file := range in.Raw {
		if file.Name == name {
			return true
		}
	}
	return false
}

// read parses a values file; nil is one that is missing and may be.
func (f *valuesFiles) read(name string, from *helm.Chart) (map[string]any, error) {
	if f.tree == nil && path.Clean(name) == valuesFile {
		return from.Values, nil
	}
	content, found, err := f.content(name, from)
	if err != nil {
		return nil, err
	}
	if !found && f.ignoreMissing {
		return nil, nil
	}
	if !found {
		return nil, rpc.Failed("chart", "no values file found at path '%s'", name).At(name, 0)
	}
	document := map[string]any{}
	if err := yaml.Unmarshal(content, &document); err != nil {
		return nil, rpc.Failed("chart", "unmarshaling values from '%s' failed: %v", name, err).At(name, lineOf(err.Error()))
	}
	return document, nil
}

func (f *valuesFiles) content(name string, from *helm.Chart) ([]byte, bool, error) {
	if f.tree != nil {
		content, err := f.tree.ReadFile(path.Join("/", f.base, name)[1:], nil)
		if errors.Is(err, fs.ErrNotExist) {
			return nil, false, nil
		}
		return content, err == nil, err
	}
	for _, file := range from.Files {
		if file.Name == path.Clean(name) {
			return file.Data, true, nil
		}
	}
	return nil, false, nil
}

// setMetadata gives the chart's version build metadata, such as the start of an artifact's digest.
func setMetadata(to *helm.Chart, metadata string) error {
	if metadata == "" {
		return nil
	}
	version, err := semver.NewVersion(to.Metadata.Version)
	if err != nil {
		return rpc.Failed("chart", "invalid chart version %s: %v", to.Metadata.Version, err).At("Chart.yaml", 0)
	}
	changed, err := version.SetMetadata(metadata)
	if err != nil {
		return rpc.Failed("chart", "build metadata %q: %v", metadata, err)
	}
	to.Metadata.Version = changed.String()
	return nil
}
