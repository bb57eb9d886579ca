package kustomization

import (
	"errors"
	"fmt"
	"regexp"
	"strings"

	"github.com/fluxcd/pkg/envsubst"
	"sigs.k8s.io/kustomize/api/resmap"
	"sigs.k8s.io/kustomize/api/resource"
	"sigs.k8s.io/yaml"

	"elysium.dev/engine/internal/objects"
	"elysium.dev/engine/internal/rpc"
)

// The label or annotation that keeps an object from substitution, and the only value that does.
const (
	substituteKey      = "kustomize.toolkit.fluxcd.io/substitute"
	substituteDisabled = "disabled"
)

var variableName = regexp.MustCompile(`^[_[:alpha:]][_[:alpha:][:digit:]]*$`)

// substitution replaces variables in the text of objects, as the controller does after the build.
type substitution struct {
	variables map[string]string
	strict    bool
	report    *usage
}

// newSubstitution takes the variables as the caller merged them. It is nil where the controller would leave objects alone.
func newSubstitution(asked *parameters) (*substitution, error) {
	spec, _ := asked.Kustomization["spec"].(map[string]any)
	always := asked.Always && asked.Flux != "2.8"
	if spec["postBuild"] == nil || (len(asked.Variables) == 0 && !always) {
		return nil, nil
	}
	variables := make(map[string]string, len(asked.Variables))
	for name, value := range asked.Variables {
		if !variableName.MatchString(name) {
			return nil, fmt.Errorf("envsubst error: '%s' var name is invalid, must match '%s'", name, variableName)
		}
		variables[name] = strings.ReplaceAll(value, "\n", "")
	}
	return &substitution{variables: variables, strict: asked.Strict, report: newUsage(variables)}, nil
}

// apply substitutes in the text of an object. A text without a dollar sign stays as it is.
func (s *substitution) apply(built *resource.Resource, object map[string]any) (map[string]any, error) {
	if !mentions(object, "$") || disabled(built) {
		return object, nil
	}
	text, err := built.AsYAML()
	if err != nil {
		return nil, err
	}
	substituted, err := envsubst.Eval(string(text), s.lookup)
	s.report.scan(string(text))
	if err != nil {
		return nil, fmt.Errorf("envsubst error: variable substitution failed: %w", err)
	}
	encoded, err := yaml.YAMLToJSON([]byte(substituted))
	if err != nil {
		return nil, fmt.Errorf("envsubst error: YAMLToJSON: %w", err)
	}
	object, err = objects.FromJSON(encoded)
	if err != nil {
		return nil, fmt.Errorf("UnmarshalJSON: %w", err)
	}
	return object, nil
}

// explain adds to a failed substitution every name of the build that has no value: a caller that can supply them asks only once more.
func (s *substitution) explain(err error, built resmap.ResMap) error {
	var failure *rpc.FailedError
	if s == nil || !errors.As(err, &failure) || failure.Stage != "substitute" {
		return err
	}
	for _, one := range built.Resources() {
		if text, unreadable := one.AsYAML(); unreadable == nil && !disabled(one) {
			s.report.scan(string(text))
		}
	}
	if undefined := s.report.result().Undefined; len(undefined) > 0 {
		failure.Undefined = undefined
	}
	return err
}

func (s *substitution) lookup(name string) (string, bool) {
	value, defined := s.variables[name]
	return value, defined || !s.strict
}

func disabled(built *resource.Resource) bool {
	return built.GetLabels(substituteKey)[substituteKey] == substituteDisabled ||
		built.GetAnnotations(substituteKey)[substituteKey] == substituteDisabled
}
