package values

import (
	"fmt"
	"regexp"
	"strings"

	"helm.sh/helm/v4/pkg/chart/common"
	"helm.sh/helm/v4/pkg/strvals"
)

// Reference is one resolved entry of valuesFrom.
type Reference struct {
	// Text is the content of the referenced key.
	Text string
	// TargetPath is where the text is set as one value; empty: the text is a YAML document, merged at the root.
	TargetPath string
	// Literal takes the text of a TargetPath as it is, without Helm's value syntax.
	Literal bool
}

// ReferenceError says which entry of valuesFrom could not be used.
type ReferenceError struct {
	Index int
	Cause error
}

func (e *ReferenceError) Error() string {
	return fmt.Sprintf("valuesFrom[%d]: %s", e.Index, withoutValues(e.Cause.Error()))
}

// Compose merges references in their order and the inline values last. It changes inline: before a reference with a TargetPath,
// inline is merged into the result and shares the maps that only it has, so that the path is written into inline itself. Hence
// below a map that only inline provides the targetPath wins, and everywhere else inline does.
func Compose(references []Reference, inline map[string]any) (map[string]any, error) {
	composed := map[string]any{}
	for index, reference := range references {
		if reference.TargetPath != "" {
			composed = Merge(composed, inline)
			if err := setPath(composed, reference); err != nil {
				return nil, &ReferenceError{Index: index, Cause: err}
			}
			continue
		}
		document, err := common.ReadValues([]byte(reference.Text))
		if err != nil {
			return nil, &ReferenceError{Index: index, Cause: err}
		}
		composed = Merge(composed, document)
	}
	return Merge(composed, inline), nil
}

// setPath writes the text at the path with Helm's own parser. A text in quotes is a string, whatever it looks like.
func setPath(into map[string]any, reference Reference) error {
	text := reference.Text
	switch {
	case reference.Literal:
		return strvals.ParseIntoString(reference.TargetPath+"="+escape(text), into)
	case isWrapped(text, "'"), isWrapped(text, `"`):
		return strvals.ParseIntoString(reference.TargetPath+"="+strings.Trim(text, `'"`), into)
	default:
		return strvals.ParseInto(reference.TargetPath+"="+text, into)
	}
}

func isWrapped(text, quote string) bool {
	return strings.HasPrefix(text, quote) && strings.HasSuffix(text, quote)
}

// valueSyntax escapes what Helm's parser would read as syntax in a value; the backslash comes first by being one pass.
var valueSyntax = strings.NewReplacer(`\`, `\\`, `,`, `\,`, `[`, `\[`, `]`, `\]`, `{`, `\{`, `}`, `\}`)

func escape(text string) string { return valueSyntax.Replace(text) }

var quoted = regexp.MustCompile("\"[^\"]*\"|`[^`]*`")

// withoutValues removes what parsers quote from their input, which may be part of a Secret.
func withoutValues(message string) string {
	return quoted.ReplaceAllString(message, "…")
}
