package main

import (
	"strings"
	"testing"
)

func TestFluxMinorsDifferAsTheirAPIsDo(t *testing.T) {
	texts := map[string]string{}
	for _, release := range fluxReleases {
		text, err := describeFlux(release)
		if err != nil {
			t.Fatal(err)
		}
		texts[release.minor] = text
		for _, kind := range []string{
			"source.toolkit.fluxcd.io/GitRepository", "source.toolkit.fluxcd.io/OCIRepository", "source.toolkit.fluxcd.io/Bucket",
			"source.toolkit.fluxcd.io/HelmRepository", "source.toolkit.fluxcd.io/HelmChart", "kustomize.toolkit.fluxcd.io/Kustomization",
			"helm.toolkit.fluxcd.io/HelmRelease", "image.toolkit.fluxcd.io/ImageRepository", "image.toolkit.fluxcd.io/ImagePolicy",
			"image.toolkit.fluxcd.io/ImageUpdateAutomation", "notification.toolkit.fluxcd.io/Provider",
			"notification.toolkit.fluxcd.io/Alert", "notification.toolkit.fluxcd.io/Receiver",
		} {
			if !strings.Contains("\n"+text, "\n"+kind+"\t{") {
				t.Errorf("the definitions of Flux %s lack %s", release.minor, kind)
			}
		}
		if strings.Contains(text, `"additionalPrinterColumns"`) || strings.Contains(text, "API server") {
			t.Errorf("the definitions of Flux %s hold texts for people", release.minor)
		}
	}
	for _, field := range []string{"postRenderStrategy", "chartNameChangeStrategy", "buildMetadata", "substituteStrategy", `"generic-oidc"`} {
		if strings.Contains(texts["2.8"], field) {
			t.Errorf("Flux 2.8 has no %s", field)
		}
		if !strings.Contains(texts["2.9"], field) {
			t.Errorf("Flux 2.9 has %s", field)
		}
	}
	for _, removed := range []string{`"name":"v1beta2"`, `"v1beta2"`} {
		if !strings.Contains(texts["2.8"], removed) || strings.Contains(texts["2.9"], removed) {
			t.Errorf("%s was removed in Flux 2.9", removed)
		}
	}
}

func TestDescriptionsGoButNotFieldsOfThatName(t *testing.T) {
	description := map[string]any{"type": "string", "description": "a text"}
	schema := map[string]any{"description": "a", "properties": map[string]any{"description": description}}
	undescribed(schema)
	if _, kept := schema["properties"].(map[string]any)["description"]; !kept || schema["description"] != nil || description["description"] != nil {
		t.Errorf("%v", schema)
	}
}
