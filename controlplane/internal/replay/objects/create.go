// Package objects puts objects on the server, reads and deletes them, without being one of Flux's controllers.
package objects

import (
	"context"
	"slices"

	"github.com/fluxcd/pkg/ssa"
	"github.com/fluxcd/pkg/ssa/utils"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"elysium.dev/controlplane/internal/replay/connection"
	"elysium.dev/controlplane/internal/replay/wire"
)

// manager is the field manager of what is there before any controller comes.
const manager = "elysium"

// placed is an object with its place in the request.
type placed struct {
	*unstructured.Unstructured
	index int
}

// Create puts objects there kind by kind, in the order in which kinds need each other.
func Create(ctx context.Context, server *connection.Connection, sent []wire.Object) ([]wire.Entry, error) {
	to, err := server.Client("")
	if err != nil {
		return nil, err
	}
	entries := make([]wire.Entry, len(sent))
	for _, batch := range batches(wire.Unwrap(sent)) {
		results := connection.Each(batch, func(_ int, object placed) wire.Entry {
			return create(ctx, server, to, object)
		})
		for place, object := range batch {
			entries[object.index] = results[place]
		}
	}
	connection.Enforced(ctx, entries)
	return entries, nil
}

// batches are the objects of one kind each.
func batches(objects []*unstructured.Unstructured) [][]placed {
	var all []placed
	for index, object := range objects {
		all = append(all, placed{object, index})
	}
	slices.SortStableFunc(all, func(left, right placed) int {
		switch order := ssa.SortableUnstructureds([]*unstructured.Unstructured{left.Unstructured, right.Unstructured}); {
		case order.Less(0, 1):
			return -1
		case order.Less(1, 0):
			return 1
		}
		return 0
	})
	var batches [][]placed
	for index, object := range all {
		if index == 0 || object.GetKind() != all[index-1].GetKind() {
			batches = append(batches, nil)
		}
		batches[len(batches)-1] = append(batches[len(batches)-1], object)
	}
	return batches
}

func create(ctx context.Context, server *connection.Connection, to client.Client, object placed) wire.Entry {
	entry := wire.NewEntry(object.Unstructured, object.index, wire.StepApply, wire.Created)
	if err := wire.Sendable(object.Unstructured); err != nil {
		return entry.Refused(err)
	}
	warnings := &connection.Warnings{}
	ctx = connection.WithWarnings(ctx, warnings)
	action, err := put(ctx, to, object.Unstructured)
	if err == nil && utils.IsCRD(object.Unstructured) {
		err = server.Established(ctx, object.GetName())
	}
	entry.Warnings = warnings.Texts()
	if err != nil {
		return entry.Refused(err)
	}
	server.Counted(ctx, object.Unstructured)
	entry.Action = action
	return entry
}

// put applies an object and says what it was to the server.
func put(ctx context.Context, to client.Client, object *unstructured.Unstructured) (wire.Action, error) {
	before := wire.ReferenceTo(object).Object()
	existed := to.Get(ctx, client.ObjectKeyFromObject(object), before) == nil
	applied := object.DeepCopy()
	unstructured.RemoveNestedField(applied.Object, "metadata", "managedFields")
	if err := to.Patch(ctx, applied, client.Apply, client.ForceOwnership, client.FieldOwner(manager)); err != nil {
		return "", err
	}
	if object.GetKind() == "Node" && object.GetAPIVersion() == "v1" {
		if err := putNode(ctx, to, object); err != nil {
			return "", err
		}
	}
	switch {
	case !existed:
		return wire.Created, nil
	case before.GetResourceVersion() == applied.GetResourceVersion():
		return wire.Unchanged, nil
	default:
		return wire.Configured, nil
	}
}
