package kustomization

import (
	"path"
	"path/filepath"
	"slices"
	"strings"

	"sigs.k8s.io/kustomize/api/resmap"
	"sigs.k8s.io/kustomize/api/resource"
	kustomizetypes "sigs.k8s.io/kustomize/api/types"
	"sigs.k8s.io/kustomize/kyaml/filesys"
	"sigs.k8s.io/yaml"

	"elysium.dev/engine/internal/tree"
)

// source is where a built object comes from, and what changed it on the way.
type source struct {
	origin          origin
	transformations []transformation
}

// origins reads what Kustomize has noted in annotations.
type origins struct {
	directory string
	remote    *remoteFiles
	documents *documentFinder
}

func newOrigins(remote *remoteFiles, directory string) *origins {
	return &origins{directory: directory, remote: remote, documents: newDocumentFinder(remote.FileSystem)}
}

// locate turns a path that Kustomize has noted, relative to the directory of the build, into a file of the tree or of a remote base.
func (o *origins) locate(noted string) (file, absolute, remote string) {
	absolute = path.Join(filepath.ToSlash(tree.Mount), o.directory, noted)
	if url, file, isRemote := o.remote.original(absolute); isRemote {
		return file, absolute, url
	}
	return path.Join(o.directory, noted), absolute, ""
}

// take reads the annotations of each object, and removes those that the author did not ask for.
func (o *origins) take(built resmap.ResMap, asked []string) ([]source, error) {
	sources := make([]source, 0, built.Size())
	for _, object := range built.Resources() {
		read, err := o.read(object)
		if err != nil {
			return nil, err
		}
		sources = append(sources, read)
	}
	if !slices.Contains(asked, kustomizetypes.OriginAnnotations) {
		if err := built.RemoveOriginAnnotations(); err != nil {
			return nil, err
		}
	}
	if !slices.Contains(asked, kustomizetypes.TransformerAnnotations) {
		if err := built.RemoveTransformerAnnotations(); err != nil {
			return nil, err
		}
	}
	return sources, nil
}

func (o *origins) read(object *resource.Resource) (source, error) {
	var read source
	noted, err := notedOrigin(object)
	if err != nil {
		return read, err
	}
	if noted != nil {
		if noted.ConfiguredIn != "" {
			read.origin.File, _, read.origin.Remote = o.locate(noted.ConfiguredIn)
			read.origin.Generator = noted.ConfiguredBy.Kind
			read.origin.Line = 1
		} else {
			var absolute string
			read.origin.File, absolute, read.origin.Remote = o.locate(noted.Path)
			read.origin.Line, read.origin.Document = o.documents.find(absolute, object)
		}
	}
	transformations, err := object.GetTransformations()
	if err != nil {
		return read, err
	}
	for _, change := range transformations {
		file := change.ConfiguredIn
		if file == "" {
			file = change.Path
		}
		located, _, _ := o.locate(file)
		read.transformations = append(read.transformations, transformation{
			File: located, Kind: change.ConfiguredBy.Kind, Detail: change.ConfiguredBy.Name})
	}
	return read, nil
}

const originAnnotation = "config.kubernetes.io/origin"

// notedOrigin reads the annotation of Kustomize. For most objects it is one line, which needs no parser.
func notedOrigin(object *resource.Resource) (*resource.Origin, error) {
	text := object.GetAnnotations(originAnnotation)[originAnnotation]
	if file, simple := strings.CutPrefix(text, "path: "); simple && strings.Count(text, "\n") == 1 && !strings.ContainsAny(file, "'\"|>") {
		return &resource.Origin{Path: strings.TrimSpace(file)}, nil
	}
	return object.GetOrigin()
}

// existing prepares the kustomization.yaml of a plain build. A file that cannot be read is left to Kustomize to complain about.
func existing(fileSystem filesys.FileSystem, directory string) (generated, error) {
	for _, name := range kustomizationFiles {
		file := path.Join(tree.Absolute(directory), name)
		content, err := fileSystem.ReadFile(file)
		if err != nil {
			continue
		}
		var fields map[string]any
		if yaml.Unmarshal(content, &fields) != nil || len(fields) == 0 {
			return generated{}, nil
		}
		made := generated{file: file}
		if made.content, err = yaml.Marshal(fields); err != nil {
			return generated{}, nil
		}
		made.asked, err = buildMetadata(made.content)
		return made, err
	}
	return generated{}, nil
}
