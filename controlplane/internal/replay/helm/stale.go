package helm

import (
	"context"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"elysium.dev/controlplane/internal/replay/connection"
	"elysium.dev/controlplane/internal/replay/wire"
)

const resourcePolicy = "helm.sh/resource-policy"

// removeStale deletes what the last revision had and this one has not.
func (w *work) removeStale(ctx context.Context, manifest *manifest, previous []wire.Reference) {
	var present []wire.Reference
	for _, part := range manifest.parts {
		present = append(present, part.entry.Object)
	}
	for _, reference := range previous {
		if !contains(present, reference) {
			entry := wire.Entry{Object: reference, Index: -1, Step: wire.StepPrune}
			w.note(w.remove(ctx, entry))
		}
	}
}

// remove deletes an object, unless it is to be kept.
func (w *work) remove(ctx context.Context, entry wire.Entry) wire.Entry {
	resolved, err := w.server.Resolve(entry.Object)
	if err != nil {
		return entry.Noted(wire.Pruned, "was no longer there")
	}
	existing, err := w.read(ctx, resolved.Object())
	if err != nil {
		return entry.Refused(err)
	}
	if existing == nil {
		return entry.Noted(wire.Pruned, "was no longer there")
	}
	if existing.GetAnnotations()[resourcePolicy] == "keep" {
		return entry.Noted(wire.Orphaned, resourcePolicy+": keep")
	}
	warnings := &connection.Warnings{}
	ctx = connection.WithWarnings(ctx, warnings)
	err = w.client.Delete(ctx, existing, client.PropagationPolicy(metav1.DeletePropagationBackground))
	entry.Warnings = warnings.Texts()
	if client.IgnoreNotFound(err) != nil {
		return entry.Refused(err)
	}
	if entry.Object.GroupKind() == connection.DefinitionKind {
		w.server.Mapper.Forget(entry.Object.Name)
	}
	return entry.Noted(wire.Pruned, "")
}
