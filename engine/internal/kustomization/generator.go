package kustomization

import (
	"fmt"
	"reflect"

	fluxkustomize "github.com/fluxcd/pkg/kustomize"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"sigs.k8s.io/kustomize/kyaml/filesys"
)

// newGenerator makes Flux's generator of kustomization.yaml over our file system. The library has a field for a file system but
// no way to set it from outside; TestGeneratorKeepsItsField notices when that changes.
func newGenerator(kustomization map[string]any, fileSystem filesys.FileSystem) (*fluxkustomize.Generator, error) {
	generator := fluxkustomize.NewGenerator("", unstructured.Unstructured{Object: kustomization})
	field := reflect.ValueOf(generator).Elem().FieldByName("fs")
	if !field.IsValid() || field.Type() != reflect.TypeFor[filesys.FileSystem]() {
		return nil, fmt.Errorf("the kustomize library has changed: its generator has no field for a file system")
	}
	*(*filesys.FileSystem)(field.Addr().UnsafePointer()) = fileSystem
	return generator, nil
}
