package schema

import (
	"encoding/base64"
	"encoding/json"
	"math"
	"time"

	"k8s.io/apimachinery/pkg/api/resource"
)

// scalar checks a value without structure, as the API server decodes it.
func (w *walk) scalar(sort byte, value any, at *path) {
	switch sort {
	case 'a':
	case 's':
		if _, ok := value.(string); !ok {
			w.mismatch("a string", value, at)
		}
	case 'b':
		if _, ok := value.(bool); !ok {
			w.mismatch("a boolean", value, at)
		}
	case 'i':
		w.integer(value, math.MinInt32, math.MaxInt32, at)
	case 'l':
		w.integer(value, math.MinInt64, math.MaxInt64, at)
	case 'f':
		if _, ok := number(value); !ok {
			w.mismatch("a number", value, at)
		}
	case 'o':
		if _, ok := value.(string); !ok {
			w.integer(value, math.MinInt32, math.MaxInt32, at)
		}
	default:
		w.formatted(sort, value, at)
	}
}

func (w *walk) integer(value any, low, high float64, at *path) {
	found, ok := number(value)
	if !ok || found != math.Trunc(found) {
		w.mismatch("an integer", value, at)
		return
	}
	if found < low || found > high {
		w.report("type", at, "%v is out of range", value)
	}
}

// number reads whatever Go type a JSON or YAML decoder may have chosen.
func number(value any) (float64, bool) {
	switch typed := value.(type) {
	case int64:
		return float64(typed), true
	case float64:
		return typed, true
	case int:
		return float64(typed), true
	case uint64:
		return float64(typed), true
	case int32:
		return float64(typed), true
	case json.Number:
		found, err := typed.Float64()
		return found, err == nil
	}
	return 0, false
}

// formatted checks strings that the API server parses while it decodes.
func (w *walk) formatted(sort byte, value any, at *path) {
	text, isText := value.(string)
	if !isText {
		if _, isNumber := number(value); sort != 'q' || !isNumber {
			w.mismatch("a string", value, at)
		}
		return
	}
	if wrong := malformed(sort, text); wrong != "" && !isOpaque(text) {
		w.report("format", at, "%s", wrong)
	}
}

// malformed says what is wrong with a string of the given sort. It does not repeat the text: Base64 may be a secret.
func malformed(sort byte, text string) string {
	var err error
	switch sort {
	case 'y':
		_, err = base64.StdEncoding.DecodeString(text)
		if err != nil {
			return "not valid Base64"
		}
	case 'q':
		if _, err = resource.ParseQuantity(text); err != nil {
			return "not a quantity such as 100m or 1Gi: " + quoted(text)
		}
	case 't':
		if _, err = time.Parse(time.RFC3339, text); err != nil {
			return "not an RFC 3339 time: " + quoted(text)
		}
	case 'u':
		if _, err = time.Parse(time.RFC3339Nano, text); err != nil {
			return "not an RFC 3339 time: " + quoted(text)
		}
	case 'd':
		if _, err = time.ParseDuration(text); err != nil {
			return "not a duration such as 1m30s: " + quoted(text)
		}
	}
	return ""
}
