package main

import (
	"fmt"
	"go/ast"
	"maps"
	"slices"
	"strings"
)

// encoder collects the records of the types that the kinds of one release reach.
type encoder struct {
	api     *api
	records map[string]string
}

// encode writes the catalogue of one release. Types of kinds that the release no longer has are left out.
func encode(api *api, kinds []kind, minor string) (string, error) {
	encoder := &encoder{api: api, records: map[string]string{}}
	var text strings.Builder
	for _, kind := range kinds {
		if kind.removed != "" && number(kind.removed) <= number(minor) {
			kind.typeName, kind.served = "", false
		}
		if err := encoder.root(kind); err != nil {
			return "", fmt.Errorf("%s %s: %w", kind.apiVersion, kind.name, err)
		}
		text.WriteString(kind.record())
	}
	for _, name := range slices.Sorted(maps.Keys(encoder.records)) {
		text.WriteString("T\t" + name + encoder.records[name] + "\n")
	}
	return text.String(), nil
}

func (k kind) record() string {
	served := "0"
	if k.served {
		served = "1"
	}
	columns := []string{"K", k.apiVersion, k.name, k.scope, k.typeName, k.introduced, k.deprecated, k.removed, k.replacement, served}
	return strings.Join(columns, "\t") + "\n"
}

func (e *encoder) root(kind kind) error {
	for _, source := range e.api.sources {
		if declaration := source.types[kind.name]; declaration != nil && kind.typeName == source.short(kind.name) {
			return e.structure(source, declaration)
		}
	}
	return nil
}

// structure encodes a structure once. The record is reserved first, so that a structure that holds itself ends.
func (e *encoder) structure(source *source, declaration *typeDeclaration) error {
	name := source.short(declaration.name)
	if _, known := e.records[name]; known {
		return nil
	}
	e.records[name] = ""
	var columns strings.Builder
	required := requiredFields[name]
	if err := e.fields(&columns, source, declaration, required); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	e.records[name] = columns.String()
	return nil
}

func (e *encoder) fields(columns *strings.Builder, source *source, declaration *typeDeclaration, required []string) error {
	structure := declaration.spec.Type.(*ast.StructType)
	for _, field := range structure.Fields.List {
		name, inline, skipped := jsonName(field)
		if skipped {
			continue
		}
		if inline {
			if err := e.inline(columns, source, declaration, field, required); err != nil {
				return err
			}
			continue
		}
		expression, err := e.expression(field.Type, source, declaration.imports)
		if err != nil {
			return fmt.Errorf("field %s: %w", name, err)
		}
		flags, err := e.flags(field, source, declaration, slices.Contains(required, name))
		if err != nil {
			return fmt.Errorf("field %s: %w", name, err)
		}
		columns.WriteString("\t" + name + ";" + expression + ";" + strings.Join(flags, " "))
	}
	return nil
}

// inline puts the fields of an embedded structure among those of the outer one.
func (e *encoder) inline(columns *strings.Builder, source *source, declaration *typeDeclaration, field *ast.Field, required []string) error {
	embedded, owner, err := e.resolve(field.Type, source, declaration.imports)
	if err != nil {
		return err
	}
	return e.fields(columns, owner, embedded, required)
}

// resolve finds the declaration of the structure that a type expression names.
func (e *encoder) resolve(node ast.Expr, source *source, imports map[string]string) (*typeDeclaration, *source, error) {
	importPath, name := source.importPath, ""
	switch typed := node.(type) {
	case *ast.StarExpr:
		return e.resolve(typed.X, source, imports)
	case *ast.ArrayType:
		return e.resolve(typed.Elt, source, imports)
	case *ast.Ident:
		name = typed.Name
	case *ast.SelectorExpr:
		importPath, name = imports[typed.X.(*ast.Ident).Name], typed.Sel.Name
	}
	owner := e.api.sources[importPath]
	if owner == nil || owner.types[name] == nil {
		return nil, nil, fmt.Errorf("the type %s.%s is not declared in a package that was read", importPath, name)
	}
	declaration := owner.types[name]
	if _, isStructure := declaration.spec.Type.(*ast.StructType); !isStructure {
		return e.resolve(declaration.spec.Type, owner, declaration.imports)
	}
	return declaration, owner, nil
}
