// Package flux applies and prunes objects as kustomize-controller does.
package flux

import (
	"time"

	"github.com/fluxcd/pkg/ssa"
	"github.com/fluxcd/pkg/ssa/jsondiff"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

const (
	prefix     = "kustomize.toolkit.fluxcd.io/"
	ssaKey     = prefix + "ssa"
	forceKey   = prefix + "force"
	reconcile  = prefix + "reconcile"
	pruneKey   = prefix + "prune"
	disabled   = "disabled"
	controller = "kustomize-controller"
)

// waitLimit is how long definitions may take and forced deletions may last; kustomize-controller gives them 60 s.
const waitLimit = 20 * time.Second

// waitQuiet is how long definitions may stand still before nothing more is expected of them.
const waitQuiet = 5 * time.Second

// Rule is one of `spec.ignore` of a Kustomization: fields that are left as they are in the cluster.
type Rule struct {
	Paths  []string `json:"paths"`
	Target *struct {
		Group              string `json:"group"`
		Version            string `json:"version"`
		Kind               string `json:"kind"`
		Name               string `json:"name"`
		Namespace          string `json:"namespace"`
		AnnotationSelector string `json:"annotationSelector"`
		LabelSelector      string `json:"labelSelector"`
	} `json:"target"`
}

// applyOptions are the ones that kustomize-controller applies with.
func applyOptions(manager string, force bool, rules []Rule) ssa.ApplyOptions {
	options := ssa.DefaultApplyOptions()
	options.Force = force
	options.WaitInterval = 50 * time.Millisecond
	options.WaitTimeout = waitLimit
	options.ExclusionSelector = exclusions
	options.IfNotPresentSelector = map[string]string{ssaKey: "IfNotPresent"}
	options.ForceSelector = map[string]string{forceKey: "enabled"}
	options.DriftIgnoreRules = driftRules(rules)
	options.Cleanup = ssa.ApplyCleanupOptions{
		Annotations:   []string{corev1.LastAppliedConfigAnnotation, prefix + "checksum", "fluxcd.io/sync-checksum"},
		Labels:        []string{"fluxcd.io/sync-gc-mark"},
		FieldManagers: takenOver(manager),
		Exclusions:    map[string]string{ssaKey: "Merge"},
	}
	return options
}

// exclusions are the marks that keep the controller from touching an object.
var exclusions = map[string]string{reconcile: disabled, ssaKey: "Ignore"}

// takenOver are the field managers whose fields the controller makes its own.
func takenOver(manager string) []ssa.FieldManager {
	return []ssa.FieldManager{
		{Name: "kubectl", OperationType: metav1.ManagedFieldsOperationApply},
		{Name: "kubectl", OperationType: metav1.ManagedFieldsOperationUpdate},
		{Name: "before-first-apply", OperationType: metav1.ManagedFieldsOperationUpdate},
		{Name: manager, OperationType: metav1.ManagedFieldsOperationUpdate},
	}
}

func driftRules(rules []Rule) []jsondiff.IgnoreRule {
	drift := make([]jsondiff.IgnoreRule, len(rules))
	for index, rule := range rules {
		drift[index].Paths = rule.Paths
		if target := rule.Target; target != nil {
			selector := jsondiff.Selector(*target)
			drift[index].Selector = &selector
		}
	}
	return drift
}
