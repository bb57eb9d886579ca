package resourceset

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"text/template"

	sprig "github.com/go-task/slim-sprig/v3"
	"github.com/gosimple/slug"
	utiljson "k8s.io/apimachinery/pkg/util/json"
	"k8s.io/apimachinery/pkg/util/yaml"
	sigsyaml "sigs.k8s.io/yaml"
)

// maximumOutput bounds what all templates of one ResourceSet may write together, in bytes.
const maximumOutput = 64 << 20

var errTooLarge = fmt.Errorf("the templates write more than %d MiB", maximumOutput>>20)

func init() {
	slug.MaxLength = 63
}

// renderer executes templates within a common bound of size and time.
type renderer struct {
	ctx  context.Context
	left int
}

// compile parses a template. Its data are reached through the function "inputs" only.
func compile(name, text string) (*template.Template, error) {
	functions := sprig.HermeticTxtFuncMap()
	functions["slugify"] = slug.Make
	functions["toYaml"] = toYAML
	functions["mustToYaml"] = mustToYAML
	functions["inputs"] = func() any { return nil }
	return template.New(name).Delims("<<", ">>").Option("missingkey=error").Funcs(functions).Parse(text)
}

func toYAML(value any) string {
	text, err := mustToYAML(value)
	if err != nil {
		return ""
	}
	return text
}

func mustToYAML(value any) (string, error) {
	text, err := sigsyaml.Marshal(value)
	return strings.TrimSuffix(string(text), "\n"), err
}

// render executes a template with one set of inputs and reads the objects that it wrote.
func (r *renderer) render(parsed *template.Template, inputs map[string]any) ([]map[string]any, error) {
	bound := parsed.Funcs(template.FuncMap{"inputs": func() any { return inputs }})
	output := &limitedBuffer{renderer: r}
	if err := bound.Execute(output, nil); err != nil {
		return nil, err
	}
	return decode(output.Bytes())
}

// limitedBuffer fails instead of growing over the renderer's bound.
type limitedBuffer struct {
	bytes.Buffer
	renderer *renderer
}

func (b *limitedBuffer) Write(text []byte) (int, error) {
	if err := b.renderer.ctx.Err(); err != nil {
		return 0, err
	}
	if b.renderer.left -= len(text); b.renderer.left < 0 {
		return 0, errTooLarge
	}
	return b.Buffer.Write(text)
}

// decode reads a stream of YAML documents; empty ones are left out, lists are taken apart.
func decode(text []byte) ([]map[string]any, error) {
	var objects []map[string]any
	reader := yaml.NewYAMLReader(bufio.NewReader(bytes.NewReader(text)))
	for {
		document, err := reader.Read()
		if errors.Is(err, io.EOF) {
			return objects, nil
		}
		if err != nil {
			return nil, fmt.Errorf("the template does not write valid YAML: %w", err)
		}
		found, err := decodeOne(document)
		if err != nil {
			return nil, err
		}
		objects = append(objects, found...)
	}
}

func decodeOne(document []byte) ([]map[string]any, error) {
	encoded, err := sigsyaml.YAMLToJSON(document)
	if err != nil {
		return nil, fmt.Errorf("the template does not write valid YAML: %w", err)
	}
	var value any
	if err := utiljson.Unmarshal(encoded, &value); err != nil {
		return nil, err
	}
	if value == nil {
		return nil, nil
	}
	object, isObject := value.(map[string]any)
	if !isObject {
		return nil, fmt.Errorf("the template writes a document that is no Kubernetes object")
	}
	return flatten(object)
}

func flatten(object map[string]any) ([]map[string]any, error) {
	if len(object) == 0 {
		return nil, nil
	}
	kind, _ := object["kind"].(string)
	items, isList := object["items"].([]any)
	if !isList || !strings.HasSuffix(kind, "List") {
		return []map[string]any{object}, check(object)
	}
	var objects []map[string]any
	for _, item := range items {
		object, isObject := item.(map[string]any)
		if !isObject {
			return nil, fmt.Errorf("a %s holds something that is no Kubernetes object", kind)
		}
		if err := check(object); err != nil {
			return nil, err
		}
		objects = append(objects, object)
	}
	return objects, nil
}

// check refuses what cannot be applied: an object needs a version, a kind and a name.
func check(object map[string]any) error {
	found := identify(object)
	if found.APIVersion == "" || found.Kind == "" || found.Name == "" {
		return fmt.Errorf("an object needs apiVersion, kind and metadata.name: found %q, %q, %q", found.APIVersion, found.Kind, found.Name)
	}
	return nil
}
