package schema

import (
	"fmt"
	"strings"
)

// items reports list items that the API server could not tell apart.
func (w *walk) items(known *field, value any, at *path) {
	if !known.set && known.keys == nil {
		return
	}
	list, ok := value.([]any)
	if !ok || len(list) == 0 {
		return
	}
	seen := make(map[string]int, len(list))
	for index, item := range list {
		identity, complete := known.identity(item)
		if !complete {
			continue
		}
		if first, duplicate := seen[identity]; duplicate {
			here := at.item(index)
			w.report("duplicate-item", &here, "the same %s as item %d", known.described(), first)
			continue
		}
		seen[identity] = index
	}
}

// identity is what makes an item of the list unique; complete is false where a part of it is absent or unknown offline.
func (f *field) identity(item any) (identity string, complete bool) {
	if f.set {
		return fmt.Sprint(item), item != nil && !isOpaqueValue(item)
	}
	object, ok := item.(map[string]any)
	if !ok {
		return "", false
	}
	var parts strings.Builder
	for _, key := range f.keys {
		value := object[key.name]
		if value == nil {
			if key.preset == "" {
				return "", false
			}
			value = key.preset
		}
		if isOpaqueValue(value) {
			return "", false
		}
		fmt.Fprintf(&parts, "%v\x00", value)
	}
	return parts.String(), true
}

func (f *field) described() string {
	if f.set {
		return "value"
	}
	names := make([]string, len(f.keys))
	for index, key := range f.keys {
		names[index] = key.name
	}
	return strings.Join(names, " and ")
}
