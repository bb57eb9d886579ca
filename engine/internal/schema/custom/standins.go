package custom

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"elysium.dev/engine/internal/schema"
	kubeversion "k8s.io/apimachinery/pkg/version"
)

// standIn is a definition of the catalogue, made so that an API server takes it in place of the one that a cluster has.
type standIn struct {
	Group string `json:"group"`
	Kind  string `json:"kind"`
	// By is the operator, or Flux, with the version that was read.
	By string `json:"by"`
	// Unjudged are versions that were asked for and that By does not have: objects of them may hold anything.
	Unjudged   []string       `json:"unjudged"`
	Definition map[string]any `json:"definition"`
}

// approval is the annotation that the API server asks of definitions in the groups of Kubernetes itself
// (KEP-2337, https://github.com/kubernetes/enhancements/pull/1111).
const approval = "api-approved.kubernetes.io"

// newStandIn makes the definition of a kind that serves all of the versions; found is false where the catalogue does not know the kind.
func newStandIn(flux string, kind groupKind, versions []string) (made standIn, found bool, err error) {
	text, by := carried(flux, kind)
	if text == "" {
		return standIn{}, false, nil
	}
	made = standIn{Group: kind.group, Kind: kind.kind, By: by, Unjudged: []string{}}
	if err := json.Unmarshal([]byte(text), &made.Definition); err != nil {
		return standIn{}, false, fmt.Errorf("the definition of %s by %s: %w", kind.kind, by, err)
	}
	made.serve(versions)
	if isFlux(kind.group) {
		made.begin()
	}
	if isProtected(kind.group) {
		metadata := made.Definition["metadata"].(map[string]any)
		metadata["annotations"] = map[string]any{approval: "unapproved, stands in for the definition of " + by}
	}
	return made, true, nil
}

// carried is the definition of a kind as the engine has it, and whose it is.
func carried(flux string, kind groupKind) (text, by string) {
	if isFlux(kind.group) && flux != "" {
		return schema.FluxDefinition(flux, kind.group, kind.kind), "Flux " + flux
	}
	found, _ := schema.Operator(kind.group, kind.kind)
	return found.Definition, found.By
}

// serve makes the definition serve the versions that are asked for. Nothing converts between versions, so that the newest of them is
// also the stored one: otherwise the server would drop the fields that the stored version does not have.
func (s *standIn) serve(wanted []string) {
	spec := s.Definition["spec"].(map[string]any)
	declared, _ := spec["versions"].([]any)
	for _, name := range wanted {
		if index := slices.IndexFunc(declared, func(item any) bool { return named(item) == name }); index >= 0 {
			declared[index].(map[string]any)["served"] = true
			continue
		}
		s.Unjudged = append(s.Unjudged, name)
		anything := map[string]any{"type": "object", "x-kubernetes-preserve-unknown-fields": true}
		declared = append(declared, map[string]any{
			"name": name, "served": true, "storage": false, "schema": map[string]any{"openAPIV3Schema": anything},
			"subresources": map[string]any{"status": map[string]any{}}})
	}
	spec["versions"] = declared
	if len(wanted) > 0 && !slices.Contains(wanted, stored(declared)) {
		newest := slices.MaxFunc(wanted, kubeversion.CompareKubeAwareVersionStrings)
		for _, item := range declared {
			item.(map[string]any)["storage"] = named(item) == newest
		}
	}
}

// begin gives new objects of Flux the status that its definitions give them: not looked at yet, so that nobody takes
// them for ready before their controller says so.
func (s *standIn) begin() {
	for _, item := range s.Definition["spec"].(map[string]any)["versions"].([]any) {
		schema, _ := item.(map[string]any)["schema"].(map[string]any)
		root, _ := schema["openAPIV3Schema"].(map[string]any)
		properties, _ := root["properties"].(map[string]any)
		if status, found := properties["status"].(map[string]any); found {
			status["default"] = map[string]any{"observedGeneration": -1}
		}
	}
}

func named(version any) string {
	name, _ := version.(map[string]any)["name"].(string)
	return name
}

func stored(versions []any) string {
	for _, item := range versions {
		if item.(map[string]any)["storage"] == true {
			return named(item)
		}
	}
	return ""
}

// isProtected tells whether a group belongs to Kubernetes, so that its definitions need an approval.
func isProtected(group string) bool {
	for _, suffix := range []string{"k8s.io", "kubernetes.io"} {
		if group == suffix || strings.HasSuffix(group, "."+suffix) {
			return true
		}
	}
	return false
}
