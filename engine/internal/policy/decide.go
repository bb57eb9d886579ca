package policy

import (
	"context"
	"fmt"
	"regexp"
	"strings"

	"github.com/google/cel-go/common/types"
	"github.com/google/cel-go/common/types/ref"
	admissionv1 "k8s.io/api/admissionregistration/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	admission "k8s.io/apiserver/pkg/admission/plugin/cel"
	celconfig "k8s.io/apiserver/pkg/apis/cel"

	"elysium.dev/engine/internal/schema"
)

// evaluation holds what the requests of one call have in common.
type evaluation struct {
	namespaces map[string]*corev1.Namespace
	// candidates are the objects that may be parameters, by "apiVersion/kind".
	candidates map[string][]map[string]any
}

// verdict is a validation that does not hold.
type verdict struct {
	validation int
	message    string
}

// decide evaluates a policy for a binding and a request: the validations that do not hold for one of the parameters.
func (e *evaluation) decide(ctx context.Context, policy *admissionPolicy, spec admissionv1.ValidatingAdmissionPolicyBindingSpec, asked *request) ([]verdict, error) {
	matched, err := e.matches(policy.spec.MatchConstraints, asked)
	if err != nil || matched != yes {
		return nil, err
	}
	if matched, err = e.matches(spec.MatchResources, asked); err != nil || matched != yes {
		return nil, err
	}
	for _, params := range e.params(policy.spec.ParamKind, spec.ParamRef, asked.Namespace) {
		input := &input{policy: policy, asked: asked, params: params, namespace: e.namespaces[asked.Namespace]}
		if item, isObject := params.(*unstructured.Unstructured); isObject {
			input.opaque = schema.HoldsToken(item.Object)
		}
		if input.meetsConditions(ctx) != yes {
			continue
		}
		if found := input.validate(ctx); len(found) > 0 {
			return found, nil
		}
	}
	return nil, nil
}

// params are the parameters of a binding that are known: nil stands for none. Others may exist in the cluster, so nothing follows from
// a parameter that is not here.
func (e *evaluation) params(kind *admissionv1.ParamKind, wanted *admissionv1.ParamRef, namespace string) []runtime.Object {
	if kind == nil || wanted == nil {
		return []runtime.Object{nil}
	}
	if wanted.Namespace != "" {
		namespace = wanted.Namespace
	}
	var found []runtime.Object
	for _, candidate := range e.candidates[kind.APIVersion+"/"+kind.Kind] {
		item := &unstructured.Unstructured{Object: candidate}
		if item.GetNamespace() != "" && item.GetNamespace() != namespace {
			continue
		}
		named := wanted.Name != "" && item.GetName() == wanted.Name
		if selector, err := metav1.LabelSelectorAsSelector(wanted.Selector); wanted.Selector != nil && err == nil {
			named = selector.Matches(labelSet(item))
		}
		if named {
			found = append(found, item)
		}
	}
	return found
}

// input is what the expressions of a policy see. Opaque tells that the parameters hold what is not known.
type input struct {
	policy    *admissionPolicy
	asked     *request
	params    runtime.Object
	namespace *corev1.Namespace
	opaque    bool
}

// meetsConditions follows k8s.io/apiserver, webhook/matchconditions: one that is false decides.
func (i *input) meetsConditions(ctx context.Context) answer {
	result := yes
	for _, condition := range i.policy.conditions {
		value, err := i.value(ctx, condition, nil)
		switch {
		case err != nil || types.IsUnknown(value):
			result = unknownOffline
		case value == types.False:
			return no
		}
	}
	return result
}

func (i *input) validate(ctx context.Context) []verdict {
	var found []verdict
	for index, rule := range i.policy.rules {
		if rule.namespaced && i.namespace == nil && i.asked.Namespace != "" {
			continue
		}
		value, err := i.value(ctx, rule, i.namespace)
		switch {
		case err != nil && i.refuses(rule.text, err):
			found = append(found, verdict{index, "it cannot be evaluated: " + err.Error()})
		case err == nil && value == types.False:
			found = append(found, verdict{index, i.message(ctx, index)})
		}
	}
	return found
}

var aboutMetadata = regexp.MustCompile(`\b(labels|annotations)\b`)

// refuses tells whether an error refuses the request: by the policy's choice, and when no default of the API server can mend it.
func (i *input) refuses(text string, err error) bool {
	if i.policy.spec.FailurePolicy != nil && *i.policy.spec.FailurePolicy == admissionv1.Ignore {
		return false
	}
	return i.asked.defaulted || aboutMetadata.MatchString(text) && strings.Contains(err.Error(), "no such key")
}

// message is what the API server says, see k8s.io/apiserver, policy/validating.
func (i *input) message(ctx context.Context, index int) string {
	if expression := i.policy.messages[index]; expression != nil {
		value, err := i.value(ctx, expression, i.namespace)
		text, isText := value.(types.String)
		said := strings.TrimSpace(string(text))
		if err == nil && isText && said != "" && !strings.Contains(said, "\n") && len(said) <= celconfig.MaxEvaluatedMessageExpressionSizeBytes {
			return said
		}
	}
	validation := i.policy.spec.Validations[index]
	if said := strings.TrimSpace(validation.Message); said != "" {
		return said
	}
	return "failed expression: " + strings.Join(strings.Fields(validation.Expression), " ")
}

// value evaluates one expression. What only the cluster knows is unknown.
func (i *input) value(ctx context.Context, of *check, namespace *corev1.Namespace) (ref.Val, error) {
	if of.unknowable || of.parametrised && i.opaque {
		return unknown(), nil
	}
	attributes := i.asked.attributes
	kind, resource := i.asked.kind(), attributes.GetResource()
	asked := admission.CreateAdmissionRequest(attributes, metav1.GroupVersionResource(resource), metav1.GroupVersionKind(kind))
	bindings := admission.OptionalVariableBindings{VersionedParams: i.params}
	results, _, err := of.evaluator.ForInput(ctx, attributes, asked, bindings, namespace, celconfig.RuntimeCELCostBudget)
	if err != nil {
		return nil, err
	}
	if len(results) != 1 {
		return nil, fmt.Errorf("%d results", len(results))
	}
	if results[0].Error != nil {
		return nil, results[0].Error
	}
	return results[0].EvalResult, nil
}
