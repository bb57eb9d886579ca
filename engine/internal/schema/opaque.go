package schema

import (
	"encoding/base64"
	"slices"
	"strconv"
	"strings"
)

const (
	opaquePrefix = "opaque-"
	opaqueDigits = 12
)

// isOpaque tells whether a text holds a token that stands for an unknown secret value, plainly or in Base64.
func isOpaque(text string) bool {
	if holdsToken(text) {
		return true
	}
	decoded, err := base64.StdEncoding.DecodeString(text)
	return err == nil && holdsToken(string(decoded))
}

func holdsToken(text string) bool {
	for {
		start := strings.Index(text, opaquePrefix)
		if start < 0 {
			return false
		}
		text = text[start+len(opaquePrefix):]
		if len(text) >= opaqueDigits && isHexadecimal(text[:opaqueDigits]) {
			return true
		}
	}
}

func isHexadecimal(text string) bool {
	for _, char := range text {
		if (char < '0' || char > '9') && (char < 'a' || char > 'f') {
			return false
		}
	}
	return true
}

func isOpaqueValue(value any) bool {
	text, ok := value.(string)
	return ok && isOpaque(text)
}

// HoldsToken tells whether a value, or anything inside it, is unknown offline.
func HoldsToken(value any) bool {
	switch typed := value.(type) {
	case string:
		return isOpaque(typed)
	case map[string]any:
		for name, item := range typed {
			if isOpaque(name) || HoldsToken(item) {
				return true
			}
		}
	case []any:
		return slices.ContainsFunc(typed, HoldsToken)
	}
	return false
}

// quoted shows a text in a message, shortened.
func quoted(text string) string {
	if len(text) > 40 {
		text = text[:40] + "…"
	}
	return strconv.Quote(text)
}
