package wire

import (
	"errors"
	"fmt"
	"strings"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/api/meta"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
)

// ReasonNoKindMatch is told where the server does not know the kind.
const ReasonNoKindMatch = "NoKindMatch"

// ReasonMalformed is told where an object cannot even be sent.
const ReasonMalformed = "Malformed"

// ReasonNamespaceNotSpecified is told where an object of a kind that lives in namespaces names none.
const ReasonNamespaceNotSpecified = "NamespaceNotSpecified"

// malformed is an object that no client could send.
type malformed struct{ message string }

func (m malformed) Error() string { return m.message }

// Sendable says why an object cannot be sent to a server: it has no kind, no version or no name.
func Sendable(object *unstructured.Unstructured) error {
	if object.GetKind() == "" {
		return malformed{"Object 'Kind' is missing"}
	}
	if object.GetAPIVersion() == "" {
		return malformed{"Object 'apiVersion' is missing"}
	}
	if _, err := schema.ParseGroupVersion(object.GetAPIVersion()); err != nil {
		return malformed{err.Error()}
	}
	if _, ok := object.Object["metadata"].(map[string]any); !ok {
		return malformed{"Object 'metadata' is missing"}
	}
	if object.GetName() == "" {
		return malformed{"resource name may not be empty"}
	}
	if strings.ContainsAny(object.GetName()+object.GetNamespace(), "/%") {
		return malformed{fmt.Sprintf("invalid resource name %q: may not contain '/' or '%%'", object.GetName())}
	}
	return nil
}

// describe tells an error as the server's Status does: message, reason, code and causes.
func describe(err error) (string, string, int, []Cause) {
	var status apierrors.APIStatus
	if errors.As(err, &status) {
		return describeStatus(err, status)
	}
	if meta.IsNoMatchError(err) {
		return err.Error(), ReasonNoKindMatch, 0, nil
	}
	var broken malformed
	if errors.As(err, &broken) {
		return err.Error(), ReasonMalformed, 0, nil
	}
	return err.Error(), "", 0, nil
}

func describeStatus(err error, status apierrors.APIStatus) (string, string, int, []Cause) {
	told := status.Status()
	message, reason := told.Message, string(told.Reason)
	if message == "" {
		message = err.Error()
	}
	if told.Code == 404 && strings.Contains(message, "could not find the requested resource") {
		reason = ReasonNoKindMatch
	}
	var causes []Cause
	if told.Details != nil {
		for _, cause := range told.Details.Causes {
			causes = append(causes, Cause{Reason: string(cause.Type), Field: cause.Field, Message: cause.Message})
		}
	}
	return message, reason, int(told.Code), causes
}
