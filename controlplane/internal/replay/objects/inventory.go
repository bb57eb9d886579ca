package objects

import (
	"context"
	"slices"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"elysium.dev/controlplane/internal/replay/connection"
	"elysium.dev/controlplane/internal/replay/wire"
)

// Stored is an object that is there. Where another object owns it, it goes with that.
type Stored struct {
	Object   wire.Reference `json:"object"`
	Owned    bool           `json:"owned"`
	Managers []string       `json:"managers"`
}

// passing are kinds that come and go by themselves.
var passing = []schema.GroupKind{
	{Kind: "Event"}, {Group: "events.k8s.io", Kind: "Event"}, {Group: "coordination.k8s.io", Kind: "Lease"},
	{Kind: "ComponentStatus"}, {Group: "metrics.k8s.io", Kind: "NodeMetrics"}, {Group: "metrics.k8s.io", Kind: "PodMetrics"},
	{Group: "networking.k8s.io", Kind: "IPAddress"},
}

// claim is a kind that a controller makes and that outlives it: those of a StatefulSet stay when it goes.
const claim = "PersistentVolumeClaim"

// components are the field managers under which the server's own parts write.
var components = []string{
	"kube-apiserver", "kube-controller-manager", "kube-scheduler", "elysium-controlplane",
	"api-priority-and-fairness-config-producer-v1", "clusterrole-aggregation-controller", "kubernetes-service-cidr-controller",
}

// Inventory lists all objects of all kinds but those that the server made for itself.
func Inventory(ctx context.Context, server *connection.Connection) ([]Stored, error) {
	kinds, err := listable(server)
	if err != nil {
		return nil, err
	}
	reader, err := server.Client("")
	if err != nil {
		return nil, err
	}
	var failure error
	stored := []Stored{}
	for _, found := range connection.Each(kinds, func(_ int, kind schema.GroupVersionKind) result {
		return list(ctx, reader, kind)
	}) {
		stored = append(stored, found.objects...)
		if found.failure != nil {
			failure = found.failure
		}
	}
	return stored, failure
}

// listable are all kinds that can be listed, each in the version that the server prefers.
func listable(server *connection.Connection) ([]schema.GroupVersionKind, error) {
	groups, err := server.Mapper.Groups()
	if err != nil {
		return nil, err
	}
	var kinds []schema.GroupVersionKind
	seen := map[schema.GroupKind]bool{}
	for _, group := range groups {
		versions := append([]metav1.GroupVersionForDiscovery{group.Group.PreferredVersion}, group.Group.Versions...)
		for _, version := range versions {
			for _, resource := range group.VersionedResources[version.Version] {
				kind := schema.GroupKind{Group: group.Group.Name, Kind: resource.Kind}
				if seen[kind] || slices.Contains(passing, kind) || !slices.Contains(resource.Verbs, "list") {
					continue
				}
				seen[kind] = true
				kinds = append(kinds, kind.WithVersion(version.Version))
			}
		}
	}
	return kinds, nil
}

type result struct {
	objects []Stored
	failure error
}

func list(ctx context.Context, reader client.Reader, kind schema.GroupVersionKind) result {
	found := &metav1.PartialObjectMetadataList{}
	found.SetGroupVersionKind(kind.GroupVersion().WithKind(kind.Kind + "List"))
	err := reader.List(ctx, found)
	if apierrors.IsNotFound(err) || apierrors.IsMethodNotSupported(err) {
		return result{}
	}
	if err != nil {
		return result{failure: err}
	}
	var stored []Stored
	for index := range found.Items {
		item := &found.Items[index]
		managers := managersOf(item)
		owned := len(item.OwnerReferences) > 0
		if !owned && kind.Kind != claim && (ownMaking(managers) || (kind.Kind == "ServiceAccount" && item.Name == "default" && len(managers) == 0)) {
			continue
		}
		stored = append(stored, Stored{Owned: owned, Managers: managers, Object: wire.Reference{
			Group: kind.Group, Version: kind.Version, Kind: kind.Kind, Namespace: item.Namespace, Name: item.Name,
		}})
	}
	return result{objects: stored}
}

// ownMaking says whether only the server's own parts wrote an object.
func ownMaking(managers []string) bool {
	return len(managers) > 0 && !slices.ContainsFunc(managers, func(manager string) bool {
		return !slices.Contains(components, manager)
	})
}

func managersOf(object client.Object) []string {
	managers := []string{}
	for _, field := range object.GetManagedFields() {
		if !slices.Contains(managers, field.Manager) {
			managers = append(managers, field.Manager)
		}
	}
	return managers
}
