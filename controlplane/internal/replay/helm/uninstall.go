package helm

import (
	"context"
	"errors"
	"fmt"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"elysium.dev/controlplane/internal/replay/connection"
	"elysium.dev/controlplane/internal/replay/objects"
	"elysium.dev/controlplane/internal/replay/wire"
)

// Departure is a release that is to be uninstalled.
type Departure struct {
	Account string           `json:"account"`
	Release Release          `json:"release"`
	Objects []wire.Reference `json:"objects"`
	Hooks   []Hook           `json:"hooks"`
}

// Uninstall takes a release away: hooks before, objects in Helm's order, hooks after, and its records.
func Uninstall(ctx context.Context, server *connection.Connection, departure Departure) (wire.Entries, error) {
	work, err := begin(server, departure.Account, departure.Release, departure.Hooks)
	if err != nil {
		return wire.Entries{}, err
	}
	return work.end(work.uninstall(ctx, departure.Objects)), nil
}

func (w *work) uninstall(ctx context.Context, present []wire.Reference) error {
	if err := w.runHooks(ctx, "pre-delete"); err != nil {
		return err
	}
	failures := []error{w.removeAll(ctx, present)}
	if failures[0] != nil {
		return fmt.Errorf("failed to delete release: %s: %w", w.release.Name, failures[0])
	}
	failures = append(failures, w.runHooks(ctx, "post-delete"), w.purge(ctx))
	return errors.Join(failures...)
}

// removeAll deletes the objects one after the other, then waits until all are gone.
func (w *work) removeAll(ctx context.Context, present []wire.Reference) error {
	var gone []wire.Reference
	var failures []error
	for _, place := range uninstalled(present) {
		entry := w.remove(ctx, wire.Entry{Object: present[place], Index: place, Step: wire.StepRelease})
		w.note(entry)
		switch entry.Action {
		case wire.Pruned:
			gone = append(gone, present[place])
		case wire.Rejected:
			failures = append(failures, errors.New(entry.Message))
		}
	}
	failures = append(failures, connection.Each(gone, func(_ int, reference wire.Reference) error {
		return objects.Gone(ctx, w.server, reference)
	})...)
	return errors.Join(failures...)
}

// purge deletes the Secrets of all revisions.
func (w *work) purge(ctx context.Context) error {
	records := &unstructured.UnstructuredList{}
	records.SetAPIVersion("v1")
	records.SetKind("SecretList")
	ours := client.MatchingLabels{"owner": "helm", "name": w.release.Name}
	if err := w.client.List(ctx, records, client.InNamespace(w.release.StorageNamespace), ours); err != nil {
		return err
	}
	for index := range records.Items {
		if err := client.IgnoreNotFound(w.client.Delete(ctx, &records.Items[index])); err != nil {
			return fmt.Errorf("uninstall: Failed to purge the release: %w", err)
		}
	}
	return nil
}
