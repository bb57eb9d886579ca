package main

import (
	"fmt"
	"go/ast"
	"reflect"
	"slices"
	"strconv"
	"strings"
)

// special are types that decode themselves, as expressions of the catalogue. "@" stands for the package of the type.
var special = map[string]string{
	"k8s.io/apimachinery/pkg/apis/meta/v1.Time":                                             "t",
	"k8s.io/apimachinery/pkg/apis/meta/v1.MicroTime":                                        "u",
	"k8s.io/apimachinery/pkg/apis/meta/v1.Duration":                                         "d",
	"k8s.io/apimachinery/pkg/apis/meta/v1.FieldsV1":                                         "a",
	"k8s.io/apimachinery/pkg/runtime.RawExtension":                                          "a",
	"k8s.io/apimachinery/pkg/runtime.Object":                                                "a",
	"k8s.io/apimachinery/pkg/runtime.Unknown":                                               "a",
	"k8s.io/apimachinery/pkg/util/intstr.IntOrString":                                       "o",
	"k8s.io/apimachinery/pkg/api/resource.Quantity":                                         "q",
	"k8s.io/apimachinery/pkg/types.UID":                                                     "s",
	"k8s.io/apimachinery/pkg/types.NodeName":                                                "s",
	"k8s.io/apimachinery/pkg/types.NamespacedName":                                          "a",
	"k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1.JSON":                         "a",
	"k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1.JSONSchemaPropsOrBool":        "?@apiextensions/v1.JSONSchemaProps,b",
	"k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1.JSONSchemaPropsOrArray":       "?@apiextensions/v1.JSONSchemaProps,[]@apiextensions/v1.JSONSchemaProps",
	"k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1.JSONSchemaPropsOrStringArray": "?@apiextensions/v1.JSONSchemaProps,[]s",
}

var basic = map[string]string{
	"string": "s", "bool": "b", "int": "l", "int32": "i", "int64": "l", "uint32": "l", "uint64": "l", "uint8": "i", "int16": "i", "uint16": "i",
	"float64": "f", "float32": "f",
}

// expression writes the type of a field. source and imports are those of the file in which it stands.
func (e *encoder) expression(node ast.Expr, source *source, imports map[string]string) (string, error) {
	switch typed := node.(type) {
	case *ast.StarExpr:
		return e.expression(typed.X, source, imports)
	case *ast.ArrayType:
		if element, ok := typed.Elt.(*ast.Ident); ok && element.Name == "byte" {
			return "y", nil
		}
		element, err := e.expression(typed.Elt, source, imports)
		return "[]" + element, err
	case *ast.MapType:
		element, err := e.expression(typed.Value, source, imports)
		return "{}" + element, err
	case *ast.Ident:
		if text, isBasic := basic[typed.Name]; isBasic {
			return text, nil
		}
		return e.named(source.importPath, typed.Name)
	case *ast.SelectorExpr:
		imported, ok := typed.X.(*ast.Ident)
		if !ok || imports[imported.Name] == "" {
			return "", fmt.Errorf("unknown package in %v", typed)
		}
		return e.named(imports[imported.Name], typed.Sel.Name)
	}
	return "", fmt.Errorf("a type of unknown sort: %T", node)
}

// named writes a declared type: its structure is encoded too, anything else is replaced by what it stands for.
func (e *encoder) named(importPath, name string) (string, error) {
	if text, found := special[importPath+"."+name]; found {
		return text, nil
	}
	source := e.api.sources[importPath]
	if source == nil || source.types[name] == nil {
		return "", fmt.Errorf("the type %s.%s is not declared in a package that was read", importPath, name)
	}
	declaration := source.types[name]
	if _, isStructure := declaration.spec.Type.(*ast.StructType); isStructure {
		return "@" + source.short(name), e.structure(source, declaration)
	}
	if values := source.enumeration(declaration); len(values) > 0 {
		return "e" + strings.Join(values, "|"), nil
	}
	return e.expression(declaration.spec.Type, source, declaration.imports)
}

// enumeration lists the values of a string type that is marked as closed, in the order of their declaration.
func (s *source) enumeration(declaration *typeDeclaration) []string {
	if !slices.Contains(declaration.markers, "enum") || s.opaque[declaration.name] {
		return nil
	}
	var values []string
	for _, value := range s.constants[declaration.name] {
		if value != "" && !slices.Contains(values, value) {
			values = append(values, value)
		}
	}
	return values
}

// jsonName returns the name of a field in JSON; inline is true for a structure whose fields become those of the outer one.
func jsonName(field *ast.Field) (name string, inline, skipped bool) {
	tag := ""
	if field.Tag != nil {
		if text, err := strconv.Unquote(field.Tag.Value); err == nil {
			tag = reflect.StructTag(text).Get("json")
		}
	}
	name, options, _ := strings.Cut(tag, ",")
	if name == "-" && options == "" {
		return "", false, true
	}
	if len(field.Names) == 0 {
		return name, name == "", false
	}
	if name == "" {
		name = field.Names[0].Name
	}
	return name, false, !field.Names[0].IsExported()
}
