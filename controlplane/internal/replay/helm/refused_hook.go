package helm

import (
	"context"
	"fmt"
	"time"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"sigs.k8s.io/controller-runtime/pkg/client"
)

// refusalPatience is how long a Job may be refused its Pods: whatever allows them may come a moment later.
const refusalPatience = 3 * time.Second

// refusedPods says with an error that the server refuses the Pods of a hook's Job: then it never ends.
func (w *work) refusedPods(ctx context.Context, object *unstructured.Unstructured) error {
	if object.GetKind() != "Job" || time.Since(object.GetCreationTimestamp().Time) < refusalPatience {
		return nil
	}
	var events corev1.EventList
	ours := client.MatchingFields{"involvedObject.uid": string(object.GetUID()), "reason": "FailedCreate"}
	if err := w.server.Typed.List(ctx, &events, client.InNamespace(object.GetNamespace()), ours); err != nil {
		return err
	}
	if active, _, _ := unstructured.NestedInt64(object.Object, "status", "active"); active > 0 || len(events.Items) == 0 {
		return nil
	}
	return fmt.Errorf("%s has no Pod: %s", resourceString(object), events.Items[len(events.Items)-1].Message)
}
