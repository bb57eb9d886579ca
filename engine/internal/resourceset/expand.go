package resourceset

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"elysium.dev/engine/internal/rpc"
	utiljson "k8s.io/apimachinery/pkg/util/json"
	sigsyaml "sigs.k8s.io/yaml"
)

// reconcileAnnotation with the value "disabled" takes an object out of the result.
const reconcileAnnotation = "fluxcd.controlplane.io/reconcile"

// expand makes the objects of every step.
func expand(ctx context.Context, set *set, providers []Provider, referenced []map[string]any) (*Result, error) {
	inputs, err := set.inputs(providers)
	if err != nil {
		return nil, err
	}
	result := &Result{Steps: []StepResult{}, Unknown: []Unknown{}}
	renderer := &renderer{ctx: ctx, left: maximumOutput}
	owners := map[string]string{}
	for _, step := range set.Spec.steps() {
		objects := []Expanded{}
		if len(inputs) > 0 || len(set.Spec.InputsFrom) == 0 {
			if objects, err = renderer.step(step, inputs); err != nil {
				return nil, err
			}
		}
		if err := claim(owners, step.Name, objects); err != nil {
			return nil, err
		}
		result.Steps = append(result.Steps, StepResult{Name: step.Name, Objects: objects})
	}
	set.Spec.CommonMetadata.apply(result)
	own(result, set.Metadata.Name, set.Metadata.Namespace)
	resolve(result, referenced)
	return result, nil
}

// claim fails when an object stands in two steps.
func claim(owners map[string]string, step string, objects []Expanded) error {
	for _, expanded := range objects {
		key := keyOf(expanded.Object)
		if owner, taken := owners[key]; taken && owner != step {
			return fmt.Errorf("the steps %s and %s both have %s", owner, step, key)
		}
		owners[key] = step
	}
	return nil
}

// step renders the resources and the template of one step. Objects of resources win over those of the template.
func (r *renderer) step(step step, inputs []map[string]any) ([]Expanded, error) {
	objects, err := r.resources(step.Resources, inputs)
	if err != nil {
		return nil, err
	}
	if step.ResourcesTemplate == "" {
		return append([]Expanded{}, objects...), nil
	}
	parsed, err := compile("resourcesTemplate", step.ResourcesTemplate)
	if err != nil {
		return nil, err
	}
	sets, first := inputs, 0
	if len(sets) == 0 {
		sets, first = []map[string]any{{}}, -1
	}
	var templated []Expanded
	for index, set := range sets {
		found, err := r.render(parsed, set)
		if err != nil {
			return nil, fmt.Errorf("resourcesTemplate: %w", err)
		}
		templated = append(templated, enabled(found, first+index)...)
	}
	return merge(objects, templated), nil
}

// resources renders each object on its own, once for each set of inputs. Without inputs they are taken as they are.
func (r *renderer) resources(texts []json.RawMessage, inputs []map[string]any) ([]Expanded, error) {
	var objects []Expanded
	for number, text := range texts {
		var object map[string]any
		if err := utiljson.Unmarshal(text, &object); err != nil {
			return nil, fmt.Errorf("resources[%d] is no object: %w", number, err)
		}
		if len(inputs) == 0 {
			if err := check(object); err != nil {
				return nil, fmt.Errorf("resources[%d]: %w", number, err)
			}
			objects = append(objects, Expanded{Object: object, Origin: Origin{Input: -1}})
			continue
		}
		found, err := r.resource(object, inputs)
		if err != nil {
			return nil, fmt.Errorf("resources[%d]: %w", number, err)
		}
		objects = append(objects, found...)
	}
	if len(inputs) == 0 {
		return objects, nil
	}
	return merge(nil, objects), nil
}

func (r *renderer) resource(object map[string]any, inputs []map[string]any) ([]Expanded, error) {
	text, err := sigsyaml.Marshal(object)
	if err != nil {
		return nil, err
	}
	parsed, err := compile("resources", string(text))
	if err != nil {
		return nil, err
	}
	var objects []Expanded
	for index, set := range inputs {
		found, err := r.render(parsed, set)
		if err != nil {
			return nil, err
		}
		objects = append(objects, enabled(found, index)...)
	}
	return objects, nil
}

// enabled drops the objects that are marked not to be reconciled.
func enabled(objects []map[string]any, input int) []Expanded {
	var kept []Expanded
	for _, object := range objects {
		if !strings.EqualFold(annotation(object, reconcileAnnotation), "disabled") {
			kept = append(kept, Expanded{Object: object, Origin: Origin{Input: input}})
		}
	}
	return kept
}

// merge appends objects that are not there yet: the first one of an identity wins.
func merge(objects, more []Expanded) []Expanded {
	result := make([]Expanded, 0, len(objects)+len(more))
	known := make(map[string]bool, len(objects)+len(more))
	for _, expanded := range objects {
		known[keyOf(expanded.Object)] = true
		result = append(result, expanded)
	}
	for _, expanded := range more {
		key := keyOf(expanded.Object)
		if !known[key] {
			known[key] = true
			result = append(result, expanded)
		}
	}
	return result
}

// keyOf is an object's identity: group, kind, namespace and name, whatever the version.
func keyOf(object map[string]any) string {
	found := identify(object)
	group, _, hasGroup := strings.Cut(found.APIVersion, "/")
	if !hasGroup {
		group = "core"
	}
	return strings.Join([]string{group, found.Kind, found.Namespace, found.Name}, "/")
}

func identify(object map[string]any) rpc.Object {
	metadata, _ := object["metadata"].(map[string]any)
	return rpc.Object{
		APIVersion: text(object["apiVersion"]), Kind: text(object["kind"]), Namespace: text(metadata["namespace"]), Name: text(metadata["name"]),
	}
}

func text(value any) string {
	found, _ := value.(string)
	return found
}

func annotation(object map[string]any, name string) string {
	metadata, _ := object["metadata"].(map[string]any)
	annotations, _ := metadata["annotations"].(map[string]any)
	return text(annotations[name])
}
