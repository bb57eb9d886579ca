package connection

import (
	"context"
	"slices"
	"time"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"elysium.dev/controlplane/internal/replay/wire"
)

const (
	// quotaLimit is how long a controller manager may take to count a quota; where there is none, none is counted.
	quotaLimit = 2 * time.Second
	quotaPause = 10 * time.Millisecond
	// policyDelay is the longest that the server goes on without a new admission policy: it looks every second.
	policyDelay = 1200 * time.Millisecond
)

var policies = []string{
	"ValidatingAdmissionPolicy", "ValidatingAdmissionPolicyBinding", "MutatingAdmissionPolicy",
	"MutatingAdmissionPolicyBinding",
}

// Counted waits until a quota that was applied is enforced. The server enforces what the controller manager has counted,
// and Flux is slower than that; here Pods would otherwise slip in between.
func (c *Connection) Counted(ctx context.Context, object *unstructured.Unstructured) {
	if object.GetKind() != "ResourceQuota" || object.GetAPIVersion() != "v1" || c.uncounted.Load() {
		return
	}
	limited, cancel := context.WithTimeout(ctx, quotaLimit)
	defer cancel()
	reference := wire.ReferenceTo(object)
	_ = Await(limited, quotaPause, func(ctx context.Context) (bool, error) {
		found, err := c.Read(ctx, reference)
		return err != nil || found == nil || counted(found), nil
	})
	if limited.Err() != nil && ctx.Err() == nil {
		c.uncounted.Store(true)
	}
}

func counted(quota *unstructured.Unstructured) bool {
	wanted, _, _ := unstructured.NestedMap(quota.Object, "spec", "hard")
	hard, _, _ := unstructured.NestedMap(quota.Object, "status", "hard")
	for name, limit := range wanted {
		if hard[name] != limit {
			return false
		}
	}
	return true
}

// Enforced waits until the admission policies among changed objects are enforced.
func Enforced(ctx context.Context, entries []wire.Entry) {
	changed := []wire.Action{wire.Created, wire.Configured, wire.Recreated}
	if !slices.ContainsFunc(entries, func(entry wire.Entry) bool {
		return entry.Object.Group == "admissionregistration.k8s.io" && slices.Contains(policies, entry.Object.Kind) &&
			slices.Contains(changed, entry.Action)
	}) {
		return
	}
	select {
	case <-ctx.Done():
	case <-time.After(policyDelay):
	}
}
