package custom

import (
	"strconv"
	"strings"
)

// lookUp finds the value at a path such as "spec.list[0].name" or "data[key.with.dots]". Where the path does not lead anywhere
// the answer is nil.
func lookUp(value any, path string) any {
	for path != "" {
		name, rest := nextStep(path)
		switch typed := value.(type) {
		case map[string]any:
			if _, found := typed[name]; !found {
				name, rest = dottedKey(typed, path)
			}
			value = typed[name]
		case []any:
			index, err := strconv.Atoi(name)
			if err != nil || index < 0 || index >= len(typed) {
				return nil
			}
			value = typed[index]
		default:
			return nil
		}
		path = rest
	}
	return value
}

// nextStep takes the first name or index off a path.
func nextStep(path string) (name, rest string) {
	path = strings.TrimPrefix(path, ".")
	if strings.HasPrefix(path, "[") {
		inside, after, _ := strings.Cut(path[1:], "]")
		return strings.Trim(inside, `"`), after
	}
	end := strings.IndexAny(path, ".[")
	if end < 0 {
		return path, ""
	}
	return path[:end], path[end:]
}

// dottedKey finds the longest key of an object that a path begins with, for keys that have dots or brackets themselves.
func dottedKey(object map[string]any, path string) (name, rest string) {
	path = strings.TrimPrefix(path, ".")
	for key := range object {
		after, begins := strings.CutPrefix(path, key)
		if begins && len(key) > len(name) && (after == "" || after[0] == '.' || after[0] == '[') {
			name, rest = key, after
		}
	}
	return name, rest
}
