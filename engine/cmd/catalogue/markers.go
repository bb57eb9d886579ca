package main

import (
	"fmt"
	"go/ast"
	"slices"
	"strings"
)

// flags writes what the API server additionally demands of a field.
func (e *encoder) flags(field *ast.Field, source *source, declaration *typeDeclaration, required bool) ([]string, error) {
	var flags []string
	if required {
		flags = append(flags, "r")
	}
	markers := markersIn(field.Doc)
	if slices.Contains(markers, "listType=set") {
		flags = append(flags, "s")
	}
	if slices.Contains(markers, "listType=map") {
		keys, err := e.listKeys(field, markers, source, declaration)
		if err != nil {
			return nil, err
		}
		flags = append(flags, "m="+strings.Join(keys, ","))
	}
	return flags, nil
}

// listKeys names the keys of a list, with their defaults: an item may leave out a key only where it has one.
func (e *encoder) listKeys(field *ast.Field, markers []string, source *source, declaration *typeDeclaration) ([]string, error) {
	item, owner, err := e.resolve(field.Type, source, declaration.imports)
	if err != nil {
		return nil, fmt.Errorf("items of the list: %w", err)
	}
	defaults := map[string]string{}
	if err := e.defaults(defaults, item, owner); err != nil {
		return nil, err
	}
	var keys []string
	for _, marker := range markers {
		name, isKey := strings.CutPrefix(marker, "listMapKey=")
		if !isKey {
			continue
		}
		if preset, hasDefault := defaults[name]; hasDefault {
			name += "=" + preset
		}
		keys = append(keys, name)
	}
	if len(keys) == 0 {
		return nil, fmt.Errorf("a list of type map without keys")
	}
	return keys, nil
}

// defaults collects the `+default=` values of a structure's fields, inlined ones included.
func (e *encoder) defaults(into map[string]string, declaration *typeDeclaration, source *source) error {
	for _, field := range declaration.spec.Type.(*ast.StructType).Fields.List {
		name, inline, skipped := jsonName(field)
		if skipped {
			continue
		}
		if inline {
			embedded, owner, err := e.resolve(field.Type, source, declaration.imports)
			if err != nil {
				return err
			}
			if err := e.defaults(into, embedded, owner); err != nil {
				return err
			}
			continue
		}
		for _, marker := range markersIn(field.Doc) {
			if value, isDefault := strings.CutPrefix(marker, "default="); isDefault {
				into[name] = strings.Trim(value, `"`)
			}
		}
	}
	return nil
}
