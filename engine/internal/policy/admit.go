package policy

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	admissionv1 "k8s.io/api/admissionregistration/v1"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/runtime"

	"elysium.dev/engine/internal/rpc"
	"elysium.dev/engine/internal/schema/custom"
)

// boundPolicy is a ValidatingAdmissionPolicy with its bindings.
type boundPolicy struct {
	Policy   object   `json:"policy"`
	Bindings []object `json:"bindings"`
}

type admitParams struct {
	Kubernetes string              `json:"kubernetes"`
	Policies   []boundPolicy       `json:"policies"`
	Requests   []request           `json:"requests"`
	Namespaces map[string]object   `json:"namespaces"`
	Params     map[string][]object `json:"params"`
	// Definitions are CustomResourceDefinitions; those of Flux (of its minor) and of common operators are known.
	Definitions []json.RawMessage `json:"definitions"`
	Flux        string            `json:"flux"`
}

type admitResult struct {
	// Problems has for each policy the expressions that do not compile.
	Problems [][]problem `json:"problems"`
	// Decisions are the validations that do not hold, with the actions of the binding.
	Decisions []decision `json:"decisions"`
}

type decision struct {
	Policy     int      `json:"policy"`
	Binding    int      `json:"binding"`
	Request    int      `json:"request"`
	Validation int      `json:"validation"`
	Actions    []string `json:"actions"`
	Message    string   `json:"message"`
}

func admit(ctx context.Context, asked admitParams) (*admitResult, error) {
	minor, err := strconv.ParseUint(strings.TrimPrefix(asked.Kubernetes, "1."), 10, 8)
	if err != nil {
		return nil, rpc.InvalidParams("kubernetes: %q is no minor", asked.Kubernetes)
	}
	result := &admitResult{Problems: [][]problem{}, Decisions: []decision{}}
	shared := newEvaluation(asked)
	definitions := custom.NewDefinitions(asked.Definitions)
	definitions.Flux, definitions.Catalogue = asked.Flux, true
	for index := range asked.Requests {
		asked.Requests[index].complete(definitions)
	}
	for index, bound := range asked.Policies {
		policy, err := compileAdmission(uint(minor), bound.Policy)
		if err != nil {
			result.Problems = append(result.Problems, []problem{{Path: []any{}, Message: err.Error()}})
			continue
		}
		result.Problems = append(result.Problems, policy.problems)
		if len(policy.problems) > 0 {
			continue
		}
		for number, binding := range bound.Bindings {
			found, err := shared.decisions(ctx, policy, binding, asked.Requests)
			if err != nil {
				continue // the API server refuses the binding itself
			}
			for _, item := range found {
				item.Policy, item.Binding = index, number
				result.Decisions = append(result.Decisions, item)
			}
		}
	}
	return result, ctx.Err()
}

func newEvaluation(asked admitParams) *evaluation {
	made := &evaluation{namespaces: map[string]*corev1.Namespace{}, candidates: map[string][]map[string]any{}}
	for name, found := range asked.Namespaces {
		if namespace, err := readNamespace(found); err == nil {
			made.namespaces[name] = namespace
		}
	}
	for kind, found := range asked.Params {
		for _, item := range found {
			made.candidates[kind] = append(made.candidates[kind], item)
		}
	}
	return made
}

// decisions are those of one binding about all requests.
func (e *evaluation) decisions(ctx context.Context, policy *admissionPolicy, body object, requests []request) ([]decision, error) {
	binding := &admissionv1.ValidatingAdmissionPolicyBinding{}
	if err := runtime.DefaultUnstructuredConverter.FromUnstructured(body, binding); err != nil {
		return nil, fmt.Errorf("binding: %w", err)
	}
	actions := make([]string, 0, len(binding.Spec.ValidationActions))
	for _, action := range binding.Spec.ValidationActions {
		actions = append(actions, string(action))
	}
	found := []decision{}
	for index := range requests {
		if requests[index].exempt() {
			continue
		}
		verdicts, err := e.decide(ctx, policy, binding.Spec, &requests[index])
		if err != nil {
			return nil, err
		}
		for _, item := range verdicts {
			found = append(found, decision{Request: index, Validation: item.validation, Actions: actions, Message: item.message})
		}
	}
	return found, nil
}

func labelSet(item *unstructured.Unstructured) labels.Set { return labels.Set(item.GetLabels()) }
