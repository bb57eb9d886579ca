package values

import (
	"slices"
	"strconv"

	"sigs.k8s.io/yaml"
)

// Origin says where the value of a leaf was set, and what it is. A list or an empty map is a leaf unless its items come from different places.
type Origin struct {
	Path   []any  `json:"path"`
	Value  any    `json:"value"`
	Source string `json:"source"`
}

// source marks a leaf of a tagged document: the leaf's value is the name of the place that it comes from.
type source string

// Origins tells for each leaf of final which reference or inline value set it; what none of them set comes from fallback, a
// tagged document (see Tag), or else from the chart.
//
// It composes once more, with each leaf replaced by the name of its source, so that whatever shares or overwrites in Compose does so
// here too.
func Origins(references []Reference, inline map[string]any, fallback any, final map[string]any) ([]Origin, error) {
	tagged, err := composeTagged(references, Tag(inline, "values").(map[string]any))
	if err != nil {
		return nil, err
	}
	found := &originList{fallback: fallback}
	found.collect(nil, final, tagged)
	return found.origins, nil
}

// Tag replaces each leaf of a document by the name of its source.
func Tag(document any, name string) any {
	switch typed := document.(type) {
	case map[string]any:
		if len(typed) == 0 && typed != nil {
			return map[string]any{}
		}
		tagged := make(map[string]any, len(typed))
		for key, value := range typed {
			tagged[key] = Tag(value, name)
		}
		return tagged
	case []any:
		tagged := make([]any, len(typed))
		for index, item := range typed {
			tagged[index] = Tag(item, name)
		}
		return tagged
	default:
		return source(name)
	}
}

func composeTagged(references []Reference, inline map[string]any) (map[string]any, error) {
	composed := map[string]any{}
	for index, reference := range references {
		name := "valuesFrom[" + strconv.Itoa(index) + "]"
		if reference.TargetPath != "" {
			composed = Merge(composed, inline)
			marker := Reference{Text: tagPrefix + name, TargetPath: reference.TargetPath, Literal: true}
			if err := setPath(composed, marker); err != nil {
				return nil, &ReferenceError{Index: index, Cause: err}
			}
			continue
		}
		var document map[string]any
		if err := yaml.Unmarshal([]byte(reference.Text), &document); err != nil {
			return nil, &ReferenceError{Index: index, Cause: err}
		}
		composed = Merge(composed, Tag(document, name).(map[string]any))
	}
	return Merge(composed, inline), nil
}

// tagPrefix marks a source that went through Helm's value parser, which knows strings only.
const tagPrefix = "\x00source "

func sourceOf(tag any) (string, bool) {
	switch typed := tag.(type) {
	case source:
		return string(typed), true
	case string:
		return typed[min(len(tagPrefix), len(typed)):], true
	}
	return "", false
}

type originList struct {
	fallback any
	origins  []Origin
}

// collect walks the final values; tag is what the tagged document has at the same path, nil where it has nothing.
func (l *originList) collect(path []any, value, tag any) {
	if name, found := sourceOf(tag); found {
		l.add(path, value, name)
		return
	}
	switch typed := value.(type) {
	case map[string]any:
		l.collectMap(path, typed, tag)
	case []any:
		l.collectList(path, typed, tag)
	default:
		l.add(path, value, l.fallbackSource(path))
	}
}

func (l *originList) collectMap(path []any, value map[string]any, tag any) {
	if len(value) == 0 {
		l.add(path, value, l.fallbackSource(path))
		return
	}
	tags, _ := tag.(map[string]any)
	keys := make([]string, 0, len(value))
	for key := range value {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	for _, key := range keys {
		l.collect(append(slices.Clip(path), key), value[key], tags[key])
	}
}

func (l *originList) collectList(path []any, value []any, tag any) {
	tags, known := tag.([]any)
	if !known || len(value) == 0 {
		l.add(path, value, l.fallbackSource(path))
		return
	}
	for index, item := range value {
		var itemTag any
		if index < len(tags) {
			itemTag = tags[index]
		}
		l.collect(append(slices.Clip(path), index), item, itemTag)
	}
}

func (l *originList) add(path []any, value any, name string) {
	l.origins = append(l.origins, Origin{Path: path, Value: value, Source: name})
}

// fallbackSource looks a path up in the tagged values files.
func (l *originList) fallbackSource(path []any) string {
	current := l.fallback
	for _, step := range path {
		if name, found := sourceOf(current); found {
			return name
		}
		key, isKey := step.(string)
		table, isTable := current.(map[string]any)
		if !isKey || !isTable {
			break
		}
		current = table[key]
	}
	return firstSource(current)
}

func firstSource(tag any) string {
	if name, found := sourceOf(tag); found {
		return name
	}
	if items, isList := tag.([]any); isList && len(items) > 0 {
		return firstSource(items[0])
	}
	return "chart"
}
