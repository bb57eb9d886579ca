package helm

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"elysium.dev/controlplane/internal/replay/connection"
	"elysium.dev/controlplane/internal/replay/wire"
)

// part is one object of a release, with its place in the request and what was there before.
type part struct {
	object   *unstructured.Unstructured
	existing *unstructured.Unstructured
	entry    wire.Entry
	done     bool
}

// manifest are the objects of a release in the order in which they are applied.
type manifest struct {
	parts   []*part
	adopted bool
}

func (w *work) manifest(objects []wire.Object) *manifest {
	manifest := &manifest{}
	for index, object := range wire.Unwrap(objects) {
		w.place(object)
		manifest.parts = append(manifest.parts, &part{
			object: object, entry: wire.NewEntry(object, index, wire.StepRelease, wire.Skipped),
		})
	}
	compare := byKind(installOrder)
	slices.SortStableFunc(manifest.parts, func(left, right *part) int {
		return compare(left.object.GetKind(), right.object.GetKind())
	})
	return manifest
}

// prepare does what Helm does before it changes anything: every object must have a kind that the server knows, and what
// is there already must be the release's own, or be taken over.
func (m *manifest) prepare(ctx context.Context, w *work, previous []wire.Reference) error {
	if err := m.build(w, previous); err != nil {
		return err
	}
	wording := "unable to continue with install: %w"
	if w.release.Upgrade {
		wording = "unable to continue with update: %w"
	}
	failures := connection.Each(m.parts, func(_ int, part *part) error { return part.look(ctx, w, previous) })
	for index, err := range failures {
		if err != nil {
			m.parts[index].refuse(w, err)
		}
		m.adopted = m.adopted || m.parts[index].existing != nil
	}
	if err := first(failures); err != nil {
		return fmt.Errorf(wording, err)
	}
	return nil
}

// build finds the kind of every object, those of the last revision included.
func (m *manifest) build(w *work, previous []wire.Reference) error {
	var failures []error
	for _, part := range m.parts {
		w.place(part.object)
		part.entry.Object = wire.ReferenceTo(part.object)
		err := wire.Sendable(part.object)
		if err == nil {
			kind := part.object.GroupVersionKind()
			_, err = w.server.Mapper.RESTMapping(kind.GroupKind(), kind.Version)
		}
		if err != nil {
			part.refuse(w, err)
			err = fmt.Errorf("unable to build kubernetes objects from release manifest: resource mapping not found for "+
				"name: %q namespace: %q from \"\": %w\nensure CRDs are installed first",
				part.object.GetName(), part.object.GetNamespace(), err)
		}
		failures = append(failures, err)
	}
	for _, reference := range previous {
		if _, err := w.server.Mapper.RESTMapping(reference.GroupKind()); err != nil {
			failures = append(failures, fmt.Errorf("current release manifest contains removed kubernetes api(s) for this "+
				"kubernetes version and it is therefore unable to build the kubernetes objects for performing the diff. "+
				"error from kubernetes: %w", err))
		}
	}
	return first(failures)
}

// look reads what is there, and says whether the release may have it.
func (p *part) look(ctx context.Context, w *work, previous []wire.Reference) error {
	existing, err := w.read(ctx, p.object)
	if err != nil {
		return err
	}
	p.existing = existing
	take := w.release.TakeOwnership == nil || *w.release.TakeOwnership
	if existing == nil || take || (w.release.Upgrade && contains(previous, p.entry.Object)) {
		return nil
	}
	return w.owned(existing)
}

// apply applies all objects. A first installation tries every object of a kind, and goes on with the next kind whatever
// came of it; where anything was there before, Helm stops at the first object that it cannot create.
func (m *manifest) apply(ctx context.Context, w *work) error {
	for _, part := range m.parts {
		w.own(part.object)
	}
	if w.release.Upgrade || m.adopted {
		return m.update(ctx, w)
	}
	var failures []error
	for _, kind := range m.kinds() {
		failures = append(failures, connection.Each(kind, func(_ int, part *part) error {
			return part.send(ctx, w, mode{})
		})...)
	}
	m.noteAll(w)
	return errors.Join(failures...)
}

func (m *manifest) update(ctx context.Context, w *work) error {
	var failures []error
	for _, part := range m.parts {
		err := part.send(ctx, w, mode{force: true})
		if err == nil {
			continue
		}
		if part.existing == nil {
			err = fmt.Errorf("failed to create resource: %w", err)
			m.tell(ctx, w, resourceString(part.object))
			return err
		}
		failures = append(failures, err)
	}
	m.noteAll(w)
	return errors.Join(failures...)
}

// kinds are runs of objects of one kind.
func (m *manifest) kinds() [][]*part {
	var runs [][]*part
	for index, part := range m.parts {
		if index == 0 || part.object.GetKind() != m.parts[index-1].object.GetKind() {
			runs = append(runs, nil)
		}
		runs[len(runs)-1] = append(runs[len(runs)-1], part)
	}
	return runs
}

func (p *part) send(ctx context.Context, w *work, mode mode) error {
	entry, err := w.outcome(ctx, p.entry, p.object, p.existing, mode)
	p.entry, p.done = entry, true
	return err
}

// refuse tells a part as rejected before anything is applied.
func (p *part) refuse(_ *work, err error) {
	p.entry, p.done = p.entry.Refused(err), true
}

func first(failures []error) error {
	for _, err := range failures {
		if err != nil {
			return err
		}
	}
	return nil
}

func contains(references []wire.Reference, wanted wire.Reference) bool {
	return slices.ContainsFunc(references, func(known wire.Reference) bool {
		return known.GroupKind() == wanted.GroupKind() && known.Namespace == wanted.Namespace && known.Name == wanted.Name
	})
}
