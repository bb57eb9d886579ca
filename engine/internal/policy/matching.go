package policy

import (
	"slices"
	"strings"

	admissionv1 "k8s.io/api/admissionregistration/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"
)

// answer is yes, no, or unknown offline.
type answer int

const (
	no answer = iota
	yes
	unknownOffline
)

func answerOf(value bool) answer {
	if value {
		return yes
	}
	return no
}

// and is no if one of both is, otherwise unknown if one of both is.
func (a answer) and(other answer) answer {
	if a == no || other == no {
		return no
	}
	return max(a, other)
}

// matches tells whether a request is among those that match resources describe (k8s.io/apiserver, policy/matching).
func (e *evaluation) matches(match *admissionv1.MatchResources, asked *request) (answer, error) {
	if match == nil {
		return yes, nil
	}
	inNamespace, err := e.namespaceMatches(match.NamespaceSelector, asked)
	if err != nil || inNamespace == no {
		return no, err
	}
	selected, err := selects(match.ObjectSelector, asked.labels())
	if err != nil || !selected {
		return no, err
	}
	excluded := rulesMatch(match.ExcludeResourceRules, match.MatchPolicy, asked)
	if excluded == yes {
		return no, nil
	}
	wanted := yes
	if len(match.ResourceRules) > 0 {
		wanted = rulesMatch(match.ResourceRules, match.MatchPolicy, asked)
	}
	if excluded == unknownOffline && wanted == yes {
		wanted = unknownOffline
	}
	return wanted.and(inNamespace), nil
}

// namespaceMatches looks at the labels of the Namespace; those of one that is not in Git are not known, but for the name.
func (e *evaluation) namespaceMatches(selector *metav1.LabelSelector, asked *request) (answer, error) {
	if asked.Resource == "namespaces" && asked.group() == "" {
		matched, err := selects(selector, asked.labels())
		return answerOf(matched), err
	}
	if asked.Namespace == "" {
		return yes, nil
	}
	found := labels.Set{corev1.LabelMetadataName: asked.Namespace}
	namespace := e.namespaces[asked.Namespace]
	if namespace != nil {
		found = namespace.Labels
	}
	matched, err := selects(selector, found)
	if err == nil && namespace == nil && !onlyName(selector) {
		return unknownOffline, nil
	}
	return answerOf(matched), err
}

func onlyName(selector *metav1.LabelSelector) bool {
	if selector == nil {
		return true
	}
	for key := range selector.MatchLabels {
		if key != corev1.LabelMetadataName {
			return false
		}
	}
	return !slices.ContainsFunc(selector.MatchExpressions, func(item metav1.LabelSelectorRequirement) bool {
		return item.Key != corev1.LabelMetadataName
	})
}

// selects is true without a selector: the API server's default is the empty one.
func selects(selector *metav1.LabelSelector, found labels.Set) (bool, error) {
	if selector == nil {
		return true, nil
	}
	compiled, err := metav1.LabelSelectorAsSelector(selector)
	return err == nil && compiled.Matches(found), err
}

// rulesMatch tells whether one of the rules is about the request. One for another version of the resource matches by default, but
// its expressions see the object converted to that version, which is not known here.
func rulesMatch(rules []admissionv1.NamedRuleWithOperations, policy *admissionv1.MatchPolicyType, asked *request) answer {
	result := no
	for _, rule := range rules {
		if !about(rule, asked) {
			continue
		}
		if contains(rule.APIVersions, asked.version()) {
			return yes
		}
		if policy == nil || *policy == admissionv1.Equivalent {
			result = unknownOffline
		}
	}
	return result
}

func about(rule admissionv1.NamedRuleWithOperations, asked *request) bool {
	operation := func(item admissionv1.OperationType) bool {
		return item == admissionv1.OperationAll || item == admissionv1.Create
	}
	resource := func(item string) bool {
		name, sub, _ := strings.Cut(item, "/")
		return (name == "*" || name == asked.Resource) && (sub == "" || sub == "*")
	}
	named := len(rule.ResourceNames) == 0 || slices.Contains(rule.ResourceNames, asked.name())
	return named && inScope(rule.Scope, asked) && contains(rule.APIGroups, asked.group()) &&
		slices.ContainsFunc(rule.Operations, operation) && slices.ContainsFunc(rule.Resources, resource)
}

func inScope(scope *admissionv1.ScopeType, asked *request) bool {
	if scope == nil || *scope == admissionv1.AllScopes {
		return true
	}
	return (*scope == admissionv1.NamespacedScope) == (asked.Namespace != "")
}

func contains(items []string, wanted string) bool {
	return slices.Contains(items, "*") || slices.Contains(items, wanted)
}
