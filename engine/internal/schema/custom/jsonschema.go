package custom

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"sync"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/santhosh-tekuri/jsonschema/v6/kind"

	"elysium.dev/engine/internal/schema"
)

// jsonSchema judges objects by a JSON Schema that a user has for their kind.
type jsonSchema struct{ compiled *jsonschema.Schema }

const jsonSchemaURL = "file:///schema.json"

// dialectOfKubernetes is what schemas made from the API's OpenAPI document name as their dialect; there is no such document.
const dialectOfKubernetes = "http://json-schema.org/schema#"

var (
	jsonSchemaMutex sync.Mutex
	jsonSchemas     = map[[sha256.Size]byte]*jsonSchema{}
)

func cachedJSONSchema(text []byte) (*jsonSchema, error) {
	digest := sha256.Sum256(text)
	jsonSchemaMutex.Lock()
	defer jsonSchemaMutex.Unlock()
	if found := jsonSchemas[digest]; found != nil {
		return found, nil
	}
	compiled, err := compileJSONSchema(text)
	if err != nil {
		return nil, err
	}
	if len(jsonSchemas) >= maximumCached {
		clear(jsonSchemas)
	}
	jsonSchemas[digest] = compiled
	return compiled, nil
}

func compileJSONSchema(text []byte) (compiled *jsonSchema, err error) {
	defer func() {
		if reason := recover(); reason != nil {
			err = fmt.Errorf("not a JSON Schema: %v", reason)
		}
	}()
	document, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		return nil, err
	}
	root, isObject := document.(map[string]any)
	if !isObject {
		return nil, errors.New("a JSON Schema of a kind is an object")
	}
	if root["$schema"] == dialectOfKubernetes {
		delete(root, "$schema")
	}
	compiler := jsonschema.NewCompiler()
	compiler.UseLoader(closed{})
	if err := compiler.AddResource(jsonSchemaURL, root); err != nil {
		return nil, err
	}
	found, err := compiler.Compile(jsonSchemaURL)
	if err != nil {
		return nil, oneLine(err)
	}
	return &jsonSchema{found}, nil
}

// oneLine keeps the last of the library's lines, which says most about a schema that breaks the rules for schemas.
func oneLine(err error) error {
	lines := strings.Split(strings.TrimSpace(err.Error()), "\n")
	if len(lines) == 1 {
		return err
	}
	return fmt.Errorf("no valid JSON Schema %s", strings.TrimPrefix(strings.TrimSpace(lines[len(lines)-1]), "- "))
}

// closed loads nothing: a schema stands alone.
type closed struct{}

// Load is part of jsonschema's interface.
func (closed) Load(url string) (any, error) {
	return nil, fmt.Errorf("it refers to %s; only schemas that stand alone can be used", url)
}

func (s *jsonSchema) validate(_ context.Context, minor string, object map[string]any) []schema.Problem {
	problems := schema.ValidateMetadata(minor, object)
	var invalid *jsonschema.ValidationError
	if errors.As(s.compiled.Validate(object), &invalid) {
		findings := &findings{object: object}
		findings.causes(invalid)
		problems = append(problems, findings.problems...)
	}
	return schema.Sorted(problems)
}

// causes takes what is wrong at the leaves; where one of several schemas would have to fit, it is that none does.
func (f *findings) causes(invalid *jsonschema.ValidationError) {
	switch invalid.ErrorKind.(type) {
	case *kind.AnyOf, *kind.OneOf, *kind.Not:
	default:
		if len(invalid.Causes) > 0 {
			for _, cause := range invalid.Causes {
				f.causes(cause)
			}
			return
		}
	}
	f.leaf(pathOf(f.object, invalid.InstanceLocation), invalid)
}

func (f *findings) leaf(path string, invalid *jsonschema.ValidationError) {
	switch found := invalid.ErrorKind.(type) {
	case *kind.AdditionalProperties:
		for _, name := range found.Properties {
			f.add("unknown-field", child(path, name), "unknown field "+name)
		}
	case *kind.Required:
		for _, name := range found.Missing {
			f.add("required", child(path, name), "is required")
		}
	case *kind.Type:
		f.add("type", path, fmt.Sprintf("must be of type %s: %q", strings.Join(found.Want, ", "), found.Got))
	case *kind.Enum, *kind.Const:
		f.add("enum", path, reason(invalid))
	case *kind.Pattern:
		f.add("pattern", path, reason(invalid))
	case *kind.AnyOf, *kind.OneOf, *kind.Not:
		f.add("alternative", path, reason(invalid))
	case *kind.UniqueItems:
		f.add("duplicate-item", path, reason(invalid))
	default:
		f.add("format", path, reason(invalid))
	}
}

// reason is the first line of the library's message without the places that it names.
func reason(invalid *jsonschema.ValidationError) string {
	alone := jsonschema.ValidationError{
		SchemaURL: invalid.SchemaURL, InstanceLocation: invalid.InstanceLocation, ErrorKind: invalid.ErrorKind}
	text := alone.Error()
	if _, after, found := strings.Cut(text, "': "); found {
		text = after
	}
	line, _, _ := strings.Cut(text, "\n")
	return line
}

// pathOf writes a location as the other problems do: "spec.list[0].name".
func pathOf(value any, location []string) string {
	path := ""
	for _, step := range location {
		if list, isList := value.([]any); isList {
			index, err := strconv.Atoi(step)
			if err != nil || index >= len(list) {
				return path
			}
			path, value = fmt.Sprintf("%s[%d]", path, index), list[index]
			continue
		}
		path = child(path, step)
		inner, _ := value.(map[string]any)
		value = inner[step]
	}
	return path
}

func child(path, name string) string {
	if path == "" {
		return name
	}
	return path + "." + name
}
