package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"sigs.k8s.io/yaml"
)

// fluxRelease is a Flux minor with the controllers whose CustomResourceDefinitions it installs.
type fluxRelease struct {
	minor       string
	controllers []controller
}

// controller is the module of a Flux controller; its definitions are files of the module.
type controller struct {
	name, version, sum string
	// absent is what the module has and this minor of Flux has not: "Kind spec.field", or "Kind spec.field=value" for a value of
	// an enumeration. It is needed where the module proxy does not have the controller that the minor ships.
	absent []string
	// alsoServed are versions that the minor serves and the module no longer declares; their objects are not judged.
	alsoServed []string
}

// fluxReleases are the supported minors, oldest first.
//
// 2.9 is what 2.9.4 ships. 2.8 ships kustomize-controller 1.8, helm-controller 1.5 and notification-controller 1.8, whose modules
// are not to be had: theirs are those of 2.9 without what the types of kustomize-controller/api 1.8.5, helm-controller/api 1.5.5 and
// notification-controller/api 1.8.4 do not declare.
var fluxReleases = []fluxRelease{
	{"2.8", []controller{
		{name: "source-controller", version: "v1.8.5", sum: "h1:3zKSTGc2FPoZcQ5BjnyOrwdHDWeYqst3uAoZ+c0DG3c="},
		{name: "image-reflector-controller", version: "v1.1.1", sum: "h1:x76ne/gPXys0z14N3qms/6gumJmYEZ5s+HoVjf0OxVU="},
		{name: "image-automation-controller", version: "v1.1.2", sum: "h1:zPptZCByqjLsZ5zeNk22kWQXtXo9MxpdB7wlHeffC/s="},
		{name: "kustomize-controller", version: "v1.9.4", sum: "h1:VBnBMhnemqnE5Zca2AoG2gC4472MoiTmk9rdqvLoMcY=", absent: []string{
			"Kustomization spec.buildMetadata", "Kustomization spec.ignore", "Kustomization spec.postBuild.substituteStrategy"}},
		{name: "helm-controller", version: "v1.6.3", sum: "h1:MSiDP/s8xRSkO3g11vBiDStxfmJ5ZVdwDEpW7BSE/UA=", absent: []string{
			"HelmRelease spec.postRenderStrategy", "HelmRelease spec.upgrade.chartNameChangeStrategy"}},
		{name: "notification-controller", version: "v1.9.3", sum: "h1:vBONN/Lx5aQ2nDnJxYp5Sb0Wsgh13UbuP5A1MK4dmkY=", absent: []string{
			"Receiver spec.type=generic-oidc", "Receiver spec.resources.filter"}, alsoServed: []string{"v1beta2"}},
	}},
	{"2.9", []controller{
		{name: "source-controller", version: "v1.9.4", sum: "h1:psO6g4NTAMl3GD9gL8TMF3shM939XhTjFvlQXCK3pZ4="},
		{name: "image-reflector-controller", version: "v1.2.4", sum: "h1:pBC8XOgLXt3VaTzp9k2fYpuR3FFEnZRZBkuSfnGxPhM="},
		{name: "image-automation-controller", version: "v1.2.4", sum: "h1:uYtQq2kUb02q6fJE6zT/NdAPLTPLZUOIVp+JGFslW+M="},
		{name: "kustomize-controller", version: "v1.9.4", sum: "h1:VBnBMhnemqnE5Zca2AoG2gC4472MoiTmk9rdqvLoMcY="},
		{name: "helm-controller", version: "v1.6.3", sum: "h1:MSiDP/s8xRSkO3g11vBiDStxfmJ5ZVdwDEpW7BSE/UA="},
		{name: "notification-controller", version: "v1.9.3", sum: "h1:vBONN/Lx5aQ2nDnJxYp5Sb0Wsgh13UbuP5A1MK4dmkY="},
	}},
}

// describeFlux writes the definitions of a minor: one line a kind, "group/Kind", a tab, and the definition as JSON.
func describeFlux(release fluxRelease) (string, error) {
	var lines []string
	for _, controller := range release.controllers {
		directory, err := download("github.com/fluxcd/"+controller.name, controller.version, controller.sum)
		if err != nil {
			return "", err
		}
		names, err := filepath.Glob(filepath.Join(directory, "config", "crd", "bases", "*.yaml"))
		if err != nil || len(names) == 0 {
			return "", fmt.Errorf("%s %s has no definitions (%w)", controller.name, controller.version, err)
		}
		for _, name := range names {
			line, err := controller.describe(name)
			if err != nil {
				return "", fmt.Errorf("%s: %w", name, err)
			}
			lines = append(lines, line)
		}
	}
	slices.Sort(lines)
	return strings.Join(lines, ""), nil
}

func (c controller) describe(name string) (string, error) {
	content, err := os.ReadFile(name)
	if err != nil {
		return "", err
	}
	var crd map[string]any
	if err := yaml.Unmarshal(content, &crd); err != nil {
		return "", err
	}
	compact, kind, err := compactDefinition(crd, c.alsoServed)
	if err != nil {
		return "", err
	}
	for _, absent := range c.absent {
		of, path, _ := strings.Cut(absent, " ")
		if of == kind && !withoutField(compact, path) {
			return "", fmt.Errorf("there is no %s to take away", absent)
		}
	}
	text, err := json.Marshal(compact)
	if err != nil {
		return "", err
	}
	spec := compact["spec"].(map[string]any)
	return fmt.Sprintf("%s/%s\t%s\n", spec["group"], kind, text), nil
}
