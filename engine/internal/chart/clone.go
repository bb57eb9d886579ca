package chart

import (
	"maps"
	"slices"

	helm "helm.sh/helm/v4/pkg/chart/v2"
)

// clone copies what a render changes of a chart. Files are shared: nothing writes into them.
func clone(original *helm.Chart) *helm.Chart {
	copied := *original
	copied.Metadata = cloneMetadata(original.Metadata)
	copied.Values = cloneMap(original.Values)
	children := make([]*helm.Chart, 0, len(original.Dependencies()))
	for _, child := range original.Dependencies() {
		children = append(children, clone(child))
	}
	copied.SetDependencies(children...)
	return &copied
}

func cloneMetadata(original *helm.Metadata) *helm.Metadata {
	copied := *original
	copied.Annotations = maps.Clone(original.Annotations)
	copied.Sources = slices.Clone(original.Sources)
	copied.Keywords = slices.Clone(original.Keywords)
	copied.Dependencies = cloneDependencies(original.Dependencies)
	return &copied
}

func cloneDependencies(original []*helm.Dependency) []*helm.Dependency {
	if original == nil {
		return nil // Helm tells an absent list from an empty one
	}
	copied := make([]*helm.Dependency, len(original))
	for index, dependency := range original {
		if dependency != nil {
			one := *dependency
			one.Tags = slices.Clone(dependency.Tags)
			one.ImportValues = slices.Clone(dependency.ImportValues)
			copied[index] = &one
		}
	}
	return copied
}

// cloneMap copies a document deeply; an absent one stays absent.
func cloneMap(original map[string]any) map[string]any {
	if original == nil {
		return nil
	}
	copied := make(map[string]any, len(original))
	for key, value := range original {
		copied[key] = cloneValue(value)
	}
	return copied
}

func cloneValue(original any) any {
	switch typed := original.(type) {
	case map[string]any:
		return cloneMap(typed)
	case []any:
		copied := make([]any, len(typed))
		for index, item := range typed {
			copied[index] = cloneValue(item)
		}
		return copied
	default:
		return original
	}
}
