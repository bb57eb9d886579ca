package chart

import (
	"errors"
	"maps"
	"slices"
	"strings"

	helmrelease "helm.sh/helm/v4/pkg/release/v1"
	helmsort "helm.sh/helm/v4/pkg/release/v1/util"
	"k8s.io/apimachinery/pkg/util/json"

	"elysium.dev/engine/internal/objects"
	"elysium.dev/engine/internal/rpc"
	"elysium.dev/engine/internal/schema"
)

// readObjects turns rendered documents into objects: CRDs of crds/, the release in install order, and hooks.
func (r *render) readObjects() error {
	hooks, manifests, err := helmsort.SortManifests(r.documents.heads, nil, helmsort.InstallOrder)
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
	return r.finish()
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
	decoded, err := r.documents.decode(manifest)
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
	object, err := decodeObject(text)
	if err != nil || object == nil {
		return nil, err
	}
	return flatten(object)
}

// decodeObject reads a document that is an object, or nothing.
func decodeObject(text []byte) (map[string]any, error) {
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
	return object, nil
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

// finish gives objects the namespace that Helm's client gives them, and checks them.
func (r *render) finish() error {
	scopes, err := objects.NewScopes(minor(r.asked.Kubernetes), r.scopes())
	if err != nil {
		return err
	}
	for _, rendered := range r.result.Objects {
		scopes.Place(rendered.Object, r.asked.Release.Namespace)
		rendered.Problems = []schema.Problem{}
		if r.asked.Validate {
			rendered.Problems = append(rendered.Problems, scopes.Problems(rendered.Object)...)
		}
	}
	return nil
}

// scopes are those that the caller knows, and those that the chart itself defines.
func (r *render) scopes() map[string]string {
	known := map[string]string{}
	for _, rendered := range r.result.Objects {
		spec, isMap := rendered.Object["spec"].(map[string]any)
		names, _ := spec["names"].(map[string]any)
		kind, scope := objects.Text(names, "kind"), objects.Text(spec, "scope")
		if isMap && isCRD(rendered.Object) && (scope == "Namespaced" || scope == "Cluster") {
			known[objects.Text(spec, "group")+"/"+kind] = scope
		}
	}
	maps.Copy(known, r.asked.Scopes)
	return known
}
