package kustomization

import (
	"strings"

	"go.yaml.in/yaml/v3"
)

// reference is a place of a kustomization file that names a file or a base.
type reference struct {
	node   *yaml.Node
	prefix string // "key=" of a generator's file
	base   bool   // may name a repository
}

// bases are the fields whose items may be repositories, files those whose items are files.
var (
	bases      = []string{"resources", "bases", "components", "generators", "transformers", "validators"}
	files      = []string{"crds", "configurations", "patchesStrategicMerge"}
	pathFields = []string{"patches", "patchesJson6902", "replacements"}
	generators = []string{"configMapGenerator", "secretGenerator"}
)

// references lists the places of a kustomization file that Kustomize resolves.
func references(document *yaml.Node) []reference {
	var found []reference
	for _, name := range bases {
		for _, item := range items(document, name) {
			found = append(found, reference{node: item, base: true})
		}
	}
	for _, name := range files {
		for _, item := range items(document, name) {
			found = append(found, reference{node: item})
		}
	}
	for _, name := range pathFields {
		for _, item := range items(document, name) {
			found = append(found, reference{node: value(item, "path")})
		}
	}
	for _, name := range generators {
		for _, item := range items(document, name) {
			found = append(found, generatorFiles(item)...)
		}
	}
	found = append(found, reference{node: value(value(document, "openapi"), "path")})
	return scalars(found)
}

func generatorFiles(generator *yaml.Node) []reference {
	var found []reference
	for _, name := range []string{"files", "envs"} {
		for _, item := range items(generator, name) {
			found = append(found, reference{node: item})
		}
	}
	return append(found, reference{node: value(generator, "env")})
}

// scalars keeps the references that are text, and takes the key off "key=file".
func scalars(all []reference) []reference {
	var kept []reference
	for _, reference := range all {
		if reference.node == nil || reference.node.Kind != yaml.ScalarNode {
			continue
		}
		key, file, named := strings.Cut(reference.node.Value, "=")
		if named && !reference.base && isWebFile(file) {
			reference.prefix = key + "="
			reference.node.Value = file
		}
		kept = append(kept, reference)
	}
	return kept
}

func isRemote(reference reference) bool {
	if isWebFile(reference.node.Value) {
		return true
	}
	_, isRepository := repositoryPath(reference.node.Value)
	return reference.base && isRepository
}

// value is the value of a key of a mapping, or nil.
func value(mapping *yaml.Node, name string) *yaml.Node {
	if mapping == nil || mapping.Kind != yaml.MappingNode {
		return nil
	}
	for index := 0; index+1 < len(mapping.Content); index += 2 {
		if mapping.Content[index].Value == name {
			return mapping.Content[index+1]
		}
	}
	return nil
}

func items(mapping *yaml.Node, name string) []*yaml.Node {
	if list := value(mapping, name); list != nil && list.Kind == yaml.SequenceNode {
		return list.Content
	}
	return nil
}
