package helm

import (
	"context"
	"fmt"

	"elysium.dev/controlplane/internal/replay/wire"
)

// run goes through the steps of an installation or upgrade, and stops at the first that fails.
func (w *work) run(ctx context.Context, request Request) error {
	manifest := w.manifest(request.Objects)
	if err := w.applyDefinitions(ctx, request.CRDs.Policy, wire.Unwrap(request.CRDs.Objects)); err != nil {
		manifest.skip(w, "the definitions of its chart")
		return fmt.Errorf("failed to apply CustomResourceDefinitions: %w", err)
	}
	if err := w.createNamespace(ctx); err != nil {
		manifest.tell(ctx, w, "its namespace")
		return err
	}
	if err := manifest.prepare(ctx, w, request.Previous); err != nil {
		manifest.tell(ctx, w, manifest.culprit())
		return err
	}
	if err := w.record(ctx, w.pending()); err != nil {
		manifest.tell(ctx, w, "the record of its release")
		return err
	}
	err := w.apply(ctx, manifest, request.Previous)
	if err != nil {
		_ = w.record(ctx, statusFailed)
		return err
	}
	return w.record(ctx, statusDeployed)
}

// apply runs the hooks before, the objects, what goes, and the hooks after.
func (w *work) apply(ctx context.Context, manifest *manifest, previous []wire.Reference) error {
	before, after, wording := "pre-install", "post-install", "failed %s: %w"
	if w.release.Upgrade {
		before, after, wording = "pre-upgrade", "post-upgrade", "%s hooks failed: %w"
	}
	if err := w.runHooks(ctx, before); err != nil {
		manifest.tell(ctx, w, "a hook of "+before)
		return fmt.Errorf(wording, before, err)
	}
	if err := manifest.apply(ctx, w); err != nil {
		return err
	}
	w.removeStale(ctx, manifest, previous)
	if err := w.runHooks(ctx, after); err != nil {
		return fmt.Errorf(wording, after, err)
	}
	return nil
}
