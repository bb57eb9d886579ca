package schema

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// walk compares one object with its type and collects what is wrong.
type walk struct {
	catalogue *catalogue
	problems  []Problem
	// lenient is set below the status, which the API server takes from the controller and not from the manifest: only its shape counts.
	lenient bool
	// secret is set for objects whose values must not appear in messages.
	secret bool
}

func validateStructure(c *catalogue, entry *kindEntry, object map[string]any) []Problem {
	w := &walk{catalogue: c, secret: entry.kind == "Secret"}
	root := path{index: -1}
	w.structure(c.structureOf(entry.typeName), object, &root)
	if entry.scope != scopeNone {
		w.identity(entry.isDNSNamed(), object)
	}
	return Sorted(w.problems)
}

const metadataType = "meta/v1.ObjectMeta"

// ValidateMetadata checks what every custom resource has, whatever its kind: its metadata.
func ValidateMetadata(minor string, object map[string]any) []Problem {
	w := &walk{catalogue: load(minor)}
	if metadata := object["metadata"]; metadata != nil {
		root := path{index: -1}
		here := root.field("metadata")
		w.value(&expression{sort: '@', typeName: metadataType}, metadata, &here)
	}
	w.identity(true, object)
	return Sorted(w.problems)
}

// Sorted orders problems by path and code, and drops what was found in two ways.
func Sorted(problems []Problem) []Problem {
	if len(problems) < 2 {
		return problems
	}
	slices.SortStableFunc(problems, func(a, b Problem) int {
		return cmp.Or(strings.Compare(a.Path, b.Path), strings.Compare(a.Code, b.Code), strings.Compare(a.Message, b.Message))
	})
	return slices.CompactFunc(problems, func(a, b Problem) bool { return a.Path == b.Path && a.Code == b.Code })
}

func (w *walk) report(code string, at *path, format string, arguments ...any) {
	w.problems = append(w.problems, Problem{Code: code, Path: at.String(), Message: fmt.Sprintf(format, arguments...)})
}

func (w *walk) structure(shape *structure, object map[string]any, at *path) {
	for name, value := range object {
		known, found := shape.fields[name]
		if !found {
			w.unknownField(shape, name, value, at)
			continue
		}
		if value == nil {
			continue
		}
		here := at.field(name)
		before := w.lenient
		w.lenient = before || (at.parent == nil && name == "status")
		w.value(known.expression, value, &here)
		if !w.lenient && (known.set || known.keys != nil) {
			w.items(known, value, &here)
		}
		w.lenient = before
	}
	if w.lenient {
		return
	}
	if shape.name == metadataType && at.parent != nil && (at.parent.parent == nil || at.parent.name == "template") {
		w.labelled(object, at)
	}
	for _, name := range shape.required {
		if object[name] == nil {
			here := at.field(name)
			w.report("required", &here, "%s is required", name)
		}
	}
}

func (w *walk) unknownField(shape *structure, name string, value any, at *path) {
	if isOpaque(name) || isOpaqueValue(value) {
		return
	}
	here := at.field(name)
	if like := shape.similar(name); like != "" {
		w.report("unknown-field", &here, "unknown field %s; did you mean %s?", name, like)
		return
	}
	w.report("unknown-field", &here, "unknown field %s", name)
}

func (w *walk) value(e *expression, value any, at *path) {
	if value == nil {
		return
	}
	switch e.sort {
	case '@':
		if object, ok := value.(map[string]any); ok {
			w.structure(e.structure(w.catalogue), object, at)
			return
		}
		w.mismatch("an object", value, at)
	case '{':
		w.mapping(e, value, at)
	case '[':
		w.list(e, value, at)
	case 'e':
		w.enumeration(e, value, at)
	case '?':
		w.alternatives(e, value, at)
	default:
		w.scalar(e.sort, value, at)
	}
}

func (w *walk) mapping(e *expression, value any, at *path) {
	object, ok := value.(map[string]any)
	if !ok {
		w.mismatch("an object", value, at)
		return
	}
	for name, item := range object {
		here := at.field(name)
		w.value(e.element, item, &here)
	}
}

func (w *walk) list(e *expression, value any, at *path) {
	items, ok := value.([]any)
	if !ok {
		w.mismatch("a list", value, at)
		return
	}
	for index, item := range items {
		here := at.item(index)
		w.value(e.element, item, &here)
	}
}

func (w *walk) enumeration(e *expression, value any, at *path) {
	text, ok := value.(string)
	if !ok {
		w.mismatch("a string", value, at)
		return
	}
	if w.lenient || text == "" || slices.Contains(e.values, text) || isOpaque(text) {
		return
	}
	w.report("enum", at, "%q is not one of %s", text, strings.Join(e.values, ", "))
}

// alternatives accepts a value that fits the JSON type of one of the types, and checks it against that one.
func (w *walk) alternatives(e *expression, value any, at *path) {
	for _, candidate := range e.alternatives {
		if candidate.accepts(value) {
			w.value(candidate, value, at)
			return
		}
	}
	w.mismatch("another type", value, at)
}

func (e *expression) accepts(value any) bool {
	switch value.(type) {
	case map[string]any:
		return e.sort == '@' || e.sort == '{' || e.sort == 'a'
	case []any:
		return e.sort == '[' || e.sort == 'a'
	case bool:
		return e.sort == 'b' || e.sort == 'a'
	case string:
		return e.sort == 's' || e.sort == 'a'
	}
	return e.sort == 'i' || e.sort == 'l' || e.sort == 'f' || e.sort == 'a'
}

func (w *walk) mismatch(expected string, value any, at *path) {
	if isOpaqueValue(value) {
		return
	}
	w.report("type", at, "expected %s, found %s", expected, w.describe(value))
}

func (w *walk) describe(value any) string {
	if _, isText := value.(string); w.secret && isText {
		return "a string"
	}
	switch typed := value.(type) {
	case map[string]any:
		return "an object"
	case []any:
		return "a list"
	case string:
		if len(typed) > 40 {
			return "a string"
		}
		return fmt.Sprintf("the string %q", typed)
	case bool:
		return fmt.Sprintf("the boolean %t", typed)
	}
	if w.secret {
		return "a number"
	}
	return fmt.Sprintf("the number %v", value)
}
