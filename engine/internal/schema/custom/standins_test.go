package custom

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"elysium.dev/engine/internal/schema"
	apiextensions "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
)

func definitionsOf(t *testing.T, params string) []standIn {
	t.Helper()
	answer, err := catalogueDefinitions(t.Context(), json.RawMessage(params))
	if err != nil {
		t.Fatal(err)
	}
	return answer.(map[string]any)["definitions"].([]standIn)
}

func crdOf(t *testing.T, made standIn) apiextensions.CustomResourceDefinition {
	t.Helper()
	text, err := json.Marshal(made.Definition)
	if err != nil {
		t.Fatal(err)
	}
	var crd apiextensions.CustomResourceDefinition
	if err := json.Unmarshal(text, &crd); err != nil {
		t.Fatal(err)
	}
	return crd
}

func served(crd apiextensions.CustomResourceDefinition) (versions []string) {
	for _, version := range crd.Spec.Versions {
		text := version.Name
		if version.Storage {
			text += " stored"
		}
		if version.Served {
			versions = append(versions, text)
		}
	}
	return versions
}

// A cluster may run an older operator: the version that its objects have is served and stored, so that nothing of them is lost.
func TestAStandInServesWhatIsAskedFor(t *testing.T) {
	for versions, wanted := range map[string]string{
		`[]`:                       "[v1 stored]",
		`["v1"]`:                   "[v1 stored]",
		`["v1beta1"]`:              "[v1 v1beta1 stored]",
		`["v1beta1", "v1"]`:        "[v1 stored v1beta1]",
		`["v2alpha1", "v1alpha1"]`: "[v1 v2alpha1 stored v1alpha1]",
	} {
		made := definitionsOf(t, `{"kinds": [{"group": "external-secrets.io", "kind": "ExternalSecret", "versions": `+versions+`}]}`)
		if found := fmt.Sprint(served(crdOf(t, made[0]))); found != wanted {
			t.Errorf("%s: %s, not %s", versions, found, wanted)
		}
	}
}

func TestAVersionThatNobodyKnowsHoldsAnything(t *testing.T) {
	made := definitionsOf(t, `{"kinds": [{"group": "cert-manager.io", "kind": "Certificate", "versions": ["v9"]}]}`)
	if !slices.Equal(made[0].Unjudged, []string{"v9"}) || !strings.HasPrefix(made[0].By, "cert-manager v") {
		t.Fatalf("%s, unjudged %v", made[0].By, made[0].Unjudged)
	}
	crd := crdOf(t, made[0])
	last := crd.Spec.Versions[len(crd.Spec.Versions)-1]
	if last.Name != "v9" || last.Schema.OpenAPIV3Schema.XPreserveUnknownFields == nil {
		t.Errorf("%+v", last)
	}
}

func TestKindsThatNobodyKnowsAreLeftOut(t *testing.T) {
	made := definitionsOf(t, `{"flux": "2.9", "kinds": [{"group": "example.org", "kind": "Widget", "versions": ["v1"]},
		{"group": "kustomize.toolkit.fluxcd.io", "kind": "Kustomization", "versions": ["v1"]}]}`)
	if len(made) != 1 || made[0].By != "Flux 2.9" || made[0].Kind != "Kustomization" {
		t.Errorf("%v", made)
	}
}

// What is wrong with the schema of a stand-in would be told to those who only use its kind.
func TestEveryStandInIsSound(t *testing.T) {
	for _, name := range schema.OperatorKinds() {
		group, kind, _ := strings.Cut(name, "/")
		made, found, err := newStandIn("", groupKind{group, kind}, nil)
		if err != nil || !found {
			t.Fatalf("%s: %v", name, err)
		}
		for _, problem := range NewDefinitions(nil).Validate(t.Context(), "1.37", made.Definition) {
			t.Errorf("%s: %s %s", name, problem.Path, problem.Message)
		}
		crd := crdOf(t, made)
		if isProtected(group) != (crd.Annotations[approval] != "") {
			t.Errorf("%s has the annotations %v", name, crd.Annotations)
		}
	}
}
