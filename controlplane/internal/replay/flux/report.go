package flux

import (
	"context"
	"encoding/json"
	"time"

	"github.com/fluxcd/cli-utils/pkg/object"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/api/meta"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/types"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"elysium.dev/controlplane/internal/replay/connection"
	"elysium.dev/controlplane/internal/replay/wire"
)

// Report is what a Flux controller says of one of its objects.
type Report struct {
	Object    wire.Reference   `json:"object"`
	Ready     bool             `json:"ready"`
	Message   string           `json:"message"`
	Revision  string           `json:"revision"`
	Inventory []wire.Reference `json:"inventory"`
}

// Write puts a report into the status of its object. Where there is no such object, or it has no status, nothing is done.
//
// Most objects were never changed, so that they are in their first generation; where the answer tells of another one, it
// is said once more for that. Asking before would cost as much as saying it.
func Write(ctx context.Context, server *connection.Connection, report Report) error {
	resolved, err := server.Resolve(report.Object)
	if meta.IsNoMatchError(err) {
		return nil
	}
	if err != nil {
		return err
	}
	to, err := server.Client("")
	if err != nil {
		return err
	}
	object := resolved.Object()
	err = report.write(ctx, to, object, 1)
	if generation := object.GetGeneration(); err == nil && generation > 1 {
		err = report.write(ctx, to, object, generation)
	}
	return ignoreUnwritable(err)
}

// write says that its controller has seen a generation of an object, which is then as the server holds it.
func (r Report) write(ctx context.Context, to client.Client, object *unstructured.Unstructured, generation int64) error {
	status := map[string]any{"observedGeneration": generation, "conditions": r.conditions(generation)}
	manager := "elysium"
	switch r.Object.Kind {
	case "Kustomization":
		manager = controller
		r.kustomization(status)
	case "HelmRelease":
		manager = "helm-controller"
		status["lastAttemptedRevision"] = r.Revision
	}
	patch, err := json.Marshal(map[string]any{"status": status})
	if err != nil {
		return err
	}
	return to.Status().Patch(ctx, object, client.RawPatch(types.MergePatchType, patch), client.FieldOwner(manager))
}

// ignoreUnwritable takes it for nothing that a kind has no status of its own, or that an admission policy or a schema of
// the repository refuses it: what comes of the unit is known without it.
func ignoreUnwritable(err error) error {
	if apierrors.IsNotFound(err) || meta.IsNoMatchError(err) || apierrors.IsMethodNotSupported(err) || apierrors.IsForbidden(err) || apierrors.IsInvalid(err) {
		return nil
	}
	return err
}

func (r Report) kustomization(status map[string]any) {
	status["lastAttemptedRevision"] = r.Revision
	if r.Ready {
		status["lastAppliedRevision"] = r.Revision
	}
	entries := []map[string]string{}
	for _, reference := range r.Inventory {
		id := object.ObjMetadata{Namespace: reference.Namespace, Name: reference.Name, GroupKind: reference.GroupKind()}
		entries = append(entries, map[string]string{"id": id.String(), "v": reference.Version})
	}
	status["inventory"] = map[string]any{"entries": entries}
}

// conditions are those that the controllers set at the end: Ready, and for a HelmRelease also Released.
func (r Report) conditions(generation int64) []map[string]any {
	kinds := []string{"Ready"}
	reason := map[bool]string{true: "ReconciliationSucceeded", false: "ReconciliationFailed"}[r.Ready]
	if r.Object.Kind == "HelmRelease" {
		kinds = append(kinds, "Released")
		reason = map[bool]string{true: "InstallSucceeded", false: "InstallFailed"}[r.Ready]
	}
	var conditions []map[string]any
	for _, kind := range kinds {
		conditions = append(conditions, map[string]any{
			"type": kind, "status": map[bool]string{true: "True", false: "False"}[r.Ready], "reason": reason,
			"message": r.Message, "observedGeneration": generation,
			"lastTransitionTime": time.Now().UTC().Format(time.RFC3339),
		})
	}
	return conditions
}
