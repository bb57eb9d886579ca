package postrender

import (
	"errors"
	"maps"
	"math"
	"path"
	"slices"
	"strings"
	"unicode"

	"sigs.k8s.io/kustomize/kyaml/yaml"
)

// Object is a document of a rendered file.
type Object struct {
	File string
	Body map[string]any
}

// errUnusual says that a document has something in it that only the stream through kustomize treats rightly.
var errUnusual = errors.New("unusual document")

// Labelled does what Run does with the combined strategy where nothing but common metadata and origin labels is asked for, and reads
// the result. It parses each document once, Run does it six times. It tells false for anything out of the ordinary (errors, lists,
// anchors, duplicates, types that kustomize rewrites): then Run has to do it.
func Labelled(files map[string]string, spec Spec) ([]Object, bool) {
	if len(spec.PostRenderers) > 0 || spec.Origin == nil {
		return nil, false
	}
	labeller := &labeller{spec: spec, seen: map[[4]string]bool{}}
	for _, name := range slices.Sorted(maps.Keys(files)) {
		if strings.HasPrefix(path.Base(name), "_") {
			continue
		}
		for _, document := range Documents(files[name]) {
			if err := labeller.add(name, document); err != nil {
				return nil, false
			}
		}
	}
	return labeller.objects, true
}

type labeller struct {
	spec    Spec
	seen    map[[4]string]bool
	objects []Object
}

func (l *labeller) add(file, text string) error {
	body, err := parseOrdinary(text)
	if err != nil || body == nil {
		return err
	}
	metadata, isMap := body["metadata"].(map[string]any)
	if !isMap {
		return errUnusual
	}
	if err := l.identify(body, metadata); err != nil {
		return err
	}
	if err := l.label(metadata); err != nil {
		return err
	}
	l.objects = append(l.objects, Object{File: file, Body: body})
	return nil
}

// identify refuses what has no identity of its own.
func (l *labeller) identify(body, metadata map[string]any) error {
	apiVersion, _ := body["apiVersion"].(string)
	kind, _ := body["kind"].(string)
	name, _ := metadata["name"].(string)
	namespace, hasNamespace := metadata["namespace"]
	text, isText := namespace.(string)
	switch {
	case apiVersion == "", kind == "", name == "", strings.HasSuffix(kind, "List"), hasNamespace && !isText:
		return errUnusual
	case text == "default":
		text = ""
	}
	identity := [4]string{apiVersion, kind, text, name}
	if l.seen[identity] {
		return errUnusual
	}
	l.seen[identity] = true
	return nil
}

func (l *labeller) label(metadata map[string]any) error {
	labels := map[string]string{}
	if common := l.spec.CommonMetadata; common != nil {
		maps.Copy(labels, common.Labels)
		if err := setAll(metadata, "annotations", common.Annotations); err != nil {
			return err
		}
	} else if err := setAll(metadata, "annotations", nil); err != nil {
		return err
	}
	maps.Copy(labels, l.spec.Origin.Labels())
	return setAll(metadata, "labels", labels)
}

// setAll merges strings into a field of the metadata that holds nothing but strings. What is empty is dropped, as on the long way.
func setAll(metadata map[string]any, field string, added map[string]string) error {
	existing := metadata[field]
	current, isMap := existing.(map[string]any)
	if existing != nil && !isMap {
		return errUnusual
	}
	if len(current) == 0 {
		delete(metadata, field)
		current = nil
	}
	for key, value := range current {
		if _, isText := value.(string); !isText || isToolAnnotation(key) {
			return errUnusual
		}
	}
	if len(added) == 0 {
		return nil
	}
	if current == nil {
		current = make(map[string]any, len(added))
		metadata[field] = current
	}
	for key, value := range added {
		current[key] = value
	}
	return nil
}

// isToolAnnotation tells whether kustomize or Helm keeps notes under the key.
func isToolAnnotation(key string) bool {
	domain, _, _ := strings.Cut(key, "/")
	return strings.HasSuffix(domain, "config.kubernetes.io") || strings.HasSuffix(domain, "config.k8s.io") || key == fileAnnotation
}

// parseOrdinary reads a document with kustomize's parser; nil is an empty document.
func parseOrdinary(text string) (map[string]any, error) {
	if strings.Contains(text, "\r") {
		return nil, errUnusual
	}
	var document yaml.Node
	if err := yaml.Unmarshal([]byte(text), &document); err != nil {
		return nil, err
	}
	if len(document.Content) == 0 {
		return nil, nil
	}
	root := document.Content[0]
	if root.Kind != yaml.MappingNode || root.Style != 0 || !isOrdinary(root, false) {
		return nil, errUnusual
	}
	var body map[string]any
	if err := root.Decode(&body); err != nil {
		return nil, err
	}
	normalised, err := normalise(body)
	if err != nil {
		return nil, err
	}
	return normalised.(map[string]any), nil
}

// normalise gives numbers the types that they have after the way through JSON. It changes maps and lists in place.
func normalise(value any) (any, error) {
	var err error
	switch typed := value.(type) {
	case nil, string, bool, int64:
		return typed, nil
	case int:
		return int64(typed), nil
	case uint64:
		return float64(typed), nil // only what is too large for the others
	case float64:
		return normaliseFloat(typed)
	case map[string]any:
		for key, item := range typed {
			if typed[key], err = normalise(item); err != nil {
				return nil, err
			}
		}
		return typed, nil
	case []any:
		for index, item := range typed {
			if typed[index], err = normalise(item); err != nil {
				return nil, err
			}
		}
		return typed, nil
	default:
		return nil, errUnusual
	}
}

func normaliseFloat(number float64) (any, error) {
	switch {
	case math.IsInf(number, 0) || math.IsNaN(number):
		return nil, errUnusual
	case number == math.Trunc(number) && math.Abs(number) < 1<<63:
		return int64(number), nil
	default:
		return number, nil
	}
}

// ordinaryTags are the types that stay what they are on the way through JSON and back.
var ordinaryTags = []string{yaml.NodeTagString, yaml.NodeTagBool, yaml.NodeTagInt, yaml.NodeTagFloat, yaml.NodeTagNull, yaml.NodeTagMap, yaml.NodeTagSeq}

// isOrdinary tells whether a node has no anchor, no tag of its own, no text that emitters fold in ways of their own, and no null in a list.
func isOrdinary(node *yaml.Node, inList bool) bool {
	tag := node.ShortTag()
	if node.Kind == yaml.AliasNode || node.Anchor != "" || node.Style&yaml.TaggedStyle != 0 ||
		!slices.Contains(ordinaryTags, tag) || inList && tag == yaml.NodeTagNull {
		return false
	}
	if node.Kind == yaml.ScalarNode {
		isFolded := node.Style&yaml.FoldedStyle != 0 && strings.Contains(strings.TrimRight(node.Value, "\n"), "\n")
		return !isFolded && isOrdinaryText(node.Value)
	}
	for index, child := range node.Content {
		isKey := node.Kind == yaml.MappingNode && index%2 == 0
		if isKey && child.ShortTag() != yaml.NodeTagString || !isOrdinary(child, node.Kind == yaml.SequenceNode) {
			return false
		}
	}
	return true
}

// isOrdinaryText tells whether a text has no control characters but tabs and newlines.
func isOrdinaryText(text string) bool {
	for _, character := range text {
		if character != '\n' && character != '\t' && (!unicode.IsPrint(character) || character == unicode.ReplacementChar) {
			return false
		}
	}
	return true
}
