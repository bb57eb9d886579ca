package helm

import (
	"cmp"
	"slices"

	"elysium.dev/controlplane/internal/replay/wire"
)

// installOrder is Helm's order of kinds; kinds that are not in it come last, by name.
var installOrder = []string{
	"PriorityClass", "Namespace", "NetworkPolicy", "ResourceQuota", "LimitRange", "PodSecurityPolicy",
	"PodDisruptionBudget", "ServiceAccount", "Secret", "SecretList", "ConfigMap", "StorageClass", "PersistentVolume",
	"PersistentVolumeClaim", "CustomResourceDefinition", "ClusterRole", "ClusterRoleList", "ClusterRoleBinding",
	"ClusterRoleBindingList", "Role", "RoleList", "RoleBinding", "RoleBindingList", "Service", "DaemonSet", "Pod",
	"ReplicationController", "ReplicaSet", "Deployment", "HorizontalPodAutoscaler", "StatefulSet", "Job", "CronJob",
	"IngressClass", "Ingress", "APIService", "MutatingWebhookConfiguration", "ValidatingWebhookConfiguration",
}

// uninstallOrder is Helm's order of deletion: hooks of the server first, so that they refuse nothing, and a Service
// before the workloads behind it.
var uninstallOrder = func() []string {
	order := slices.Clone(installOrder)
	order = slices.DeleteFunc(order, func(kind string) bool { return kind == "Service" })
	slices.Reverse(order)
	return slices.Insert(order, slices.Index(order, "IngressClass")+1, "Service")
}()

// byKind compares kinds by their place in an order.
func byKind(order []string) func(left, right string) int {
	rank := func(kind string) int {
		if place := slices.Index(order, kind); place >= 0 {
			return place
		}
		return len(order)
	}
	return func(left, right string) int {
		return cmp.Or(cmp.Compare(rank(left), rank(right)), cmp.Compare(left, right))
	}
}

// uninstalled gives the places of objects in the order in which they are deleted.
func uninstalled(objects []wire.Reference) []int {
	places := make([]int, len(objects))
	for index := range places {
		places[index] = index
	}
	compare := byKind(uninstallOrder)
	slices.SortStableFunc(places, func(left, right int) int { return compare(objects[left].Kind, objects[right].Kind) })
	return places
}
