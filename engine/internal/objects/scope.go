package objects

import (
	"strings"

	"elysium.dev/engine/internal/rpc"
	"elysium.dev/engine/internal/schema"
)

// Scopes knows which kinds live in a namespace: the built-in ones of a Kubernetes minor and the custom ones it was told about.
type Scopes struct {
	minor  string
	custom map[string]bool
}

// NewScopes makes scopes from the parameters of a request: custom maps "group/Kind" to "Namespaced" or "Cluster".
func NewScopes(minor string, custom map[string]string) (Scopes, error) {
	scopes := Scopes{minor: minor, custom: make(map[string]bool, len(custom))}
	for kind, scope := range custom {
		if scope != "Namespaced" && scope != "Cluster" {
			return scopes, rpc.InvalidParams("scopes: %s is %q: must be Namespaced or Cluster", kind, scope)
		}
		scopes.custom[kind] = scope == "Namespaced"
	}
	return scopes, nil
}

// Namespaced tells whether an object lives in a namespace; known is false for kinds that nobody described.
func (s Scopes) Namespaced(object map[string]any) (namespaced, known bool) {
	apiVersion, kind := Text(object, "apiVersion"), Text(object, "kind")
	group := ""
	if slash := strings.IndexByte(apiVersion, '/'); slash >= 0 {
		group = apiVersion[:slash]
	}
	if namespaced, known = s.custom[group+"/"+kind]; known {
		return namespaced, true
	}
	if s.minor == "" {
		return false, false
	}
	return schema.Namespaced(s.minor, apiVersion, kind)
}

// Place gives an object the namespace that it will have in a cluster: a namespaced one without a namespace gets the default
// ("" for none), and the API server drops the namespace of a cluster-wide one. Objects of unknown kinds stay as they are.
func (s Scopes) Place(object map[string]any, defaultNamespace string) {
	namespaced, known := s.Namespaced(object)
	if !known {
		return
	}
	metadata, _ := object["metadata"].(map[string]any)
	if metadata == nil {
		return
	}
	switch {
	case !namespaced:
		delete(metadata, "namespace")
	case defaultNamespace != "" && Text(metadata, "namespace") == "":
		metadata["namespace"] = defaultNamespace
	}
}

// Problems checks an object against the schema of its kind and its scope.
func (s Scopes) Problems(object map[string]any) []schema.Problem {
	problems := schema.Validate(s.minor, object)
	namespaced, known := s.Namespaced(object)
	if known && namespaced && Text(object, "metadata", "namespace") == "" {
		problems = append(problems, schema.Problem{
			Code: "namespace", Path: "metadata.namespace", Message: "namespace not specified"})
	}
	return problems
}
