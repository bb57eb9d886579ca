package helm

import (
	"context"
	"slices"

	apierrors "k8s.io/apimachinery/pkg/api/errors"

	"elysium.dev/controlplane/internal/replay/connection"
	"elysium.dev/controlplane/internal/replay/wire"
)

// tell tries without effect what the release did not come to, so that its verdict is known all the same: refused, or
// left out because of another one.
func (m *manifest) tell(ctx context.Context, w *work, culprit string) {
	connection.Each(m.parts, func(_ int, part *part) error {
		if part.done {
			return nil
		}
		part.done = true
		w.own(part.object)
		if err := wire.Sendable(part.object); err != nil {
			part.refuse(w, err)
			return nil
		}
		entry, err := w.outcome(ctx, part.entry, part.object, part.existing, mode{force: true, dry: true})
		part.entry = entry
		if err == nil || m.brings(err, part.object.GetNamespace()) {
			part.entry = wire.NewEntry(part.object, entry.Index, entry.Step, wire.Skipped)
			part.entry = part.entry.Noted(wire.Skipped, "not applied because of "+culprit)
		}
		return nil
	})
	m.noteAll(w)
}

// culprit names the first object that is refused.
func (m *manifest) culprit() string {
	for _, part := range m.parts {
		if part.entry.Action == wire.Rejected {
			return resourceString(part.object)
		}
	}
	return "the last revision of its release"
}

// brings says whether an object is only refused because its namespace, which the release itself has, is not there yet.
func (m *manifest) brings(err error, namespace string) bool {
	return apierrors.IsNotFound(err) && slices.ContainsFunc(m.parts, func(part *part) bool {
		return part.object.GetKind() == "Namespace" && part.object.GetName() == namespace
	})
}

// skip notes all objects as left out, without trying them.
func (m *manifest) skip(w *work, culprit string) {
	for _, part := range m.parts {
		part.entry = part.entry.Noted(wire.Skipped, "not applied because of "+culprit)
	}
	m.noteAll(w)
}

func (m *manifest) noteAll(w *work) {
	for _, part := range m.parts {
		w.note(part.entry)
	}
}
