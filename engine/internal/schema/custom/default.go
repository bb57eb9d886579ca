package custom

import (
	"strings"

	"k8s.io/apiextensions-apiserver/pkg/apiserver/schema/defaulting"
)

// Default fills the defaults of an object's definition in, as the API server does when it is created. It tells whether the version has a
// definition: without one nothing is known of its defaults.
func (d *Definitions) Default(object map[string]any) bool {
	apiVersion, _ := object["apiVersion"].(string)
	kind, _ := object["kind"].(string)
	group, name, _ := strings.Cut(apiVersion, "/")
	found := d.find(groupKind{group, kind})
	if found == nil {
		return false
	}
	declared, problem := found.declared(name)
	if problem != nil || declared == nil {
		return false
	}
	compiled := found.compiled(declared)
	if compiled.structure == nil {
		return false
	}
	defaulting.Default(object, compiled.structure)
	return true
}
