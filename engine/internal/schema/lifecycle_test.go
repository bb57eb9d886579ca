package schema

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"elysium.dev/engine/internal/rpc"
)

func TestLifecycle(t *testing.T) {
	cases := []struct{ minor, apiVersion, kind, code, message string }{
		{"1.33", "extensions/v1beta1", "Ingress", "removed-api", "removed in Kubernetes 1.22; use networking.k8s.io/v1 Ingress"},
		{"1.33", "policy/v1beta1", "PodSecurityPolicy", "removed-api", "removed in Kubernetes 1.25"},
		{"1.37", "batch/v1beta1", "CronJob", "removed-api", "removed in Kubernetes 1.25; use batch/v1 CronJob"},
		{"1.37", "autoscaling/v2beta2", "HorizontalPodAutoscaler", "removed-api", "use autoscaling/v2 HorizontalPodAutoscaler"},
		{"1.35", "apiextensions.k8s.io/v1beta1", "CustomResourceDefinition", "removed-api", "removed in Kubernetes 1.22"},
		{"1.35", "settings.k8s.io/v1alpha1", "PodPreset", "removed-api", "removed in Kubernetes 1.20"},
		{"1.33", "v1", "Endpoints", "deprecated-api", "use discovery.k8s.io/v1 EndpointSlice"},
		{"1.36", "storage.k8s.io/v1beta1", "VolumeAttributesClass", "deprecated-api", "removed in 1.37"},
		{"1.37", "storage.k8s.io/v1beta1", "VolumeAttributesClass", "removed-api", "use storage.k8s.io/v1"},
		{"1.33", "resource.k8s.io/v1", "DeviceClass", "unknown-kind", "introduced in 1.34"},
		{"1.37", "apps/v1", "Ingress", "unknown-kind", "has no apps/v1 Ingress"},
		{"1.37", "apps/v2", "Deployment", "unknown-kind", "it serves apps/v1"},
		{"1.37", "v1", "Pod", "", ""},
		{"1.37", "gateway.networking.k8s.io/v1", "Gateway", "", ""},
		{"1.37", "v1", "List", "", ""},
	}
	for _, test := range cases {
		object := map[string]any{
			"apiVersion": test.apiVersion, "kind": test.kind, "metadata": map[string]any{"name": "a"},
			"spec": map[string]any{"containers": []any{}},
		}
		code, message := "", ""
		for _, problem := range Validate(test.minor, object) {
			if problem.Path == "apiVersion" || problem.Path == "kind" {
				code, message = problem.Code, problem.Message
			}
		}
		if code != test.code || !strings.Contains(message, test.message) {
			t.Errorf("%s %s %s: %s %q, want %s %q", test.minor, test.apiVersion, test.kind, code, message, test.code, test.message)
		}
	}
}

func TestNamespaced(t *testing.T) {
	cases := []struct {
		apiVersion, kind  string
		namespaced, known bool
	}{
		{"v1", "Pod", true, true},
		{"v1", "Namespace", false, true},
		{"rbac.authorization.k8s.io/v1", "ClusterRole", false, true},
		{"rbac.authorization.k8s.io/v1", "Role", true, true},
		{"apiextensions.k8s.io/v1", "CustomResourceDefinition", false, true},
		{"apiregistration.k8s.io/v1", "APIService", false, true},
		{"policy/v1beta1", "PodSecurityPolicy", false, true},
		{"example.org/v1", "Pod", false, false},
		{"v1", "PodList", false, false},
	}
	for _, minor := range append(Minors(), "1.20", "1.99", "") {
		for _, test := range cases {
			namespaced, known := Namespaced(minor, test.apiVersion, test.kind)
			if namespaced != test.namespaced || known != test.known {
				t.Errorf("%s %s %s: %t %t", minor, test.apiVersion, test.kind, namespaced, known)
			}
		}
	}
}

func TestAPIVersions(t *testing.T) {
	served := APIVersions("1.33")
	for _, name := range []string{"v1", "v1/Pod", "apps/v1", "apps/v1/Deployment", "policy/v1/PodDisruptionBudget", "apiextensions.k8s.io/v1/CustomResourceDefinition"} {
		if !slices.Contains(served, name) {
			t.Errorf("%s is missing", name)
		}
	}
	for _, name := range []string{"resource.k8s.io/v1", "resource.k8s.io/v1beta1", "batch/v1beta1", "extensions/v1beta1", "v1/PodList", "admission.k8s.io/v1"} {
		if slices.Contains(served, name) {
			t.Errorf("%s is not served", name)
		}
	}
	if !slices.Contains(APIVersions("1.34"), "resource.k8s.io/v1/DeviceClass") {
		t.Error("1.34 serves resource.k8s.io/v1")
	}
	if !slices.IsSorted(served) {
		t.Error("not sorted")
	}
}

func TestDescribe(t *testing.T) {
	answer, err := describeKubernetes(t.Context(), json.RawMessage(`{"kubernetes": "1.37"}`))
	if err != nil {
		t.Fatal(err)
	}
	kinds := answer.(describeResult).Kinds
	want := kindDescription{APIVersion: "batch/v1beta1", Kind: "CronJob", Namespaced: true, DeprecatedIn: "1.21", RemovedIn: "1.25", Replacement: "batch/v1 CronJob"}
	if !slices.Contains(kinds, want) {
		t.Errorf("%+v is missing", want)
	}
	if _, err := describeKubernetes(t.Context(), json.RawMessage(`{"kubernetes": "1.20"}`)); err == nil {
		t.Error("1.20 is not supported")
	} else if _, isParams := err.(*rpc.ParamsError); !isParams {
		t.Error(err)
	}
}

func TestMalformedCatalogue(t *testing.T) {
	for _, text := range []string{"X\ta", "K\tv1\tPod", "K\tv1\tPod\tNN\ta\t\t\t\t\t1"} {
		if _, err := parseCatalogue("1.37", text); err == nil {
			t.Errorf("%q was accepted", text)
		}
	}
}
