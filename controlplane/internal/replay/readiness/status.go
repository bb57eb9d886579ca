// Package readiness says how far objects are, as kstatus computes it and Flux waits for it.
package readiness

import (
	"context"

	"github.com/fluxcd/cli-utils/pkg/kstatus/status"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"elysium.dev/controlplane/internal/replay/connection"
	"elysium.dev/controlplane/internal/replay/wire"
)

// State is how far one object is.
type State struct {
	Object  wire.Reference `json:"object"`
	Status  status.Status  `json:"status"`
	Message string         `json:"message"`
}

// States reads objects and says how far each is.
func States(ctx context.Context, server *connection.Connection, references []wire.Reference) []State {
	return connection.Each(references, func(_ int, reference wire.Reference) State {
		return stateOf(ctx, server, reference)
	})
}

func stateOf(ctx context.Context, server *connection.Connection, reference wire.Reference) State {
	object, err := server.Read(ctx, reference)
	switch {
	case err != nil:
		return State{Object: reference, Status: status.UnknownStatus, Message: err.Error()}
	case object == nil:
		return State{Object: reference, Status: status.NotFoundStatus, Message: "Resource not found"}
	}
	computed, message := Of(object)
	return State{Object: reference, Status: computed, Message: message}
}

// Of says how far an object is. A Job is done when it has completed, as Flux reads it, and not when it has started.
func Of(object *unstructured.Unstructured) (status.Status, string) {
	computed, err := status.Compute(object)
	if err != nil {
		return status.UnknownStatus, err.Error()
	}
	group := object.GroupVersionKind().Group
	if object.GetKind() == "Job" && group == "batch" && computed.Status == status.CurrentStatus && !completed(object) {
		return status.InProgressStatus, "Job in progress"
	}
	return computed.Status, computed.Message
}

func completed(job *unstructured.Unstructured) bool {
	conditions, _, _ := unstructured.NestedSlice(job.Object, "status", "conditions")
	for _, each := range conditions {
		condition, _ := each.(map[string]any)
		if condition["type"] == "Complete" && condition["status"] == "True" {
			return true
		}
	}
	return false
}
