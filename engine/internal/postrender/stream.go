// Package postrender changes rendered manifests as helm-controller's post-renderers do, in the stream that Helm makes of them.
package postrender

import (
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"

	"helm.sh/helm/v4/pkg/release/v1/util"
	"sigs.k8s.io/kustomize/kyaml/kio"
	"sigs.k8s.io/kustomize/kyaml/yaml"
)

// fileAnnotation keeps the file of a document while the documents of all files are one stream, as in Helm.
const fileAnnotation = "postrenderer.helm.sh/postrender-filename"

// merge makes one stream of the documents of all files, in the order of the file names. Partials are left out.
func merge(files map[string]string) (string, error) {
	var nodes []*yaml.RNode
	for _, name := range slices.Sorted(maps.Keys(files)) {
		if strings.HasPrefix(path.Base(name), "_") {
			continue
		}
		for _, document := range Documents(files[name]) {
			parsed, err := kio.ParseAll(document)
			if err != nil {
				return "", fmt.Errorf("parsing %s: %w", name, err)
			}
			for _, node := range parsed {
				if err := node.PipeE(yaml.SetAnnotation(fileAnnotation, name)); err != nil {
					return "", fmt.Errorf("annotating %s: %w", name, err)
				}
			}
			nodes = append(nodes, parsed...)
		}
	}
	return kio.StringAll(nodes)
}

// Documents splits the text of a rendered file as Helm does, which is more lenient than YAML.
func Documents(text string) []string {
	split := util.SplitManifests(text)
	keys := slices.Collect(maps.Keys(split))
	slices.SortFunc(keys, func(a, b string) int {
		if len(a) != len(b) {
			return len(a) - len(b) // the keys end in a number
		}
		return strings.Compare(a, b)
	})
	documents := make([]string, 0, len(keys))
	for _, key := range keys {
		if strings.TrimSpace(split[key]) != "" {
			documents = append(documents, split[key])
		}
	}
	return documents
}

// unmerge gives the documents of a stream back to their files. Those that a post-renderer added get a name of their own.
func unmerge(stream, group string) (map[string]string, error) {
	nodes, err := kio.ParseAll(stream)
	if err != nil {
		return nil, fmt.Errorf("error parsing YAML: %w", err)
	}
	byFile := map[string][]*yaml.RNode{}
	for index, node := range nodes {
		metadata, err := node.GetMeta()
		if err != nil {
			return nil, fmt.Errorf("getting metadata: %w", err)
		}
		name := metadata.Annotations[fileAnnotation]
		if name == "" {
			name = addedName(group, index)
		}
		if err := node.PipeE(yaml.ClearAnnotation(fileAnnotation)); err != nil {
			return nil, fmt.Errorf("clearing filename annotation: %w", err)
		}
		byFile[name] = append(byFile[name], node)
	}
	files := make(map[string]string, len(byFile))
	for name, documents := range byFile {
		if files[name], err = kio.StringAll(documents); err != nil {
			return nil, fmt.Errorf("re-writing %s: %w", name, err)
		}
	}
	return files, nil
}

func addedName(group string, index int) string {
	if group == "" {
		return fmt.Sprintf("generated-by-postrender-%d.yaml", index)
	}
	return fmt.Sprintf("generated-by-postrender-%s-%d.yaml", group, index)
}
