package main

import (
	"fmt"
	"slices"
	"strings"
)

// compactDefinition keeps of a CustomResourceDefinition what judges objects: no descriptions, no columns, no status.
func compactDefinition(crd map[string]any, alsoServed []string) (compact map[string]any, kind string, err error) {
	spec, hasSpec := crd["spec"].(map[string]any)
	names, hasNames := spec["names"].(map[string]any)
	declared, hasVersions := spec["versions"].([]any)
	kind, hasKind := names["kind"].(string)
	if !hasSpec || !hasNames || !hasVersions || !hasKind {
		return nil, "", fmt.Errorf("not a CustomResourceDefinition")
	}
	var versions []any
	for _, item := range declared {
		versions = append(versions, compactVersion(item.(map[string]any)))
	}
	for _, name := range alsoServed {
		anything := map[string]any{"type": "object", "x-kubernetes-preserve-unknown-fields": true}
		versions = append(versions, map[string]any{
			"name": name, "served": true, "storage": false, "schema": map[string]any{"openAPIV3Schema": anything}})
	}
	compact = map[string]any{
		"apiVersion": crd["apiVersion"], "kind": crd["kind"],
		"metadata": map[string]any{"name": crd["metadata"].(map[string]any)["name"]},
		"spec": map[string]any{
			"group": spec["group"], "scope": spec["scope"], "versions": versions,
			"names": map[string]any{"kind": kind, "plural": names["plural"]},
		},
	}
	return compact, kind, nil
}

func compactVersion(version map[string]any) map[string]any {
	delete(version, "additionalPrinterColumns")
	schema, _ := version["schema"].(map[string]any)
	root, _ := schema["openAPIV3Schema"].(map[string]any)
	undescribed(root)
	if properties, ok := root["properties"].(map[string]any); ok && properties["status"] != nil {
		properties["status"] = map[string]any{"type": "object", "x-kubernetes-preserve-unknown-fields": true}
	}
	return version
}

// undescribed removes the descriptions of a schema and of all inside it, but no field of that name.
func undescribed(schema map[string]any) {
	delete(schema, "description")
	for _, inside := range []string{"items", "additionalProperties", "not"} {
		if child, ok := schema[inside].(map[string]any); ok {
			undescribed(child)
		}
	}
	for _, inside := range []string{"allOf", "anyOf", "oneOf"} {
		children, _ := schema[inside].([]any)
		for _, child := range children {
			undescribed(child.(map[string]any))
		}
	}
	properties, _ := schema["properties"].(map[string]any)
	for _, child := range properties {
		undescribed(child.(map[string]any))
	}
}

// withoutField takes a field, or with "=value" a value of its enumeration, out of every version that has it; found is false where
// none has.
func withoutField(compact map[string]any, path string) (found bool) {
	path, value, isValue := strings.Cut(path, "=")
	steps := strings.Split(path, ".")
	last := steps[len(steps)-1]
	for _, version := range compact["spec"].(map[string]any)["versions"].([]any) {
		schema, _ := version.(map[string]any)["schema"].(map[string]any)["openAPIV3Schema"].(map[string]any)
		for _, step := range steps[:len(steps)-1] {
			schema = property(schema, step)
		}
		field := property(schema, last)
		if field == nil {
			continue
		}
		if !isValue {
			delete(holder(schema)["properties"].(map[string]any), last)
			found = true
		} else if values, ok := field["enum"].([]any); ok && slices.Contains(values, any(value)) {
			field["enum"] = slices.DeleteFunc(values, func(item any) bool { return item == value })
			found = true
		}
	}
	return found
}

func property(schema map[string]any, name string) map[string]any {
	properties, _ := holder(schema)["properties"].(map[string]any)
	child, _ := properties[name].(map[string]any)
	return child
}

// holder is the schema that has the properties: for a list that of its items.
func holder(schema map[string]any) map[string]any {
	if items, ok := schema["items"].(map[string]any); ok {
		return items
	}
	return schema
}
