package helm

import (
	"context"

	"github.com/fluxcd/pkg/ssa/utils"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"elysium.dev/controlplane/internal/replay/wire"
)

// applyDefinitions applies what is in the `crds/` of a chart.
//
// With server-side apply, the default since helm-controller 1.5, the policy `Create` changes definitions that are there
// as `CreateReplace` does (fluxcd/helm-controller#1588), against what the documentation says.
func (w *work) applyDefinitions(ctx context.Context, policy string, objects []*unstructured.Unstructured) error {
	for index, object := range objects {
		entry := wire.NewEntry(object, index, wire.StepCRDs, wire.Skipped)
		if policy == "Skip" {
			w.note(entry.Noted(wire.Skipped, "the release's policy for CRDs is Skip"))
			continue
		}
		if !utils.IsCRD(object) {
			w.note(entry.Noted(wire.Skipped, "helm-controller leaves out what is no CustomResourceDefinition in crds/"))
			continue
		}
		if err := wire.Sendable(object); err != nil {
			w.note(entry.Refused(err))
			return err
		}
		existing, err := w.read(ctx, object)
		if err == nil {
			entry, err = w.outcome(ctx, entry, object, existing, mode{force: true})
		} else {
			entry = entry.Refused(err)
		}
		w.note(entry)
		if err != nil {
			return w.untried(objects, index+1, err)
		}
	}
	return nil
}

// untried notes the definitions after a refused one.
func (w *work) untried(objects []*unstructured.Unstructured, from int, err error) error {
	for index := from; index < len(objects); index++ {
		entry := wire.NewEntry(objects[index], index, wire.StepCRDs, wire.Skipped)
		w.note(entry.Noted(wire.Skipped, "not applied because of "+resourceString(objects[from-1])))
	}
	return err
}

// createNamespace makes the namespace of a release whose `createNamespace` is set.
func (w *work) createNamespace(ctx context.Context) error {
	if !w.release.CreateNamespace {
		return nil
	}
	namespace := wire.Reference{Version: "v1", Kind: "Namespace", Name: w.release.Namespace}.Object()
	namespace.SetLabels(map[string]string{"name": w.release.Namespace})
	if existing, err := w.read(ctx, namespace); err != nil || existing != nil {
		return err
	}
	_, err := w.send(ctx, namespace, mode{})
	return err
}
