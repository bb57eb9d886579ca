package flux

import (
	"context"
	"fmt"
	"sort"
	"time"

	"github.com/fluxcd/pkg/ssa"
	"github.com/fluxcd/pkg/ssa/utils"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"elysium.dev/controlplane/internal/replay/connection"
	"elysium.dev/controlplane/internal/replay/objects"
	"elysium.dev/controlplane/internal/replay/wire"
)

// emptyingLimit is how long a Namespace may take to go: one with finalizers in it stays.
const emptyingLimit = 10 * time.Second

// Stale is what a Kustomization no longer has. An object must carry the labels of the owner to be deleted.
type Stale struct {
	Account string            `json:"account"`
	Owner   map[string]string `json:"owner"`
	Objects []wire.Reference  `json:"objects"`
}

// Prune deletes stale objects in the reverse order of applying, as kustomize-controller's garbage collection does.
func Prune(ctx context.Context, server *connection.Connection, stale Stale) ([]wire.Entry, error) {
	with, err := server.Client(stale.Account)
	if err != nil {
		return nil, err
	}
	entries := make([]wire.Entry, len(stale.Objects))
	places := map[*unstructured.Unstructured]int{}
	ordered := make([]*unstructured.Unstructured, len(stale.Objects))
	for index, reference := range stale.Objects {
		ordered[index] = reference.Object()
		places[ordered[index]] = index
	}
	sort.Sort(sort.Reverse(ssa.SortableUnstructureds(ordered)))
	for _, object := range ordered {
		index := places[object]
		entry := wire.Entry{Object: stale.Objects[index], Index: index, Step: wire.StepPrune, Action: wire.Pruned}
		entries[index] = prune(ctx, server, with, stale.Owner, entry)
	}
	return entries, nil
}

func prune(
	ctx context.Context, server *connection.Connection, with client.Client, owner map[string]string, entry wire.Entry,
) wire.Entry {
	warnings := &connection.Warnings{}
	ctx = connection.WithWarnings(ctx, warnings)
	existing, err := found(ctx, server, with, entry.Object)
	if err != nil {
		return entry.Refused(err)
	}
	if existing == nil {
		return entry.Noted(wire.Pruned, "was no longer there")
	}
	if why := kept(existing, owner); why != "" {
		return entry.Noted(wire.Orphaned, why)
	}
	err = with.Delete(ctx, existing, client.PropagationPolicy(metav1.DeletePropagationBackground))
	entry.Warnings = warnings.Texts()
	if err != nil {
		return entry.Refused(err)
	}
	if entry.Object.GroupKind() == connection.DefinitionKind {
		server.Mapper.Forget(entry.Object.Name)
	}
	if entry.Object.Group == "" && entry.Object.Kind == "Namespace" {
		emptied(ctx, server, entry.Object)
	}
	return entry
}

// emptied waits a while until a Namespace is gone. The controller does not; but what comes into it meanwhile is lost or
// refused, as chance has it, and that is not what a rehearsal is to tell.
func emptied(ctx context.Context, server *connection.Connection, namespace wire.Reference) {
	ctx, cancel := context.WithTimeout(ctx, emptyingLimit)
	defer cancel()
	_ = objects.Gone(ctx, server, namespace)
}

// found reads an object as the account does; what has no kind any more is not there.
func found(
	ctx context.Context, server *connection.Connection, with client.Client, reference wire.Reference,
) (*unstructured.Unstructured, error) {
	resolved, err := server.Resolve(reference)
	if err == nil {
		object := resolved.Object()
		if err = with.Get(ctx, client.ObjectKeyFromObject(object), object); err == nil {
			return object, nil
		}
	}
	if apierrors.IsNotFound(err) || meta.IsNoMatchError(err) {
		return nil, nil
	}
	return nil, err
}

// kept says why an object stays although its Kustomization does not have it any more.
func kept(existing *unstructured.Unstructured, owner map[string]string) string {
	for key, value := range owner {
		if existing.GetLabels()[key] != value {
			return fmt.Sprintf("belongs to another: label %s is %q, not %q", key, existing.GetLabels()[key], value)
		}
	}
	marks := []struct{ key, value string }{{pruneKey, disabled}, {reconcile, disabled}, {ssaKey, "Ignore"}}
	for _, mark := range marks {
		if utils.AnyInMetadata(existing, map[string]string{mark.key: mark.value}) {
			return mark.key + ": " + mark.value
		}
	}
	return ""
}
