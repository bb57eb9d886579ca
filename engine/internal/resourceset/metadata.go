package resourceset

import "maps"

// ownerLabel is the prefix of the labels that name the ResourceSet of an object.
const ownerLabel = "resourceset.fluxcd.controlplane.io/"

// apply sets the common labels and annotations on every object.
func (c *commonMetadata) apply(result *Result) {
	if c == nil {
		return
	}
	for _, step := range result.Steps {
		for _, expanded := range step.Objects {
			metadata, isMap := expanded.Object["metadata"].(map[string]any)
			if !isMap {
				continue
			}
			addTo(metadata, "labels", c.Labels)
			addTo(metadata, "annotations", c.Annotations)
		}
	}
}

// own marks every object with the ResourceSet that it comes from, as the operator does after the common metadata.
func own(result *Result, name, namespace string) {
	labels := map[string]string{ownerLabel + "name": name, ownerLabel + "namespace": namespace}
	for _, step := range result.Steps {
		for _, expanded := range step.Objects {
			if metadata, isMap := expanded.Object["metadata"].(map[string]any); isMap {
				addTo(metadata, "labels", labels)
			}
		}
	}
}

func addTo(metadata map[string]any, field string, values map[string]string) {
	if len(values) == 0 {
		return
	}
	merged := map[string]any{}
	if existing, isMap := metadata[field].(map[string]any); isMap {
		maps.Copy(merged, existing)
	}
	for name, value := range values {
		merged[name] = value
	}
	metadata[field] = merged
}
