package objects

import (
	"context"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"elysium.dev/controlplane/internal/replay/wire"
)

// notReady is the taint that the server's admission gives a new node, and that nobody takes from a node without kubelet.
const notReady = "node.kubernetes.io/not-ready"

// putNode gives a node its status, and takes the taint of a node that has not reported yet.
func putNode(ctx context.Context, to client.Client, node *unstructured.Unstructured) error {
	status, found, _ := unstructured.NestedFieldCopy(node.Object, "status")
	if !found {
		return nil
	}
	object := wire.ReferenceTo(node).Object()
	object.Object["status"] = status
	options := []client.SubResourcePatchOption{client.ForceOwnership, client.FieldOwner(manager)}
	if err := to.Status().Patch(ctx, object, client.Apply, options...); err != nil {
		return err
	}
	return untaint(ctx, to, object)
}

func untaint(ctx context.Context, to client.Client, node *unstructured.Unstructured) error {
	taints, _, _ := unstructured.NestedSlice(node.Object, "spec", "taints")
	kept := []any{}
	for _, each := range taints {
		taint, _ := each.(map[string]any)
		if taint["key"] != notReady {
			kept = append(kept, each)
		}
	}
	if len(kept) == len(taints) {
		return nil
	}
	before := node.DeepCopy()
	if err := unstructured.SetNestedSlice(node.Object, kept, "spec", "taints"); err != nil {
		return err
	}
	return to.Patch(ctx, node, client.MergeFrom(before), client.FieldOwner(manager))
}
