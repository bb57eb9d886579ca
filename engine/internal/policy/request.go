package policy

import (
	"strings"

	"k8s.io/apimachinery/pkg/api/meta"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apiserver/pkg/admission"

	"elysium.dev/engine/internal/schema/custom"
)

// request is the creation of an object. Limited tells that a LimitRange of the namespace may add resources to its containers.
type request struct {
	Object    object `json:"object"`
	Namespace string `json:"namespace"`
	Resource  string `json:"resource"`
	Limited   bool   `json:"limited"`

	attributes *admission.VersionedAttributes
	// defaulted tells that the defaults of the kind are known: what is not there now is not there in the cluster, either.
	defaulted bool
}

func (r *request) kind() schema.GroupVersionKind {
	version, _ := r.Object["apiVersion"].(string)
	kind, _ := r.Object["kind"].(string)
	return schema.FromAPIVersionAndKind(version, kind)
}

func (r *request) group() string { return r.kind().Group }

func (r *request) version() string { return r.kind().Version }

func (r *request) metadata(field string) any {
	metadata, _ := r.Object["metadata"].(map[string]any)
	return metadata[field]
}

func (r *request) name() string {
	name, _ := r.metadata("name").(string)
	return name
}

func (r *request) labels() labels.Set {
	found := labels.Set{}
	given, _ := r.metadata("labels").(map[string]any)
	for key, value := range given {
		found[key], _ = value.(string)
	}
	return found
}

// exempt are the kinds that admission policies never see: a policy could lock out its own repair.
func (r *request) exempt() bool {
	kind := r.kind()
	return kind.Group == "admissionregistration.k8s.io" && (strings.HasSuffix(kind.Kind, "WebhookConfiguration") ||
		strings.HasSuffix(kind.Kind, "AdmissionPolicy") || strings.HasSuffix(kind.Kind, "AdmissionPolicyBinding"))
}

// complete fills in what the API server knows of a request before it asks policies: the name of the resource and defaults.
func (r *request) complete(definitions *custom.Definitions) {
	kind := r.kind()
	if r.Resource == "" {
		guessed, _ := meta.UnsafeGuessKindToResource(kind)
		r.Resource = guessed.Resource
	}
	withDefaults(r.Object, kind.Group, kind.Kind)
	r.defaulted = isTabled(kind.Group, kind.Kind) || definitions.Default(r.Object)
	content, _ := withUnknowns(map[string]any(r.Object)).(map[string]any)
	if r.Limited && kind.Group == "" && kind.Kind == "Pod" {
		hideResources(content)
	}
	seen := &unstructured.Unstructured{Object: content}
	resource := schema.GroupVersionResource{Group: kind.Group, Version: kind.Version, Resource: r.Resource}
	attributes := admission.NewAttributesRecord(seen, nil, kind, r.Namespace, r.name(), resource, "", admission.Create, nil, false, nil)
	r.attributes = &admission.VersionedAttributes{Attributes: attributes, VersionedKind: kind}
	r.attributes.VersionedObject.Set(seen)
}

// hideResources makes resources unknown that LimitRanger may add.
func hideResources(pod map[string]any) {
	spec, _ := pod["spec"].(map[string]any)
	for _, field := range []string{"initContainers", "containers"} {
		containers, _ := spec[field].([]any)
		for _, item := range containers {
			if container, isMap := item.(map[string]any); isMap {
				container["resources"] = unknown()
			}
		}
	}
}
