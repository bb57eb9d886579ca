package main

import (
	"encoding/json"
	"fmt"
	"reflect"
	"sort"
	"strings"

	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/util/intstr"
)

// leaves are the types that encode themselves.
var leaves = map[reflect.Type]string{
	reflect.TypeFor[resource.Quantity]():    "q",
	reflect.TypeFor[metav1.Time]():          "t",
	reflect.TypeFor[metav1.MicroTime]():     "u",
	reflect.TypeFor[metav1.Duration]():      "d",
	reflect.TypeFor[intstr.IntOrString]():   "o",
	reflect.TypeFor[runtime.RawExtension](): "r",
	reflect.TypeFor[metav1.FieldsV1]():      "v",
}

// description collects the records of the table.
type description struct {
	structures map[string]string
	kinds      []string
}

// describe writes the table of all kinds of a scheme.
func describe(known *runtime.Scheme) (string, error) {
	d := &description{structures: map[string]string{}}
	for kind, goType := range known.AllKnownTypes() {
		if !reflect.PointerTo(goType).Implements(reflect.TypeFor[metav1.Object]()) {
			continue
		}
		expression, err := d.expression(goType)
		if err != nil {
			return "", fmt.Errorf("%s: %w", kind, err)
		}
		apiVersion, name := kind.ToAPIVersionAndKind()
		d.kinds = append(d.kinds, "K\t"+apiVersion+"\t"+name+"\t"+expression[1:])
	}
	sort.Strings(d.kinds)
	records := make([]string, 0, len(d.structures))
	for _, record := range d.structures {
		records = append(records, record)
	}
	sort.Strings(records)
	return strings.Join(append(d.kinds, records...), "\n") + "\n", nil
}

// expression writes a type as the table has it, see the package normalise.
func (d *description) expression(goType reflect.Type) (string, error) {
	if leaf, known := leaves[goType]; known {
		return leaf, nil
	}
	if goType.Kind() != reflect.Pointer && reflect.PointerTo(goType).Implements(reflect.TypeFor[json.Unmarshaler]()) {
		return "", fmt.Errorf("%s encodes itself and has no letter yet", goType)
	}
	switch goType.Kind() {
	case reflect.String:
		return "s", nil
	case reflect.Bool:
		return "b", nil
	case reflect.Int32:
		return "i", nil
	case reflect.Int, reflect.Int64:
		return "l", nil
	case reflect.Float64:
		return "f", nil
	case reflect.Struct:
		return d.structure(goType)
	case reflect.Slice:
		if goType.Elem().Kind() == reflect.Uint8 {
			return "y", nil
		}
		return d.prefixed("[]", goType.Elem())
	case reflect.Map:
		return d.prefixed("{}", goType.Elem())
	case reflect.Pointer:
		return d.prefixed("?", goType.Elem())
	}
	return "", fmt.Errorf("%s has no letter yet", goType)
}

func (d *description) prefixed(prefix string, element reflect.Type) (string, error) {
	expression, err := d.expression(element)
	return prefix + expression, err
}

// structure describes a struct once and refers to it.
func (d *description) structure(goType reflect.Type) (string, error) {
	name := strings.TrimPrefix(strings.TrimPrefix(goType.PkgPath(), "k8s.io/api/"), "k8s.io/apimachinery/pkg/apis/") + "." + goType.Name()
	if _, done := d.structures[name]; done {
		return "@" + name, nil
	}
	d.structures[name] = ""
	columns := []string{"T", name}
	for index := range goType.NumField() {
		column, err := d.field(goType.Field(index))
		if err != nil {
			return "", fmt.Errorf("%s: %w", goType, err)
		}
		if column != "" {
			columns = append(columns, column)
		}
	}
	d.structures[name] = strings.Join(columns, "\t")
	return "@" + name, nil
}

// field describes a field: name, flags and type. An inlined field has no name.
func (d *description) field(field reflect.StructField) (string, error) {
	parts := strings.Split(field.Tag.Get("json"), ",")
	name, flags := parts[0], ""
	if name == "-" {
		return "", nil
	}
	if name == "" && !field.Anonymous {
		name = field.Name
	}
	for _, option := range parts[1:] {
		switch option {
		case "omitempty":
			flags += "e"
		case "omitzero":
			flags += "z"
		}
	}
	expression, err := d.expression(field.Type)
	return name + ";" + flags + ";" + expression, err
}
