package chart

import (
	"errors"
	"slices"
	"strings"

	helmrelease "helm.sh/helm/v4/pkg/release/v1"
	helmsort "helm.sh/helm/v4/pkg/release/v1/util"
	"k8s.io/apimachinery/pkg/util/json"
	"sigs.k8s.io/yaml"

	"elysium.dev/engine/internal/rpc"
	"elysium.dev/engine/internal/schema"
)

// readObjects turns rendered files into objects: CRDs of crds/, the release in install order, and hooks.
func (r *render) readObjects() error {
	hooks, manifests, err := helmsort.SortManifests(r.files, nil, helmsort.InstallOrder)
	if err != nil {
		return r.parseFailure("", err)
	}
	r.result.Objects = []*renderedObject{}
	if err := r.readCRDs(); err != nil {
		return err
	}
	for _, manifest := range manifests {
		if err := r.addObjects(manifest.Name, manifest.Content, nil); err != nil {
			return err
		}
	}
	for _, found := range hooks {
		if r.runs(found) {
			if err := r.addObjects(found.Path, found.Manifest, describeHook(found)); err != nil {
				return err
			}
		}
	}
	r.finish()
	return nil
}

// runs tells whether the release ever runs a hook. Tests run if they are enabled, the others unless hooks are disabled.
func (r *render) runs(found *helmrelease.Hook) bool {
	isTest := slices.Contains(found.Events, helmrelease.HookTest)
	isOther := !isTest || len(found.Events) > 1
	return isTest && r.asked.EnableTests || isOther && !r.asked.DisableHooks
}

func describeHook(found *helmrelease.Hook) *hook {
	described := &hook{Events: []string{}, Weight: found.Weight, DeletePolicies: []string{}}
	for _, event := range found.Events {
		described.Events = append(described.Events, string(event))
	}
	for _, policy := range found.DeletePolicies {
		described.DeletePolicies = append(described.DeletePolicies, string(policy))
	}
	return described
}

func (r *render) addObjects(template, manifest string, as *hook) error {
	converted, err := yaml.YAMLToJSON([]byte(manifest))
	if err != nil {
		return r.parseFailure(template, err)
	}
	decoded, err := decode(converted)
	if err != nil {
		return r.parseFailure(template, err)
	}
	charts, file := r.origin(template)
	for _, object := range decoded {
		r.result.Objects = append(r.result.Objects, &renderedObject{Object: object, Origin: origin{File: file, Chart: charts}, Hook: as})
	}
	return nil
}

// origin takes the name of a template apart. Documents that a post-renderer added belong to the root chart.
func (r *render) origin(template string) (charts, file string) {
	if !strings.HasPrefix(template, r.chart.Name()+"/") {
		return r.chart.Name(), template
	}
	return splitTemplate(template)
}

func (r *render) parseFailure(template string, err error) error {
	failure := rpc.Failed("parse", "%v", err)
	if template == "" {
		if found := parseFile.FindStringSubmatch(err.Error()); found != nil {
			template = found[1]
		}
	} else {
		failure.Message = "YAML parse error on " + template + ": " + failure.Message
	}
	file := strings.TrimPrefix(template, r.chart.Name()+"/")
	return failure.At(file, lineOf(err.Error())).In(file)
}

// decode reads one document, as Helm's client does: an empty one is nothing, and a list is its items.
func decode(text []byte) ([]map[string]any, error) {
	var document any
	if err := json.Unmarshal(text, &document); err != nil {
		return nil, err
	}
	if document == nil {
		return nil, nil
	}
	object, isObject := document.(map[string]any)
	if !isObject {
		return nil, errors.New("couldn't get version/kind: the document is not an object")
	}
	return flatten(object)
}

func flatten(object map[string]any) ([]map[string]any, error) {
	kind, _ := object["kind"].(string)
	apiVersion, _ := object["apiVersion"].(string)
	if kind == "" {
		return nil, errors.New("Object 'Kind' is missing") //nolint:staticcheck // the API machinery's own words
	}
	items, isList := object["items"].([]any)
	if !isList {
		if apiVersion == "" {
			return nil, errors.New("the object has no apiVersion")
		}
		return []map[string]any{object}, nil
	}
	var flat []map[string]any
	for _, item := range items {
		child, isObject := item.(map[string]any)
		if !isObject {
			return nil, errors.New("an item of the list is not an object")
		}
		inherit(child, strings.TrimSuffix(kind, "List"), apiVersion)
		children, err := flatten(child)
		if err != nil {
			return nil, err
		}
		flat = append(flat, children...)
	}
	return flat, nil
}

// inherit gives an item that does not say what it is the kind of its list.
func inherit(child map[string]any, kind, apiVersion string) {
	if name, _ := child["kind"].(string); name == "" && kind != "" {
		child["kind"] = kind
		if version, _ := child["apiVersion"].(string); version == "" {
			child["apiVersion"] = apiVersion
		}
	}
}

// finish fills in what the cluster does by itself, and checks the objects.
func (r *render) finish() {
	kubernetes := minor(r.asked.Kubernetes)
	for _, rendered := range r.result.Objects {
		if !rendered.CRD && r.isNamespaced(kubernetes, rendered.Object) {
			setNamespace(rendered.Object, r.asked.Release.Namespace)
		}
		rendered.Problems = []schema.Problem{}
		if r.asked.Validate {
			rendered.Problems = append(rendered.Problems, schema.Validate(kubernetes, rendered.Object)...)
		}
	}
}

// isNamespaced knows the built-in kinds and those that the caller knows. Of any other kind the scope stays open.
func (r *render) isNamespaced(kubernetes string, object map[string]any) bool {
	kind, _ := object["kind"].(string)
	apiVersion, _ := object["apiVersion"].(string)
	group, _, hasGroup := strings.Cut(apiVersion, "/")
	if !hasGroup {
		group = ""
	}
	if scope, known := r.asked.Scopes[group+"/"+kind]; known {
		return scope == "Namespaced"
	}
	namespaced, _ := schema.Namespaced(kubernetes, apiVersion, kind)
	return namespaced
}

func setNamespace(object map[string]any, namespace string) {
	metadata, isMap := object["metadata"].(map[string]any)
	if !isMap || namespace == "" {
		return
	}
	if current, _ := metadata["namespace"].(string); current == "" {
		metadata["namespace"] = namespace
	}
}
