package chart

import (
	"encoding/json"
	"strconv"
	"strings"

	"sigs.k8s.io/yaml"

	"elysium.dev/engine/internal/objects"
	"elysium.dev/engine/internal/postrender"
)

// documents are the rendered documents on their way through Helm's sorting, which wants text. What is parsed already goes through
// it as a head: one line with just the fields that Helm sorts by, and a number to find the object by.
type documents struct {
	heads  map[string]string
	parsed map[string]map[string]any
	ending string
}

// decode returns the objects of what Helm's sorting gave back.
func (d documents) decode(manifest string) ([]map[string]any, error) {
	if object, known := d.parsed[strings.TrimSpace(manifest)]; known {
		return flatten(object)
	}
	converted, err := yaml.YAMLToJSON([]byte(manifest + d.ending))
	if err != nil {
		return nil, err
	}
	return decode(converted)
}

// plainDocuments are rendered files that nothing has parsed. An ordinary document is parsed here, once; the text of any other is
// left for Helm to judge. Each document gets an ending: Helm writes a newline behind what no post-renderer has written, which
// matters to a block of text at the end.
func plainDocuments(files map[string]string, ending string) documents {
	result := documents{heads: make(map[string]string, len(files)), parsed: map[string]map[string]any{}, ending: ending}
	for name, text := range files {
		var heads strings.Builder
		for _, document := range postrender.Documents(text) {
			heads.WriteString(separator)
			heads.WriteString(result.head(document))
		}
		result.heads[name] = heads.String()
	}
	return result
}

const separator = "\n---\n"

// head returns the head of a document that can be parsed, or else its text.
func (d documents) head(text string) string {
	converted, err := yaml.YAMLToJSON([]byte(text + d.ending))
	if err != nil {
		return text
	}
	object, err := decodeObject(converted)
	if err != nil || object == nil {
		return text
	}
	return d.add(object, text)
}

func parsedDocuments(objects []postrender.Object) documents {
	result := documents{heads: map[string]string{}, parsed: map[string]map[string]any{}}
	for _, object := range objects {
		result.heads[object.File] += separator + result.add(object.Body, "")
	}
	return result
}

const hookPrefix = "helm.sh/"

// add keeps an object and returns its head; an object that is not made as Helm expects goes by its text.
func (d documents) add(object map[string]any, text string) string {
	head := map[string]any{"number": strconv.Itoa(len(d.parsed))}
	for _, field := range []string{"apiVersion", "kind"} {
		switch value := object[field].(type) {
		case nil:
		case string:
			head[field] = value
		default:
			return text
		}
	}
	annotations, isUsual := hookAnnotations(object)
	if !isUsual {
		return text
	}
	if len(annotations) > 0 {
		head["metadata"] = map[string]any{"name": objects.Text(object, "metadata", "name"), "annotations": annotations}
	}
	encoded, err := json.Marshal(head)
	if err != nil {
		return text
	}
	line := string(encoded)
	d.parsed[line] = object
	return line
}

// hookAnnotations are those that Helm looks at. It tells false for metadata that Helm would refuse, or read in a way of its own.
func hookAnnotations(object map[string]any) (kept map[string]any, isUsual bool) {
	metadata, isMap := object["metadata"].(map[string]any)
	if !isMap {
		return nil, object["metadata"] == nil
	}
	if _, isText := metadata["name"].(string); !isText && metadata["name"] != nil {
		return nil, false
	}
	annotations, isMap := metadata["annotations"].(map[string]any)
	if !isMap {
		return nil, metadata["annotations"] == nil
	}
	kept = map[string]any{}
	for key, value := range annotations {
		if _, isText := value.(string); !isText {
			return nil, false
		}
		if strings.HasPrefix(key, hookPrefix) {
			kept[key] = value
		}
	}
	return kept, true
}
