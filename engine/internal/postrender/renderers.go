package postrender

import (
	"encoding/json"
	"maps"
	"slices"

	"sigs.k8s.io/kustomize/api/builtins"
	"sigs.k8s.io/kustomize/api/krusty"
	"sigs.k8s.io/kustomize/api/provider"
	"sigs.k8s.io/kustomize/api/resmap"
	"sigs.k8s.io/kustomize/api/types"
	"sigs.k8s.io/kustomize/kyaml/filesys"
	"sigs.k8s.io/kustomize/kyaml/resid"
)

// Renderer changes a stream of documents.
type Renderer func(stream []byte) ([]byte, error)

// Spec is the part of a HelmRelease that decides about post-rendering.
type Spec struct {
	PostRenderers  []PostRenderer
	CommonMetadata *Metadata
	Origin         *Origin
}

// PostRenderer is an entry of spec.postRenderers.
type PostRenderer struct {
	Kustomize *Kustomize `json:"kustomize"`
}

// Kustomize holds what kustomize does with the stream.
type Kustomize struct {
	Patches []Patch `json:"patches"`
	Images  []Image `json:"images"`
}

// Patch is a strategic-merge or JSON 6902 patch.
type Patch struct {
	Patch  string  `json:"patch"`
	Target *Target `json:"target"`
}

// Target selects the objects of a patch.
type Target struct {
	Group              string `json:"group"`
	Version            string `json:"version"`
	Kind               string `json:"kind"`
	Name               string `json:"name"`
	Namespace          string `json:"namespace"`
	LabelSelector      string `json:"labelSelector"`
	AnnotationSelector string `json:"annotationSelector"`
}

// Image replaces the name, tag or digest of an image.
type Image struct {
	Name    string `json:"name"`
	NewName string `json:"newName"`
	NewTag  string `json:"newTag"`
	Digest  string `json:"digest"`
}

// Metadata is spec.commonMetadata.
type Metadata struct {
	Labels      map[string]string `json:"labels"`
	Annotations map[string]string `json:"annotations"`
}

// Origin names the HelmRelease that the objects belong to.
type Origin struct {
	Name      string `json:"name"`
	Namespace string `json:"namespace"`
}

// Labels are what helm-controller puts on each object of the release.
func (o Origin) Labels() map[string]string {
	return map[string]string{
		"helm.toolkit.fluxcd.io/name":      o.Name,
		"helm.toolkit.fluxcd.io/namespace": o.Namespace,
	}
}

// Build chains the renderers of a spec: kustomize in the order given, common metadata, and the origin labels last, so that they win.
// It returns nil where nothing is asked for.
func Build(spec Spec) Renderer {
	var chain []Renderer
	for _, entry := range spec.PostRenderers {
		if entry.Kustomize != nil {
			chain = append(chain, entry.Kustomize.render)
		}
	}
	if metadata := spec.CommonMetadata; metadata != nil && (metadata.Labels != nil || metadata.Annotations != nil) {
		chain = append(chain, metadata.render)
	}
	if spec.Origin != nil {
		chain = append(chain, (&Metadata{Labels: spec.Origin.Labels()}).render)
	}
	if len(chain) == 0 {
		return nil
	}
	return func(stream []byte) (rendered []byte, err error) {
		for _, renderer := range chain {
			if stream, err = renderer(stream); err != nil {
				return nil, err
			}
		}
		return stream, nil
	}
}

// metadataFields are the only places that helm-controller writes common metadata to: no selector, no pod template.
func (m *Metadata) render(stream []byte) ([]byte, error) {
	resources, err := resmap.NewFactory(provider.NewDefaultDepProvider().GetResourceFactory()).NewResMapFromBytes(stream)
	if err != nil {
		return nil, err
	}
	if m.Labels != nil {
		plugin := builtins.LabelTransformerPlugin{
			Labels: m.Labels, FieldSpecs: []types.FieldSpec{{Path: "metadata/labels", CreateIfNotPresent: true}}}
		if err := plugin.Transform(resources); err != nil {
			return nil, err
		}
	}
	if m.Annotations != nil {
		plugin := builtins.AnnotationsTransformerPlugin{
			Annotations: m.Annotations, FieldSpecs: []types.FieldSpec{{Path: "metadata/annotations", CreateIfNotPresent: true}}}
		if err := plugin.Transform(resources); err != nil {
			return nil, err
		}
	}
	return resources.AsYaml()
}

const streamFile = "helm-output.yaml"

func (k *Kustomize) render(stream []byte) ([]byte, error) {
	kustomization := types.Kustomization{
		TypeMeta:  types.TypeMeta{APIVersion: types.KustomizationVersion, Kind: types.KustomizationKind},
		Resources: []string{streamFile},
	}
	for _, image := range k.Images {
		kustomization.Images = append(kustomization.Images, types.Image{
			Name: image.Name, NewName: image.NewName, NewTag: image.NewTag, Digest: image.Digest})
	}
	for _, patch := range k.Patches {
		kustomization.Patches = append(kustomization.Patches, types.Patch{Patch: patch.Patch, Target: patch.Target.selector()})
	}
	encoded, err := json.Marshal(kustomization)
	if err != nil {
		return nil, err
	}
	return build(map[string][]byte{streamFile: stream, "kustomization.yaml": encoded})
}

func (t *Target) selector() *types.Selector {
	if t == nil {
		return nil
	}
	return &types.Selector{
		ResId:              resid.ResId{Gvk: resid.Gvk{Group: t.Group, Version: t.Version, Kind: t.Kind}, Name: t.Name, Namespace: t.Namespace},
		LabelSelector:      t.LabelSelector,
		AnnotationSelector: t.AnnotationSelector,
	}
}

// build runs kustomize over files that exist in memory only.
func build(files map[string][]byte) ([]byte, error) {
	memory := filesys.MakeFsInMemory()
	for _, name := range slices.Sorted(maps.Keys(files)) {
		if err := memory.WriteFile(name, files[name]); err != nil {
			return nil, err
		}
	}
	options := &krusty.Options{LoadRestrictions: types.LoadRestrictionsNone, PluginConfig: types.DisabledPluginConfig()}
	resources, err := krusty.MakeKustomizer(options).Run(memory, ".")
	if err != nil {
		return nil, err
	}
	return resources.AsYaml()
}
