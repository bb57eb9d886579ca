// Package values composes the values of a HelmRelease as helm-controller does, to the last shared map: which source wins over a
// targetPath depends on the maps that a merge shares between its inputs and its result.
package values

import "maps"

// Merge returns the union of two maps, b winning. Lists and scalars are replaced; a map may replace a scalar and the reverse.
//
// Only maps that both sides have are copied. A map that one side alone has is shared with the result, and whoever writes into the
// result writes into that side too. Compose depends on it.
func Merge(a, b map[string]any) map[string]any {
	merged := make(map[string]any, len(a)+len(b))
	maps.Copy(merged, a)
	for key, value := range b {
		ours, isMap := merged[key].(map[string]any)
		theirs, areBothMaps := value.(map[string]any)
		if isMap && areBothMaps {
			merged[key] = Merge(ours, theirs)
			continue
		}
		merged[key] = value
	}
	return merged
}
