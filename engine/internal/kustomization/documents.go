package kustomization

import (
	"sigs.k8s.io/kustomize/api/konfig"
	"sigs.k8s.io/kustomize/api/resource"

	"elysium.dev/engine/internal/tree"
)

var kustomizationFiles = konfig.RecognizedKustomizationFileNames()

// documentFinder finds the document of a file that an object was made from.
type documentFinder struct {
	fileSystem *tree.FileSystem
}

func newDocumentFinder(fileSystem *tree.FileSystem) *documentFinder {
	return &documentFinder{fileSystem: fileSystem}
}

func (f *documentFinder) find(file string, object *resource.Resource) (line, document int) {
	return 1, 0
}
