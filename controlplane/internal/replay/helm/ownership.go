package helm

import (
	"errors"
	"fmt"
	"strings"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
)

// own marks an object as the release's.
func (w *work) own(object *unstructured.Unstructured) {
	labels, annotations := object.GetLabels(), object.GetAnnotations()
	if labels == nil {
		labels = map[string]string{}
	}
	if annotations == nil {
		annotations = map[string]string{}
	}
	labels["app.kubernetes.io/managed-by"] = "Helm"
	annotations["meta.helm.sh/release-name"] = w.release.Name
	annotations["meta.helm.sh/release-namespace"] = w.release.Namespace
	object.SetLabels(labels)
	object.SetAnnotations(annotations)
}

// owned says why an object that is there cannot be taken into the release, in Helm's words.
func (w *work) owned(existing *unstructured.Unstructured) error {
	labels, annotations := existing.GetLabels(), existing.GetAnnotations()
	var wrong []string
	if why := differs(labels, "app.kubernetes.io/managed-by", "Helm"); why != "" {
		wrong = append(wrong, "label validation error: "+why)
	}
	if why := differs(annotations, "meta.helm.sh/release-name", w.release.Name); why != "" {
		wrong = append(wrong, "annotation validation error: "+why)
	}
	if why := differs(annotations, "meta.helm.sh/release-namespace", w.release.Namespace); why != "" {
		wrong = append(wrong, "annotation validation error: "+why)
	}
	if len(wrong) == 0 {
		return nil
	}
	return errors.New(resourceString(existing) + " exists and cannot be imported into the current release: " +
		"invalid ownership metadata; " + strings.Join(wrong, "; "))
}

func differs(metadata map[string]string, key, value string) string {
	actual, found := metadata[key]
	switch {
	case !found:
		return fmt.Sprintf("missing key %q: must be set to %q", key, value)
	case actual != value:
		return fmt.Sprintf("key %q must equal %q: current value is %q", key, value, actual)
	default:
		return ""
	}
}
