package helm

import (
	"slices"
	"strings"
	"testing"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"elysium.dev/controlplane/internal/replay/wire"
)

func TestKindsAreInstalledInHelmsOrder(t *testing.T) {
	kinds := []string{"Widget", "Deployment", "Ingress", "Namespace", "Gadget", "ConfigMap", "ServiceAccount"}
	slices.SortStableFunc(kinds, byKind(installOrder))
	want := []string{"Namespace", "ServiceAccount", "ConfigMap", "Deployment", "Ingress", "Gadget", "Widget"}
	if !slices.Equal(kinds, want) {
		t.Error(kinds)
	}
}

func TestAServiceIsDeletedBeforeItsWorkloads(t *testing.T) {
	objects := []wire.Reference{{Kind: "Namespace"}, {Kind: "ConfigMap"}, {Kind: "Deployment"}, {Kind: "Service"}, {Kind: "Ingress"}}
	if places := uninstalled(objects); !slices.Equal(places, []int{4, 3, 2, 1, 0}) {
		t.Error(places)
	}
}

func TestHooksRunByWeightAndName(t *testing.T) {
	named := func(name string, weight int) Hook {
		hook := Hook{Weight: weight, Events: []string{"pre-install"}}
		hook.Object.Object = map[string]any{"kind": "Job", "metadata": map[string]any{"name": name}}
		return hook
	}
	work := &work{hooks: []Hook{named("b", 1), named("a", 1), named("c", -1), {Events: []string{"test"}}}}
	var names []string
	for _, hook := range work.hooksOf("pre-install") {
		names = append(names, hook.object.GetName())
		if !slices.Equal(hook.DeletePolicies, []string{beforeCreation}) {
			t.Error(hook.DeletePolicies)
		}
	}
	if !slices.Equal(names, []string{"c", "a", "b"}) {
		t.Error(names)
	}
}

func TestOwnershipIsToldInHelmsWords(t *testing.T) {
	work := &work{release: Release{Name: "app", Namespace: "here"}}
	object := &unstructured.Unstructured{Object: map[string]any{"kind": "ConfigMap", "metadata": map[string]any{"name": "a"}}}
	err := work.owned(object)
	want := `invalid ownership metadata; label validation error: missing key "app.kubernetes.io/managed-by": must be set to ` +
		`"Helm"; annotation validation error: missing key "meta.helm.sh/release-name": must be set to "app"`
	if err == nil || !strings.Contains(err.Error(), want) {
		t.Error(err)
	}
	work.own(object)
	if err := work.owned(object); err != nil {
		t.Error(err)
	}
	other := &unstructured.Unstructured{Object: object.Object}
	work.release.Name = "other"
	if err := work.owned(other); err == nil || !strings.Contains(err.Error(), `must equal "other": current value is "app"`) {
		t.Error(err)
	}
}

func TestAJobEndsWithSuccessOrFailure(t *testing.T) {
	job := func(condition string) *unstructured.Unstructured {
		conditions := []any{map[string]any{"type": condition, "status": "True", "reason": "R", "message": "M"}}
		return &unstructured.Unstructured{Object: map[string]any{
			"kind": "Job", "metadata": map[string]any{"name": "a"}, "status": map[string]any{"conditions": conditions},
		}}
	}
	if done, err := ended(job("Complete")); !done || err != nil {
		t.Error(done, err)
	}
	if done, err := ended(job("Failed")); !done || err == nil || !strings.Contains(err.Error(), "R: M") {
		t.Error(done, err)
	}
	if done, err := ended(job("Suspended")); done || err != nil {
		t.Error(done, err)
	}
}
