package pinned

import (
	"maps"
	"slices"
)

// sortedKeys returns the keys of maps; sprig returns them in the random order of Go's maps.
func sortedKeys(dictionaries ...map[string]any) []string {
	keys := []string{}
	for _, dictionary := range dictionaries {
		keys = append(keys, slices.Sorted(maps.Keys(dictionary))...)
	}
	return keys
}

// sortedValues returns the values of a map in the order of its keys.
func sortedValues(dictionary map[string]any) []any {
	values := []any{}
	for _, key := range slices.Sorted(maps.Keys(dictionary)) {
		values = append(values, dictionary[key])
	}
	return values
}
