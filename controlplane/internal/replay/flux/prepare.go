package flux

import (
	"fmt"

	"github.com/fluxcd/pkg/ssa/normalize"
	"github.com/fluxcd/pkg/ssa/utils"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/client-go/kubernetes/scheme"

	"elysium.dev/controlplane/internal/replay/wire"
)

// prepare brings objects into the form that the controller sends, and says which one cannot be.
func (a *application) prepare(objects []*unstructured.Unstructured) string {
	culprit := ""
	for _, object := range objects {
		entry := &a.entries[a.places[object]]
		dropped, err := prepared(object)
		entry.Warnings = dropped
		if err == nil {
			continue
		}
		*entry = entry.Refused(err)
		if culprit == "" {
			culprit, a.failed = named(entry.Object), err.Error()
		}
	}
	return culprit
}

func prepared(object *unstructured.Unstructured) ([]string, error) {
	if err := wire.Sendable(object); err != nil {
		return nil, err
	}
	if _, encrypted := object.Object["sops"]; encrypted && utils.IsSecret(object) {
		return nil, fmt.Errorf("%s is SOPS encrypted, configuring decryption is required for this secret to be reconciled",
			utils.FmtUnstructured(object))
	}
	dropped := droppedFields(object)
	return dropped, normalize.UnstructuredList([]*unstructured.Unstructured{object})
}

// droppedFields warns of fields that Kubernetes' own kinds do not have: the controller drops them without a word when
// it normalises an object, so the server never sees them.
func droppedFields(object *unstructured.Unstructured) []string {
	kind := object.GroupVersionKind()
	typed, err := scheme.Scheme.New(kind)
	if err != nil || (kind.Group == "rbac.authorization.k8s.io" && (kind.Kind == "Role" || kind.Kind == "ClusterRole")) {
		return nil
	}
	err = runtime.DefaultUnstructuredConverter.FromUnstructuredWithValidation(object.Object, typed, true)
	strict, ok := runtime.AsStrictDecodingError(err)
	if !ok {
		return nil
	}
	var warnings []string
	for _, each := range strict.Errors() {
		warnings = append(warnings, each.Error())
	}
	return warnings
}

// excluded says which mark kept the controller from an object.
func excluded(object, existing *unstructured.Unstructured) string {
	marks := []struct{ key, value string }{{reconcile, disabled}, {ssaKey, "Ignore"}, {ssaKey, "IfNotPresent"}}
	for _, mark := range marks {
		selector := map[string]string{mark.key: mark.value}
		if utils.AnyInMetadata(object, selector) || (existing != nil && utils.AnyInMetadata(existing, selector)) {
			return mark.key + ": " + mark.value
		}
	}
	return ""
}
