package main

// gone is a kind that Kubernetes removed together with its Go types.
type gone struct {
	apiVersion, name, scope, removed, replacement string
}

// removedKinds completes what the modules still know: people find these in old manifests and charts.
var removedKinds = []gone{
	{"admissionregistration.k8s.io/v1alpha1", "InitializerConfiguration", "C", "1.14", ""},
	{"apps/v1alpha1", "PetSet", "N", "1.6", "apps/v1 StatefulSet"},
	{"auditregistration.k8s.io/v1alpha1", "AuditSink", "C", "1.19", ""},
	{"autoscaling/v2alpha1", "HorizontalPodAutoscaler", "N", "1.10", "autoscaling/v2 HorizontalPodAutoscaler"},
	{"autoscaling/v2beta1", "HorizontalPodAutoscaler", "N", "1.25", "autoscaling/v2 HorizontalPodAutoscaler"},
	{"autoscaling/v2beta2", "HorizontalPodAutoscaler", "N", "1.26", "autoscaling/v2 HorizontalPodAutoscaler"},
	{"batch/v2alpha1", "CronJob", "N", "1.21", "batch/v1 CronJob"},
	{"extensions/v1beta1", "PodSecurityPolicy", "C", "1.16", ""},
	{"flowcontrol.apiserver.k8s.io/v1alpha1", "FlowSchema", "C", "1.23", "flowcontrol.apiserver.k8s.io/v1 FlowSchema"},
	{"flowcontrol.apiserver.k8s.io/v1alpha1", "PriorityLevelConfiguration", "C", "1.23", "flowcontrol.apiserver.k8s.io/v1 PriorityLevelConfiguration"},
	{"policy/v1alpha1", "PodDisruptionBudget", "N", "1.5", "policy/v1 PodDisruptionBudget"},
	{"policy/v1beta1", "PodSecurityPolicy", "C", "1.25", ""},
	{"scheduling.k8s.io/v1alpha1", "PriorityClass", "C", "1.22", "scheduling.k8s.io/v1 PriorityClass"},
	{"settings.k8s.io/v1alpha1", "PodPreset", "N", "1.20", ""},
}

// withHistory adds the kinds of the release before that this one has dropped, and those that went earlier.
func withHistory(kinds, before []kind, minor string) []kind {
	type identity struct{ apiVersion, name string }
	known := map[identity]bool{}
	for _, kind := range kinds {
		known[identity{kind.apiVersion, kind.name}] = true
	}
	add := func(lost kind) {
		if key := (identity{lost.apiVersion, lost.name}); !known[key] {
			known[key] = true
			kinds = append(kinds, lost)
		}
	}
	for _, old := range removedKinds {
		add(kind{apiVersion: old.apiVersion, name: old.name, scope: old.scope, removed: old.removed, replacement: old.replacement})
	}
	for _, lost := range before {
		if lost.removed == "" || number(lost.removed) > number(minor) {
			lost.removed = minor
		}
		add(lost)
	}
	sortKinds(kinds)
	return kinds
}
