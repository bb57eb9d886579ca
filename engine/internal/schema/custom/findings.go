package custom

import (
	"maps"
	"regexp"
	"strings"

	"elysium.dev/engine/internal/schema"
	structural "k8s.io/apiextensions-apiserver/pkg/apiserver/schema"
	"k8s.io/apimachinery/pkg/util/validation/field"
	openapi "k8s.io/kube-openapi/pkg/validation/errors"
	"k8s.io/kube-openapi/pkg/validation/validate"
)

// findings turns what the API server's packages say about an object into problems. What concerns a value that is unknown offline
// is left out.
type findings struct {
	object map[string]any
	// variables is true where a value with "${" is unknown too.
	variables bool
	// spared is true where something was left out.
	spared   bool
	problems []schema.Problem
}

func (f *findings) add(code, path, message string) {
	value := lookUp(f.object, path)
	if schema.HoldsToken(value) || f.variables && holdsVariable(value) {
		f.spared = true
		return
	}
	f.problems = append(f.problems, schema.Problem{Code: code, Path: path, Message: message})
}

// unknown takes the paths of fields that a schema does not have, and looks for those that were meant.
func (f *findings) unknown(paths []string, structure *structural.Structural) {
	for _, path := range paths {
		last := strings.LastIndexByte(path, '.')
		name := path[last+1:]
		message := "unknown field " + name
		if parent := schemaAt(structure, path[:max(last, 0)]); parent != nil {
			if like := schema.Similar(maps.Keys(parent.Properties), name); like != "" {
				message += "; did you mean " + like + "?"
			}
		}
		f.add("unknown-field", path, message)
	}
}

// schemaAt finds the schema of the value at a path; nil where the path leads out of the schema.
func schemaAt(structure *structural.Structural, path string) *structural.Structural {
	for path != "" && structure != nil {
		var name string
		isIndex := path[0] == '['
		name, path = nextStep(path)
		if isIndex {
			structure = structure.Items
		} else {
			structure = inside(structure, name)
		}
	}
	return structure
}

func (f *findings) errors(code string, list field.ErrorList) {
	for _, found := range list {
		message := found.Detail
		if message == "" {
			message = found.ErrorBody()
		}
		f.add(code, strings.TrimPrefix(found.Field, "<nil>"), message)
	}
}

// structure takes what the schema says; blocked is true for findings after which the API server evaluates no rules.
func (f *findings) structure(result *validate.Result) (blocked bool) {
	for _, err := range result.Errors {
		found, isValidation := err.(*openapi.Validation)
		if !isValidation {
			f.alternative(err)
			continue
		}
		path := strings.TrimPrefix(found.Name, ".")
		f.add(codeOf(found), path, messageOf(found))
		blocked = blocked || blocking[found.Code()]
	}
	return blocked
}

var place = regexp.MustCompile(`^"([^"]*)" (.*)`)

// alternative takes that none, or more than one, of several schemas fits: the validator says so in words only.
func (f *findings) alternative(err error) {
	found := place.FindStringSubmatch(err.Error())
	if found == nil {
		f.add("alternative", "", err.Error())
		return
	}
	f.add("alternative", strings.TrimPrefix(found[1], "."), found[2])
}

var blocking = map[int32]bool{
	openapi.RequiredFailCode: true, openapi.EnumFailCode: true, openapi.TooLongFailCode: true, openapi.MaxItemsFailCode: true,
	openapi.TooManyPropertiesCode: true, openapi.InvalidTypeCode: true,
}

// codeOf maps the codes of the schema validator to those of the protocol; bounds of size and number count as format.
func codeOf(found *openapi.Validation) string {
	switch found.Code() {
	case openapi.InvalidTypeCode:
		if isFormat(found) {
			return "format"
		}
		return "type"
	case openapi.RequiredFailCode:
		return "required"
	case openapi.EnumFailCode:
		return "enum"
	case openapi.PatternFailCode:
		return "pattern"
	case openapi.UniqueFailCode:
		return "duplicate-item"
	case openapi.UnallowedPropertyCode, openapi.FailedAllPatternPropsCode:
		return "unknown-field"
	}
	return "format"
}

// isFormat tells a text of the wrong format from a value of the wrong type: the validator has one code for both.
func isFormat(found *openapi.Validation) bool {
	_, expected, _ := strings.Cut(found.Error(), " must be of type ")
	expected, _, _ = strings.Cut(expected, ":")
	for name := range strings.SplitSeq(expected, ",") {
		switch name {
		case "string", "integer", "number", "boolean", "object", "array", "null":
			return false
		}
	}
	return expected != ""
}

// messageOf leaves out the path, which the problem has anyway.
func messageOf(found *openapi.Validation) string {
	message := strings.TrimPrefix(found.Error(), found.Name+" in body ")
	message = strings.TrimPrefix(message, found.Name+" ")
	return strings.TrimPrefix(message, found.In+" ")
}
