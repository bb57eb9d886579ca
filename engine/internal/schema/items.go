package schema

import (
	"fmt"
	"strings"
)

// items reports list items that the API server could not tell apart: duplicates, and items without the field that identifies them.
func (w *walk) items(known *field, value any, at *path) {
	list, ok := value.([]any)
	if !ok || len(list) == 0 {
		return
	}
	seen := make(map[string]int, len(list))
	for index, item := range list {
		identity, missing := known.identity(item)
		here := at.item(index)
		if missing != "" {
			key := here.field(missing)
			w.report("required", &key, "%s is required: it identifies the item", missing)
		}
		if identity == "" {
			continue
		}
		if first, duplicate := seen[identity]; duplicate {
			w.report("duplicate-item", &here, "the same %s as item %d", known.described(), first)
			continue
		}
		seen[identity] = index
	}
}

// identity is what makes an item of the list unique, or "" where a part of it is missing or unknown offline.
func (f *field) identity(item any) (identity, missing string) {
	if f.set {
		return setIdentity(item), ""
	}
	object, ok := item.(map[string]any)
	if !ok {
		return "", ""
	}
	var parts []byte
	for _, key := range f.keys {
		value := object[key.name]
		if value == nil {
			if !key.hasPreset {
				return "", key.name
			}
			value = key.preset
		}
		if text, isText := value.(string); isText {
			if isOpaque(text) {
				return "", ""
			}
			parts = append(parts, text...)
		} else {
			parts = fmt.Append(parts, value)
		}
		parts = append(parts, 0)
	}
	return string(parts), ""
}

func setIdentity(item any) string {
	if item == nil || isOpaqueValue(item) {
		return ""
	}
	return fmt.Sprint(item) + "\x00"
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
