package rpc

import "regexp"

// What the YAML libraries quote of a document in their messages: a value that was meant as text and is read as an alias, and the
// beginning of a value of the wrong type. Either may be a password.
var (
	quotedAnchor = regexp.MustCompile(`unknown anchor '[^']*' referenced`)
	quotedValue  = regexp.MustCompile("(!![a-z]+) `[^`]*`")
)

// Discreet takes quoted values out of a message of the YAML libraries.
func Discreet(message string) string {
	message = quotedAnchor.ReplaceAllString(message, "an alias (a value that begins with *) names no anchor")
	return quotedValue.ReplaceAllString(message, "$1")
}
