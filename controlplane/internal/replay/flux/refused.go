package flux

import (
	ssaerrors "github.com/fluxcd/pkg/ssa/errors"
	"github.com/fluxcd/pkg/ssa/utils"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"elysium.dev/controlplane/internal/replay/wire"
)

// forgive takes a refusal back that the controller would have got over by deleting the object, had it come so far.
func (a *application) forgive(objects []*unstructured.Unstructured) {
	for _, object := range objects {
		record := a.recorder.of(object)
		if record.refusal == nil || !record.deleted.IsZero() || record.existing == nil || !ssaerrors.IsImmutableError(record.refusal) {
			continue
		}
		forced := a.options.Force || utils.AnyInMetadata(object, a.options.ForceSelector) ||
			utils.AnyInMetadata(record.existing, a.options.ForceSelector)
		if forced {
			record.refusal = nil
		}
	}
}

// refused tells the objects of a stage that was not applied, or not to its end; it says whose fault that is.
func (a *application) refused(objects []*unstructured.Unstructured, failure error) string {
	culprit := ""
	for _, object := range objects {
		record := a.recorder.of(object)
		if record.refusal == nil {
			continue
		}
		entry := &a.entries[a.places[object]]
		*entry = entry.Refused(record.refusal)
		if a.homeless(object, record.refusal) {
			entry.Message = ssaerrors.NewDryRunErr(record.refusal, object).Error()
			entry.Reason = wire.ReasonNamespaceNotSpecified
		}
		if culprit == "" {
			culprit = named(entry.Object)
		}
	}
	a.failed = failure.Error()
	if culprit == "" {
		culprit = failure.Error()
	}
	a.interrupted(objects, culprit)
	return culprit
}

// homeless says whether an object was refused because it names no namespace: the server then finds no such resource.
func (a *application) homeless(object *unstructured.Unstructured, refusal error) bool {
	return apierrors.IsNotFound(refusal) && object.GetNamespace() == "" &&
		a.connection.Mapper.Namespaced(object.GroupVersionKind())
}

// interrupted tells the accepted objects of such a stage. When it was being applied already, those before the refused
// one are done: changed, or unchanged as nothing was sent for them.
func (a *application) interrupted(objects []*unstructured.Unstructured, culprit string) {
	last := -1
	for index, object := range objects {
		if a.recorder.of(object).applied {
			last = index
		}
	}
	a.skip(objects, culprit)
	for _, object := range objects[:last+1] {
		entry, record := &a.entries[a.places[object]], a.recorder.of(object)
		switch {
		case entry.Action == wire.Rejected:
		case record.applied:
			*entry = entry.Noted(record.changed(), "")
		case record.existing != nil:
			*entry = entry.Noted(wire.Unchanged, "")
		}
	}
}
