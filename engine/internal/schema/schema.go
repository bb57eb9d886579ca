// Package schema knows the kinds that a Kubernetes API server serves by itself: their scope, their life cycle and the shape of
// their objects, for each supported minor. It also checks custom resources against their CustomResourceDefinition, with the API
// server's own packages.
//
// The built-in kinds come from a catalogue that is generated when the engine is built (see the README beside it). Nothing is
// decompressed before the first question about that minor.
package schema

import (
	"slices"
	"strings"
)

// Problem is something that the API server would refuse, drop or warn about.
type Problem struct {
	// Code is one of the codes of objects.validate in the protocol, such as "unknown-field".
	Code string `json:"code"`
	// Path is the field, as in "spec.template.spec.containers[0].image"; empty for the object as a whole.
	Path string `json:"path"`
	// Message says what is wrong, for a person.
	Message string `json:"message"`
	// By names who says so, where that is the catalogue's guess of an operator's version.
	By string `json:"by,omitempty"`
}

// Minors lists the Kubernetes minors whose kinds are known, oldest first.
func Minors() []string {
	return slices.Clone(minors)
}

// Validate checks an object of a built-in kind. Objects of groups that do not belong to Kubernetes have no problems here: they
// need their definition (see Definitions).
func Validate(minor string, object map[string]any) []Problem {
	catalogue := load(minor)
	apiVersion, _ := object["apiVersion"].(string)
	kind, _ := object["kind"].(string)
	entry, found := catalogue.kinds[kindKey{apiVersion, kind}]
	if !found {
		return catalogue.unknownKind(apiVersion, kind)
	}
	problems := entry.lifecycle()
	if entry.typeName == "" {
		return problems
	}
	return append(problems, validateStructure(catalogue, entry, object)...)
}

// Namespaced tells whether objects of a built-in kind live in a namespace; known is false for kinds that Kubernetes does not have.
func Namespaced(minor, apiVersion, kind string) (namespaced, known bool) {
	entry, found := load(minor).kinds[kindKey{apiVersion, kind}]
	if !found || entry.scope == scopeNone {
		return false, false
	}
	return entry.scope == scopeNamespaced, true
}

// APIVersions lists what Helm calls the API versions of a cluster of this minor: "group/version" and "group/version/Kind" of
// everything that is served by default.
func APIVersions(minor string) []string {
	catalogue := load(minor)
	seen := map[string]bool{}
	for key, entry := range catalogue.kinds {
		if entry.served && entry.scope != scopeNone {
			seen[key.apiVersion] = true
			seen[key.apiVersion+"/"+key.kind] = true
		}
	}
	versions := make([]string, 0, len(seen))
	for version := range seen {
		versions = append(versions, version)
	}
	slices.SortFunc(versions, strings.Compare)
	return versions
}
