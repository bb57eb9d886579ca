package normalise

import (
	"errors"
	"fmt"
	"math"
)

// converted is a value after the round trip, and whether its Go value was empty, as "omitempty" understands it.
type converted struct {
	value any
	empty bool
}

var errWrongType = errors.New("the value has another type")

// convert takes a value through a Go type and back.
func (f *form) convert(value any) (converted, error) {
	switch f.letter {
	case '?':
		return f.pointer(value)
	case '@':
		return f.structValue(value)
	case '[':
		return f.list(value)
	case '{':
		return f.mapping(value)
	case 's', 'b', 'i', 'l', 'f':
		return f.simple(value)
	case 'y':
		return bytes(value)
	}
	return f.leaf(value)
}

func (f *form) pointer(value any) (converted, error) {
	if value == nil {
		return converted{nil, true}, nil
	}
	result, err := f.element.convert(value)
	return converted{result.value, false}, err
}

func (f *form) structValue(value any) (converted, error) {
	fields, isMap := value.(map[string]any)
	if !isMap && value != nil {
		return converted{}, errWrongType
	}
	result := make(map[string]any, len(fields))
	return converted{result, false}, f.shape().fill(result, fields)
}

// fill converts the fields of a structure; absent ones count with the zero value of their type.
func (s *structure) fill(result, fields map[string]any) error {
	for index := range s.fields {
		field := &s.fields[index]
		if field.name == "" {
			if err := field.form.shape().fill(result, fields); err != nil {
				return err
			}
			continue
		}
		value := fields[field.name]
		if value == nil && field.omitEmpty && field.form.letter != '@' && !field.form.isStructLeaf() {
			continue
		}
		made, err := field.form.convert(value)
		if err != nil {
			return fmt.Errorf("%s: %w", field.name, err)
		}
		if (field.omitEmpty && made.empty) || (field.omitZero && made.value == nil) {
			continue
		}
		result[field.name] = made.value
	}
	return nil
}

func (f *form) list(value any) (converted, error) {
	if value == nil {
		return converted{nil, true}, nil
	}
	items, isList := value.([]any)
	if !isList {
		return converted{}, errWrongType
	}
	result := make([]any, len(items))
	for index, item := range items {
		made, err := f.element.convert(item)
		if err != nil {
			return converted{}, err
		}
		result[index] = made.value
	}
	return converted{result, len(items) == 0}, nil
}

func (f *form) mapping(value any) (converted, error) {
	if value == nil {
		return converted{nil, true}, nil
	}
	items, isMap := value.(map[string]any)
	if !isMap {
		return converted{}, errWrongType
	}
	result := make(map[string]any, len(items))
	for key, item := range items {
		made, err := f.element.convert(item)
		if err != nil {
			return converted{}, err
		}
		result[key] = made.value
	}
	return converted{result, len(items) == 0}, nil
}

// simple converts text, booleans and numbers. Between these three nothing converts; a number without a fraction may be an integer.
func (f *form) simple(value any) (converted, error) {
	switch f.letter {
	case 's':
		text, isText := value.(string)
		if isText || value == nil {
			return converted{text, text == ""}, nil
		}
	case 'b':
		truth, isBoolean := value.(bool)
		if isBoolean || value == nil {
			return converted{truth, !truth}, nil
		}
	case 'f':
		return floating(value)
	default:
		return f.integer(value)
	}
	return converted{}, errWrongType
}

func floating(value any) (converted, error) {
	switch number := value.(type) {
	case nil:
		return converted{0.0, true}, nil
	case int64:
		return converted{float64(number), number == 0}, nil
	case float64:
		return converted{number, number == 0}, nil
	}
	return converted{}, errWrongType
}

func (f *form) integer(value any) (converted, error) {
	var whole int64
	switch number := value.(type) {
	case nil:
	case int64:
		whole = number
	case float64:
		if number != math.Trunc(number) {
			return converted{}, errWrongType
		}
		whole = int64(number)
	default:
		return converted{}, errWrongType
	}
	if f.letter == 'i' {
		whole = int64(int32(whole)) // as Go converts it
	}
	return converted{whole, whole == 0}, nil
}
