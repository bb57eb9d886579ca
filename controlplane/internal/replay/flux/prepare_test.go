package flux

import (
	"slices"
	"strings"
	"testing"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
)

func sample(version, kind, name string) *unstructured.Unstructured {
	return &unstructured.Unstructured{Object: map[string]any{
		"apiVersion": version, "kind": kind, "metadata": map[string]any{"name": name, "namespace": "a"},
	}}
}

func TestStagesAreDefinitionsThenClassesThenTheRest(t *testing.T) {
	stages := split([]*unstructured.Unstructured{
		sample("v1", "ConfigMap", "c"), sample("storage.k8s.io/v1", "StorageClass", "s"), sample("v1", "Namespace", "n"),
		sample("apiextensions.k8s.io/v1", "CustomResourceDefinition", "d"),
		sample("rbac.authorization.k8s.io/v1", "ClusterRole", "r"), sample("rbac.authorization.k8s.io/v1", "Role", "r"),
	})
	var found []string
	for _, stage := range stages {
		for _, each := range stage.objects {
			found = append(found, stage.name+" "+each.GetKind())
		}
	}
	want := []string{
		"definitions Namespace", "definitions CustomResourceDefinition", "definitions ClusterRole",
		"classes StorageClass", "resources ConfigMap", "resources Role",
	}
	if !slices.Equal(found, want) {
		t.Error(found)
	}
}

func TestFieldsThatNormalisingDropsAreTold(t *testing.T) {
	config := sample("v1", "ConfigMap", "c")
	config.Object["daata"] = map[string]any{}
	dropped, err := prepared(config)
	if err != nil || !slices.Equal(dropped, []string{`unknown field "daata"`}) {
		t.Error(dropped, err)
	}
	role := sample("rbac.authorization.k8s.io/v1", "Role", "r")
	role.Object["ruules"] = []any{}
	if dropped, err := prepared(role); err != nil || dropped != nil || role.Object["ruules"] == nil {
		t.Error("roles are sent as they are", dropped, err)
	}
}

func TestAnEncryptedSecretIsRefused(t *testing.T) {
	secret := sample("v1", "Secret", "s")
	secret.Object["data"] = map[string]any{"key": "ENC[AES256_GCM,data:x]"}
	secret.Object["sops"] = map[string]any{}
	if _, err := prepared(secret); err == nil || !strings.Contains(err.Error(), "is SOPS encrypted") {
		t.Error(err)
	}
}

func TestWhatBelongsToAnotherIsKept(t *testing.T) {
	found := sample("v1", "ConfigMap", "c")
	owner := map[string]string{prefix + "name": "apps"}
	if why := kept(found, owner); !strings.Contains(why, "belongs to another") {
		t.Error(why)
	}
	found.SetLabels(owner)
	if why := kept(found, owner); why != "" {
		t.Error(why)
	}
	found.SetAnnotations(map[string]string{pruneKey: "Disabled"})
	if why := kept(found, owner); why == "" {
		t.Error("marks are read whatever their case")
	}
}
