package custom

import (
	"fmt"
	"maps"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"

	structural "k8s.io/apiextensions-apiserver/pkg/apiserver/schema"
)

// Many objects of a fleet differ in names and paths only, of which the schema says no more than that they are texts. Their shape is
// the object without these texts: where one object of a shape has no problem, none has.

// maximumShapes bounds the shapes that a version remembers.
const maximumShapes = 1024

type shapes struct {
	mutex sync.Mutex
	sound map[string]bool
}

func (s *shapes) isSound(shape string) bool {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	return s.sound[shape]
}

func (s *shapes) add(shape string) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	if s.sound == nil || len(s.sound) >= maximumShapes {
		s.sound = map[string]bool{}
	}
	s.sound[shape] = true
}

// shapeOf writes the shape of an object, or nothing where the definition looks at its metadata, which is judged elsewhere.
func shapeOf(object map[string]any, structure *structural.Structural) string {
	metadata := structure.Properties["metadata"]
	if !holdsOnlyPresence(structure) || len(metadata.Properties) > 0 || !isUnlimited(&metadata) {
		return ""
	}
	var text strings.Builder
	for _, name := range slices.Sorted(maps.Keys(object)) {
		if name != "metadata" {
			text.WriteString(strconv.Quote(name))
			writeShape(&text, object[name], inside(structure, name), true)
		}
	}
	return text.String()
}

// writeShape writes a value. Free is true where no rule above it reads more than whether a field is there.
func writeShape(text *strings.Builder, value any, structure *structural.Structural, free bool) {
	free = free && holdsOnlyPresence(structure)
	if free && holdsAnything(structure) {
		fmt.Fprintf(text, "%T,", value)
		return
	}
	switch typed := value.(type) {
	case string:
		if free && isPlainText(structure) {
			text.WriteString("s,")
			return
		}
		text.WriteString(strconv.Quote(typed))
	case map[string]any:
		text.WriteString("{")
		for _, name := range slices.Sorted(maps.Keys(typed)) {
			text.WriteString(strconv.Quote(name))
			writeShape(text, typed[name], inside(structure, name), free)
		}
		text.WriteString("}")
	case []any:
		text.WriteString("[")
		for _, item := range typed {
			writeShape(text, item, items(structure), free && structure.XListType == nil)
		}
		text.WriteString("]")
	default:
		fmt.Fprintf(text, "%T %v,", value, value)
	}
}

func items(structure *structural.Structural) *structural.Structural {
	if structure == nil {
		return nil
	}
	return structure.Items
}

// holdsAnything tells whether a schema leaves all that is inside a value to others.
func holdsAnything(structure *structural.Structural) bool {
	return structure.XPreserveUnknownFields && !structure.XEmbeddedResource && len(structure.Properties) == 0 &&
		structure.Items == nil && structure.AdditionalProperties == nil && isUnlimited(structure)
}

// isUnlimited tells whether a schema says nothing but the type of a value.
func isUnlimited(structure *structural.Structural) bool {
	limits := structure.ValueValidation
	return len(structure.XValidations) == 0 && (limits == nil || reflect.ValueOf(limits).Elem().IsZero())
}

func inside(structure *structural.Structural, name string) *structural.Structural {
	if structure == nil {
		return nil
	}
	if property, found := structure.Properties[name]; found {
		return &property
	}
	if structure.AdditionalProperties != nil {
		return structure.AdditionalProperties.Structural
	}
	return nil
}

// isPlainText tells whether a schema asks for a text and nothing else.
func isPlainText(structure *structural.Structural) bool {
	if structure == nil || structure.Type != "string" || structure.XEmbeddedResource || structure.XIntOrString {
		return false
	}
	return isUnlimited(structure)
}

var presence = regexp.MustCompile(`has\(self(\.\w+)+\)`)

// holdsOnlyPresence tells whether the rules of a schema, and what it says of its parts beside their own schemas, look at no value.
func holdsOnlyPresence(structure *structural.Structural) bool {
	if structure == nil {
		return false
	}
	for _, rule := range structure.XValidations {
		if strings.Contains(presence.ReplaceAllString(rule.Rule, ""), "self") {
			return false
		}
	}
	limits := structure.ValueValidation
	return limits == nil || limits.AllOf == nil && limits.AnyOf == nil && limits.OneOf == nil && limits.Not == nil && !limits.UniqueItems
}
