package resourceset

import (
	"encoding/json"
	"fmt"

	"elysium.dev/engine/internal/rpc"
	"k8s.io/apimachinery/pkg/util/validation"
)

const (
	groupVersion = "fluxcd.controlplane.io/v1"
	// maximumSteps is a bound of the API.
	maximumSteps = 20
)

// set is a ResourceSet as far as it decides which objects there are.
type set struct {
	Metadata struct {
		Name      string `json:"name"`
		Namespace string `json:"namespace"`
	} `json:"metadata"`
	Spec specification `json:"spec"`
}

type specification struct {
	CommonMetadata *commonMetadata   `json:"commonMetadata"`
	InputStrategy  *inputStrategy    `json:"inputStrategy"`
	Inputs         []map[string]any  `json:"inputs"`
	InputsFrom     []json.RawMessage `json:"inputsFrom"`
	Steps          []step            `json:"steps"`
	step
}

type commonMetadata struct {
	Labels      map[string]string `json:"labels"`
	Annotations map[string]string `json:"annotations"`
}

type inputStrategy struct {
	Name                  string `json:"name"`
	IncludeEmptyProviders bool   `json:"includeEmptyProviders"`
}

// step is a list of objects and a template for more; a ResourceSet without steps has these two itself.
type step struct {
	Name              string            `json:"name"`
	Resources         []json.RawMessage `json:"resources"`
	ResourcesTemplate string            `json:"resourcesTemplate"`
}

// parse reads a ResourceSet and refuses what its API refuses.
func parse(text json.RawMessage) (*set, error) {
	var parsed set
	if err := json.Unmarshal(text, &parsed); err != nil {
		return nil, rpc.Failed("expand", "not a ResourceSet: %v", err)
	}
	if err := parsed.Spec.check(); err != nil {
		return nil, rpc.Failed("expand", "%v", err).On(parsed.identity())
	}
	return &parsed, nil
}

func (s *set) identity() rpc.Object {
	return rpc.Object{APIVersion: groupVersion, Kind: "ResourceSet", Namespace: s.Metadata.Namespace, Name: s.Metadata.Name}
}

func (s *specification) check() error {
	if len(s.Steps) == 0 {
		return nil
	}
	if len(s.Resources) > 0 || s.ResourcesTemplate != "" {
		return fmt.Errorf("spec.steps excludes spec.resources and spec.resourcesTemplate")
	}
	if len(s.Steps) > maximumSteps {
		return fmt.Errorf("spec.steps has %d steps, more than %d", len(s.Steps), maximumSteps)
	}
	names := map[string]bool{}
	for index, step := range s.Steps {
		switch {
		case len(validation.IsDNS1123Label(step.Name)) > 0:
			return fmt.Errorf("spec.steps[%d].name %q is not a DNS label", index, step.Name)
		case names[step.Name]:
			return fmt.Errorf("spec.steps[%d].name %q is used twice", index, step.Name)
		case len(step.Resources) == 0 && step.ResourcesTemplate == "":
			return fmt.Errorf("spec.steps[%d] needs resources or resourcesTemplate", index)
		}
		names[step.Name] = true
	}
	return nil
}

// steps lists the steps to expand: a ResourceSet without steps is one of them.
func (s *specification) steps() []step {
	if len(s.Steps) > 0 {
		return s.Steps
	}
	return []step{{Resources: s.Resources, ResourcesTemplate: s.ResourcesTemplate}}
}
