// Package policy evaluates CEL as the API server does in admission: own policies of a repository, and ValidatingAdmissionPolicies.
package policy

import (
	"fmt"
	"strings"

	"github.com/google/cel-go/cel"
	"k8s.io/apimachinery/pkg/util/version"
	admission "k8s.io/apiserver/pkg/admission/plugin/cel"
	celconfig "k8s.io/apiserver/pkg/apis/cel"
	apiservercel "k8s.io/apiserver/pkg/cel"
	"k8s.io/apiserver/pkg/cel/environment"
)

// maximumLength bounds the text of an expression: the parser's work grows with it.
const maximumLength = 64 << 10

// ownEnvironment is the API server's environment, with everything that it can evaluate and the variables of a repository's own policies.
func ownEnvironment() (*cel.Env, error) {
	namespaceType := admission.BuildNamespaceType()
	set, err := environment.MustBaseEnvSet(environment.DefaultCompatibilityVersion()).Extend(environment.VersionedOptions{
		IntroducedVersion: version.MajorMinor(1, 0),
		EnvOptions: []cel.EnvOption{
			cel.Variable("object", cel.DynType),
			cel.Variable("namespaceObject", namespaceType.CelType()),
			cel.Variable("unit", cel.MapType(cel.StringType, cel.StringType)),
			cel.Variable("file", cel.StringType),
		},
		DeclTypes: []*apiservercel.DeclType{namespaceType},
	})
	if err != nil {
		return nil, err
	}
	return set.Env(environment.StoredExpressions)
}

// compile makes a program of an expression that must be of a type. The error is for the author of the expression.
func compile(env *cel.Env, expression string, wanted *cel.Type) (cel.Program, error) {
	if len(expression) > maximumLength {
		return nil, fmt.Errorf("the expression is longer than %d bytes", maximumLength)
	}
	parsed, issues := env.Compile(expression)
	if issues != nil {
		return nil, fmt.Errorf("%s", describe(issues))
	}
	if found := parsed.OutputType(); !found.IsExactType(wanted) && !found.IsExactType(cel.DynType) {
		return nil, fmt.Errorf("must evaluate to %s but evaluates to %s", wanted, found)
	}
	return env.Program(parsed, cel.InterruptCheckFrequency(celconfig.CheckFrequency))
}

// plain is a message of CEL in one line, without the container of names, which is always empty here.
func plain(message string) string {
	return strings.ReplaceAll(strings.Join(strings.Fields(message), " "), " (in container '')", "")
}

// describe writes every issue in one line, with the place in the expression.
func describe(issues *cel.Issues) string {
	var lines []string
	for _, issue := range issues.Errors() {
		place := ""
		if at := issue.Location; at.Line() > 0 {
			place = fmt.Sprintf("%d:%d: ", at.Line(), at.Column()+1)
		}
		lines = append(lines, place+plain(issue.Message))
	}
	return strings.Join(lines, "; ")
}
