package expression

import (
	"fmt"
	"strings"

	"github.com/google/cel-go/cel"
)

// question is an expression of Flux's. Without structures it is only parsed, as health check expressions are; otherwise it is compiled
// with variables that are structures, and must be of the type, if one is given.
type question struct {
	Text    string   `json:"text"`
	Structs []string `json:"structs"`
	Type    string   `json:"type"`
}

var outputTypes = map[string]*cel.Type{"bool": cel.BoolType, "string": cel.StringType}

// problem is why Flux refuses an expression; empty when it does not.
func (q question) problem() string {
	if len(q.Text) > maximumLength {
		return fmt.Sprintf("longer than %d bytes", maximumLength)
	}
	variables := map[string]any{}
	for _, name := range q.Structs {
		variables[name] = map[string]any{}
	}
	environment, err := cel.NewEnv(options(variables)...)
	if err != nil {
		return err.Error()
	}
	if len(q.Structs) == 0 {
		_, issues := environment.Parse(q.Text)
		return describe(issues)
	}
	compiled, issues := environment.Compile(q.Text)
	if issues != nil {
		return describe(issues)
	}
	if wanted := outputTypes[q.Type]; wanted != nil && compiled.OutputType() != wanted {
		return fmt.Sprintf("must evaluate to %s but evaluates to %s", wanted, compiled.OutputType())
	}
	return ""
}

// describe writes every issue in one line, with the place in the expression.
func describe(issues *cel.Issues) string {
	if issues == nil {
		return ""
	}
	var lines []string
	for _, issue := range issues.Errors() {
		text := strings.ReplaceAll(strings.Join(strings.Fields(issue.Message), " "), " (in container '')", "")
		lines = append(lines, fmt.Sprintf("%d:%d: %s", issue.Location.Line(), issue.Location.Column()+1, text))
	}
	return strings.Join(lines, "; ")
}
