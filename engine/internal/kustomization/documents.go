package kustomization

import (
	"path/filepath"
	"strings"

	"sigs.k8s.io/kustomize/api/konfig"
	"sigs.k8s.io/kustomize/api/resource"

	"elysium.dev/engine/internal/documents"
	"elysium.dev/engine/internal/tree"
)

var kustomizationFiles = konfig.RecognizedKustomizationFileNames()

// documentFinder finds the document of a file that an object was made from. A document stands for one object only.
type documentFinder struct {
	fileSystem *tree.FileSystem
	files      map[string][]documents.Document
}

func newDocumentFinder(fileSystem *tree.FileSystem) *documentFinder {
	return &documentFinder{fileSystem: fileSystem, files: map[string][]documents.Document{}}
}

// find tells the line and the number of the document. Kustomize may have renamed the object by a prefix or a suffix.
func (f *documentFinder) find(file string, object *resource.Resource) (line, number int) {
	candidates, known := f.files[file]
	if !known {
		if stream, err := f.fileSystem.ReadFile(filepath.FromSlash(file)); err == nil {
			candidates = documents.Outline(stream)
		}
	}
	index := match(candidates, object)
	if index < 0 {
		return 1, 0
	}
	found := candidates[index]
	if len(candidates) > 1 {
		candidates = append(candidates[:index:index], candidates[index+1:]...)
	}
	f.files[file] = candidates
	return found.Line, found.Index
}

// match picks the document that resembles an object most.
func match(candidates []documents.Document, object *resource.Resource) int {
	if len(candidates) == 1 {
		return 0
	}
	best, bestScore := -1, 0
	for index, candidate := range candidates {
		if score := resemblance(candidate, object); score > bestScore {
			best, bestScore = index, score
		}
	}
	return best
}

func resemblance(candidate documents.Document, object *resource.Resource) int {
	if strings.HasSuffix(candidate.Kind, "List") {
		return 1
	}
	if candidate.Kind != object.GetKind() {
		return 0
	}
	name := object.GetName()
	switch {
	case candidate.Name == name && candidate.Namespace == object.GetNamespace():
		return 5
	case candidate.Name == name:
		return 4
	case candidate.Name != "" && strings.Contains(name, candidate.Name):
		return 3
	}
	return 2
}
