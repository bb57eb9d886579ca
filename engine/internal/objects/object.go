// Package objects reads, finishes and writes Kubernetes objects as the engine passes them on: maps as decoded from JSON, with
// whole numbers as int64.
package objects

import (
	"fmt"

	"k8s.io/apimachinery/pkg/util/json"

	"elysium.dev/engine/internal/rpc"
)

// Object is a Kubernetes object. As a parameter it keeps whole numbers whole.
type Object map[string]any

// UnmarshalJSON reads whole numbers as int64, as Kubernetes does.
func (o *Object) UnmarshalJSON(data []byte) error {
	var read map[string]any
	if err := json.Unmarshal(data, &read); err != nil {
		return err
	}
	*o = read
	return nil
}

// FromJSON reads an object from JSON.
func FromJSON(data []byte) (map[string]any, error) {
	var read map[string]any
	if err := json.Unmarshal(data, &read); err != nil {
		return nil, err
	}
	return read, nil
}

// Text is the string at a path, or nothing.
func Text(object map[string]any, path ...string) string {
	for _, key := range path[:len(path)-1] {
		object, _ = object[key].(map[string]any)
	}
	text, _ := object[path[len(path)-1]].(string)
	return text
}

// Reference names an object in an error.
func Reference(object map[string]any) rpc.Object {
	return rpc.Object{
		APIVersion: Text(object, "apiVersion"),
		Kind:       Text(object, "kind"),
		Namespace:  Text(object, "metadata", "namespace"),
		Name:       Text(object, "metadata", "name"),
	}
}

// Describe writes an object for a person, as Flux does: Kind/namespace/name.
func Describe(object map[string]any) string {
	reference := Reference(object)
	if reference.Namespace == "" {
		return fmt.Sprintf("%s/%s", reference.Kind, reference.Name)
	}
	return fmt.Sprintf("%s/%s/%s", reference.Kind, reference.Namespace, reference.Name)
}
