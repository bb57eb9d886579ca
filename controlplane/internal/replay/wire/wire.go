// Package wire holds what the replay is asked and what it answers, as JSON.
package wire

import (
	"encoding/json"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
	utiljson "k8s.io/apimachinery/pkg/util/json"
)

// Version of the protocol.
const Version = 1

// Request is one line of the input.
type Request struct {
	ID     json.RawMessage `json:"id"`
	Method string          `json:"method"`
	Params json.RawMessage `json:"params"`
}

// Response is one line of the output: a result or an error.
type Response struct {
	ID     json.RawMessage `json:"id"`
	Result any             `json:"result,omitempty"`
	Error  *Failure        `json:"error,omitempty"`
}

// Failure says why a request has no result.
type Failure struct {
	Message string `json:"message"`
	Hint    string `json:"hint,omitempty"`
}

// Reference names an object.
type Reference struct {
	Group     string `json:"group"`
	Version   string `json:"version"`
	Kind      string `json:"kind"`
	Namespace string `json:"namespace"`
	Name      string `json:"name"`
}

// UnmarshalJSON takes a reference, or an object that is to be named.
func (r *Reference) UnmarshalJSON(data []byte) error {
	var object Object
	if err := object.UnmarshalJSON(data); err != nil {
		return err
	}
	if _, whole := object.Object["metadata"]; whole {
		*r = ReferenceTo(&object.Unstructured)
		return nil
	}
	type plain Reference
	return json.Unmarshal(data, (*plain)(r))
}

// GroupKind is the kind without the version.
func (r Reference) GroupKind() schema.GroupKind {
	return schema.GroupKind{Group: r.Group, Kind: r.Kind}
}

// Object is an empty object with that name, to be read or deleted.
func (r Reference) Object() *unstructured.Unstructured {
	object := &unstructured.Unstructured{}
	object.SetGroupVersionKind(r.GroupKind().WithVersion(r.Version))
	object.SetNamespace(r.Namespace)
	object.SetName(r.Name)
	return object
}

// ReferenceTo names an object as it was sent. A broken apiVersion is told as the version.
func ReferenceTo(object *unstructured.Unstructured) Reference {
	reference := Reference{Kind: object.GetKind(), Namespace: object.GetNamespace(), Name: object.GetName()}
	parsed, err := schema.ParseGroupVersion(object.GetAPIVersion())
	if err != nil {
		reference.Version = object.GetAPIVersion()
		return reference
	}
	reference.Group, reference.Version = parsed.Group, parsed.Version
	return reference
}

// Object is one object of a request; integers stay integers.
type Object struct{ unstructured.Unstructured }

// UnmarshalJSON takes any JSON object; whether the server can take it is asked later.
func (o *Object) UnmarshalJSON(data []byte) error {
	content := map[string]any{}
	if err := utiljson.Unmarshal(data, &content); err != nil {
		return err
	}
	o.Object = content
	return nil
}

// Unwrap gives the objects as the client libraries take them.
func Unwrap(objects []Object) []*unstructured.Unstructured {
	unwrapped := make([]*unstructured.Unstructured, len(objects))
	for index := range objects {
		unwrapped[index] = &objects[index].Unstructured
	}
	return unwrapped
}
