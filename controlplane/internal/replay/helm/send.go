package helm

import (
	"context"
	"fmt"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"elysium.dev/controlplane/internal/replay/connection"
	"elysium.dev/controlplane/internal/replay/wire"
)

// mode says how an object is sent.
type mode struct{ force, dry bool }

// send applies an object on the server's side, strictly: fields that its kind does not have are refused.
func (w *work) send(ctx context.Context, object *unstructured.Unstructured, mode mode) (*unstructured.Unstructured, error) {
	sent := object.DeepCopy()
	unstructured.RemoveNestedField(sent.Object, "metadata", "managedFields")
	options := []client.PatchOption{client.FieldOwner(manager), client.FieldValidation("Strict")}
	if mode.force {
		options = append(options, client.ForceOwnership)
	}
	if mode.dry {
		options = append(options, client.DryRunAll)
	}
	err := w.client.Patch(ctx, sent, client.Apply, options...)
	return sent, err
}

// outcome sends an object and says what came of it; `existing` is what was there before.
func (w *work) outcome(
	ctx context.Context, entry wire.Entry, object, existing *unstructured.Unstructured, mode mode,
) (wire.Entry, error) {
	warnings := &connection.Warnings{}
	ctx = connection.WithWarnings(ctx, warnings)
	applied, err := w.send(ctx, object, mode)
	if err == nil && !mode.dry && object.GroupVersionKind().GroupKind() == connection.DefinitionKind {
		err = w.server.Established(ctx, object.GetName())
	}
	if err == nil && !mode.dry {
		w.server.Counted(ctx, object)
	}
	entry.Warnings = warnings.Texts()
	switch {
	case err != nil:
		return entry.Refused(err), fmt.Errorf("server-side apply failed for object %s/%s %s: %w",
			object.GetNamespace(), object.GetName(), object.GroupVersionKind(), err)
	case existing == nil:
		entry.Action = wire.Created
	case existing.GetResourceVersion() == applied.GetResourceVersion():
		entry.Action = wire.Unchanged
	default:
		entry.Action = wire.Configured
	}
	return entry, nil
}

// read gives an object as it is before the release comes, as the account may see it.
func (w *work) read(ctx context.Context, object *unstructured.Unstructured) (*unstructured.Unstructured, error) {
	existing := wire.ReferenceTo(object).Object()
	err := w.client.Get(ctx, client.ObjectKeyFromObject(object), existing)
	if client.IgnoreNotFound(err) != nil {
		return nil, fmt.Errorf("could not get information about the resource %s: %w", resourceString(object), err)
	}
	if err != nil {
		return nil, nil
	}
	return existing, nil
}

// place puts an object without a namespace into that of the release.
func (w *work) place(object *unstructured.Unstructured) {
	if object.GetNamespace() == "" && w.server.Mapper.Namespaced(object.GroupVersionKind()) && wire.Sendable(object) == nil {
		object.SetNamespace(w.release.Namespace)
	}
}

func resourceString(object *unstructured.Unstructured) string {
	return fmt.Sprintf("%s %q in namespace %q", object.GetKind(), object.GetName(), object.GetNamespace())
}
