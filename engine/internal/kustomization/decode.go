package kustomization

import (
	"math"
	"strings"

	"sigs.k8s.io/kustomize/api/resource"

	"elysium.dev/engine/internal/objects"
)

// decodeResource turns a built resource into an object, with the same result as encoding it to JSON and reading that, which is
// what the controller does. Values that only that way treats correctly take it.
func decodeResource(built *resource.Resource) (map[string]any, error) {
	decoded, err := built.Map()
	if err == nil && simplify(decoded) {
		return decoded, nil
	}
	encoded, err := built.MarshalJSON()
	if err != nil {
		return nil, err
	}
	return objects.FromJSON(encoded)
}

// simplify makes the values of a map those that JSON has, in place. It tells false where it meets others, such as a time.
func simplify(values map[string]any) bool {
	for key, value := range values {
		simple, ok := simplified(value)
		if !ok {
			return false
		}
		values[key] = simple
	}
	return true
}

func simplified(value any) (any, bool) {
	switch value := value.(type) {
	case nil, string, bool, int64:
		return value, true
	case int:
		return int64(value), true
	case uint64:
		return float64(value), true
	case float64:
		return wholeNumber(value), !math.IsNaN(value) && !math.IsInf(value, 0)
	case map[string]any:
		return value, simplify(value)
	case []any:
		for index, item := range value {
			simple, ok := simplified(item)
			if !ok {
				return nil, false
			}
			value[index] = simple
		}
		return value, true
	}
	return nil, false
}

// wholeNumber makes 1.0 an integer, as a round trip through JSON does.
func wholeNumber(value float64) any {
	if value == math.Trunc(value) && math.Abs(value) < math.MaxInt64 {
		return int64(value)
	}
	return value
}

// mentions tells whether a text occurs in any key or string of a value.
func mentions(value any, text string) bool {
	switch value := value.(type) {
	case string:
		return strings.Contains(value, text)
	case map[string]any:
		for key, item := range value {
			if strings.Contains(key, text) || mentions(item, text) {
				return true
			}
		}
	case []any:
		for _, item := range value {
			if mentions(item, text) {
				return true
			}
		}
	}
	return false
}
