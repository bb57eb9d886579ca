package kustomization

import (
	"fmt"
	"path"
	"slices"
	"strings"

	fluxkustomize "github.com/fluxcd/pkg/kustomize"
	kustomizetypes "sigs.k8s.io/kustomize/api/types"
	"sigs.k8s.io/yaml"

	"elysium.dev/engine/internal/rpc"
	"elysium.dev/engine/internal/tree"
)

// generated is the kustomization.yaml that the controller would write.
type generated struct {
	content []byte
	file    string   // where it belongs, as the file system sees it
	created bool     // there was none before
	asked   []string // the build metadata that its author wants in the output
}

// generate makes the kustomization.yaml of a directory, from the one that is there or from the manifests below it, with what the
// Flux Kustomization adds.
func generate(fileSystem *tree.FileSystem, directory, flux string, kustomization map[string]any) (generated, error) {
	if flux == "2.8" {
		return generateBefore29(fileSystem, directory, kustomization)
	}
	return generateNow(fileSystem, directory, kustomization)
}

func generateNow(fileSystem *tree.FileSystem, directory string, kustomization map[string]any) (generated, error) {
	generator, err := newGenerator(kustomization, fileSystem)
	if err != nil {
		return generated{}, err
	}
	content, file, action, err := generator.GenerateManifest(tree.Absolute(directory))
	if err != nil {
		return generated{}, rpc.Failed("generate", "%s", shown(err)).At(fileOf(err, fileSystem, directory), 0)
	}
	made := generated{content: content, file: file, created: action == fluxkustomize.CreatedAction}
	made.asked, err = buildMetadata(content)
	return made, err
}

// generateBefore29 does what the generator did before Flux 2.9: there was no spec.buildMetadata, and an image of the
// Flux Kustomization replaced the file's entry of that name as a whole.
func generateBefore29(fileSystem *tree.FileSystem, directory string, kustomization map[string]any) (generated, error) {
	spec, _ := kustomization["spec"].(map[string]any)
	images, hasImages := spec["images"]
	made, err := generateNow(fileSystem, directory, without(kustomization, "images", "buildMetadata"))
	if err != nil || !hasImages {
		return made, err
	}
	var file kustomizetypes.Kustomization
	if err := yaml.Unmarshal(made.content, &file); err != nil {
		return made, fmt.Errorf("read the generated kustomization.yaml: %w", err)
	}
	replacements, err := readImages(images)
	if err != nil {
		return made, rpc.Failed("generate", "unable to get images: %v", err)
	}
	for _, image := range replacements {
		same := func(existing kustomizetypes.Image) bool { return existing.Name == image.Name }
		if index := slices.IndexFunc(file.Images, same); index >= 0 {
			file.Images[index] = image
		} else {
			file.Images = append(file.Images, image)
		}
	}
	made.content, err = yaml.Marshal(file)
	return made, err
}

func readImages(images any) ([]kustomizetypes.Image, error) {
	encoded, err := yaml.Marshal(images)
	if err != nil {
		return nil, err
	}
	var read []kustomizetypes.Image
	return read, yaml.Unmarshal(encoded, &read)
}

// without copies a Flux Kustomization, less some fields of its spec.
func without(kustomization map[string]any, fields ...string) map[string]any {
	spec, _ := kustomization["spec"].(map[string]any)
	reduced := make(map[string]any, len(spec))
	for field, value := range spec {
		if !slices.Contains(fields, field) {
			reduced[field] = value
		}
	}
	copied := make(map[string]any, len(kustomization))
	for field, value := range kustomization {
		copied[field] = value
	}
	copied["spec"] = reduced
	return copied
}

const buildMetadataKey = "buildMetadata:"

// buildMetadata reads the build metadata of a generated kustomization.yaml, whose keys stand in the first column.
func buildMetadata(content []byte) ([]string, error) {
	_, block, _ := cutBuildMetadata(string(content))
	var read struct {
		BuildMetadata []string `json:"buildMetadata"`
	}
	if block == "" {
		return nil, nil
	}
	if err := yaml.Unmarshal([]byte(block), &read); err != nil {
		return nil, fmt.Errorf("read the generated kustomization.yaml: %w", err)
	}
	return read.BuildMetadata, nil
}

// track adds the build metadata by which Kustomize notes where each object comes from.
func (g generated) track(provenance bool) []byte {
	before, _, after := cutBuildMetadata(string(g.content))
	wanted := []string{kustomizetypes.OriginAnnotations}
	if provenance {
		wanted = append(wanted, kustomizetypes.TransformerAnnotations)
	}
	for _, option := range g.asked {
		if !slices.Contains(wanted, option) {
			wanted = append(wanted, option)
		}
	}
	return []byte(before + after + buildMetadataKey + " [" + strings.Join(wanted, ", ") + "]\n")
}

// cutBuildMetadata takes the block of the key out of a generated file.
func cutBuildMetadata(content string) (before, block, after string) {
	start := strings.Index("\n"+content, "\n"+buildMetadataKey)
	if start < 0 {
		return content, "", ""
	}
	end := start
	for end < len(content) {
		line := strings.IndexByte(content[end:], '\n')
		if line < 0 {
			end = len(content)
			break
		}
		end += line + 1
		if end < len(content) && content[end] != '-' && content[end] != ' ' {
			break
		}
	}
	return content[:start], content[start:end], content[end:]
}

// confined joins a path to the root as Flux does: ".." does not lead out of it.
func confined(name string) string {
	return strings.TrimPrefix(path.Clean("/"+strings.ReplaceAll(name, "\\", "/")), "/")
}
