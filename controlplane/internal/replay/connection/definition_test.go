package connection

import (
	"testing"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/client-go/restmapper"
)

func definition(versions ...string) *unstructured.Unstructured {
	var served []any
	for _, version := range versions {
		served = append(served, map[string]any{"name": version, "served": true})
	}
	served = append(served, map[string]any{"name": "v9", "served": false}, "hostile")
	names := map[string]any{"kind": "Widget", "plural": "widgets", "singular": "widget"}
	return &unstructured.Unstructured{Object: map[string]any{"spec": map[string]any{
		"group": "example.org", "scope": "Namespaced", "names": names, "versions": served,
	}}}
}

func TestTheKindsOfADefinitionAreFoundInTheVersionThatKubernetesPrefers(t *testing.T) {
	groups := addDefinition(nil, definition("v1alpha1", "v1"))
	groups = addDefinition(groups, definition("v1beta1", "v1"))
	mapper := restmapper.NewDiscoveryRESTMapper(groups)
	kind := schema.GroupKind{Group: "example.org", Kind: "Widget"}
	mapping, err := mapper.RESTMapping(kind)
	if err != nil || mapping.Resource.Version != "v1" || mapping.Resource.Resource != "widgets" {
		t.Fatal(mapping, err)
	}
	if _, err := mapper.RESTMapping(kind, "v9"); err == nil {
		t.Error("a version that is not served was found")
	}
	if len(groups) != 1 || len(groups[0].VersionedResources["v1"]) != 1 {
		t.Error(groups)
	}
}
