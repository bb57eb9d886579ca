package kustomization

import (
	"fmt"
	"strings"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"sigs.k8s.io/kustomize/api/resource"

	"elysium.dev/engine/internal/normalise"
	"elysium.dev/engine/internal/objects"
	"elysium.dev/engine/internal/rpc"
)

// ownerGroup prefixes the labels that tell which Kustomization applied an object.
const ownerGroup = "kustomize.toolkit.fluxcd.io"

// decode checks one resource of the build, substitutes variables in it and decodes it.
func (r *renderRun) decode(built *resource.Resource, substitution *substitution, from source) (map[string]any, error) {
	failed := func(stage string, err error) error {
		return rpc.Failed(stage, "%s", shown(err)).At(from.origin.File, from.origin.Line).On(rpc.Object{
			APIVersion: built.GetApiVersion(), Kind: built.GetKind(), Namespace: built.GetNamespace(), Name: built.GetName()})
	}
	if built.GetName() == "" || built.GetKind() == "" || built.GetApiVersion() == "" {
		return nil, failed("build", fmt.Errorf("failed to decode Kubernetes apiVersion, kind and name from: %s/%s %q",
			built.GetApiVersion(), built.GetKind(), built.GetName()))
	}
	object, err := decodeResource(built)
	if err != nil {
		return nil, failed("build", err)
	}
	if r.decrypter != nil {
		if err := decryptResource(r.decrypter, built, object, from.origin.File); err != nil {
			return nil, failed("decrypt", fmt.Errorf("decryption failed for '%s/%s': %w", built.GetGvk(), built.GetName(), err))
		}
	}
	if substitution == nil {
		return object, nil
	}
	object, err = substitution.apply(built, object)
	if err != nil {
		return nil, failed("substitute", fmt.Errorf("post build failed for '%s/%s': %w", built.GetGvk(), built.GetName(), err))
	}
	return object, nil
}

// distinct refuses two objects with one identity, which substitution can make out of two names.
func distinct(decoded []builtObject) error {
	seen := make(map[rpc.Object]struct{}, len(decoded))
	for _, object := range decoded {
		reference := objects.Reference(object.Object)
		if _, twice := seen[reference]; twice {
			return rpc.Failed("substitute", "in Replace: id matched 2 resources (%s)", objects.Describe(object.Object)).
				At(object.Origin.File, object.Origin.Line).On(reference)
		}
		seen[reference] = struct{}{}
	}
	return nil
}

// readObjects takes the objects out of lists, and leaves out what is not a Kubernetes object or belongs to Kustomize itself.
func readObjects(decoded []builtObject) ([]builtObject, error) {
	read := make([]builtObject, 0, len(decoded))
	for _, document := range decoded {
		items, isList := document.Object["items"].([]any)
		if !isList {
			if isApplied(document.Object) {
				read = append(read, document)
			}
			continue
		}
		for _, item := range items {
			object, isObject := item.(map[string]any)
			if !isObject {
				return nil, rpc.Failed("read", "items member is not an object").
					At(document.Origin.File, document.Origin.Line).On(objects.Reference(document.Object))
			}
			expanded := document
			expanded.Object = object
			read = append(read, expanded)
		}
	}
	return read, nil
}

func isApplied(object map[string]any) bool {
	reference := objects.Reference(object)
	if reference.Name == "" || reference.Kind == "" || reference.APIVersion == "" {
		return false
	}
	return !strings.EqualFold(reference.Kind, "kustomization") || !strings.HasPrefix(reference.APIVersion, "kustomize.config.k8s.io/")
}

// finish sets the owner labels, normalises the object, and sets the common metadata, which wins.
func finish(object, kustomization map[string]any) map[string]any {
	wrapped := unstructured.Unstructured{Object: object}
	wrapped.SetLabels(merged(wrapped.GetLabels(), map[string]string{
		ownerGroup + "/name":      objects.Text(kustomization, "metadata", "name"),
		ownerGroup + "/namespace": objects.Text(kustomization, "metadata", "namespace"),
	}))
	wrapped.Object = normalise.Object(wrapped.Object)
	if common, _, _ := unstructured.NestedStringMap(kustomization, "spec", "commonMetadata", "labels"); len(common) > 0 {
		wrapped.SetLabels(merged(wrapped.GetLabels(), common))
	}
	if common, _, _ := unstructured.NestedStringMap(kustomization, "spec", "commonMetadata", "annotations"); len(common) > 0 {
		wrapped.SetAnnotations(merged(wrapped.GetAnnotations(), common))
	}
	return wrapped.Object
}

func merged(values, over map[string]string) map[string]string {
	if values == nil {
		values = make(map[string]string, len(over))
	}
	for key, value := range over {
		values[key] = value
	}
	return values
}
