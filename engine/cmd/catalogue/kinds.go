package main

import (
	"cmp"
	"fmt"
	"go/ast"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// api is everything that one release declares: packages by import path.
type api struct {
	sources map[string]*source
}

// kind is a kind at one version, as it is written into the catalogue.
type kind struct {
	apiVersion, name                             string
	scope                                        string
	typeName                                     string
	introduced, deprecated, removed, replacement string
	served                                       bool
}

func readAPI(release release) (*api, error) {
	directories, err := release.directories()
	if err != nil {
		return nil, err
	}
	result := &api{sources: map[string]*source{}}
	folders, err := filepath.Glob(filepath.Join(directories[0], "*", "v*"))
	if err != nil {
		return nil, err
	}
	for _, folder := range folders {
		relative, err := filepath.Rel(directories[0], folder)
		if err != nil {
			return nil, err
		}
		if err := result.add(folder, path.Join(modulePaths[0], filepath.ToSlash(relative))); err != nil {
			return nil, err
		}
	}
	others := map[int][]string{
		1: {"pkg/apis/meta/v1"},
		2: {"pkg/apis/apiextensions/v1", "pkg/apis/apiextensions/v1beta1"},
		3: {"pkg/apis/apiregistration/v1", "pkg/apis/apiregistration/v1beta1"},
	}
	for module, packages := range others {
		for _, name := range packages {
			if err := result.add(filepath.Join(directories[module], filepath.FromSlash(name)), path.Join(modulePaths[module], name)); err != nil {
				return nil, err
			}
		}
	}
	return result, nil
}

func (a *api) add(directory, importPath string) error {
	if info, err := os.Stat(directory); err != nil || !info.IsDir() || strings.Contains(importPath, "/testdata/") {
		return err
	}
	read, err := readSource(directory, importPath)
	if err != nil {
		return fmt.Errorf("package %s: %w", importPath, err)
	}
	a.sources[importPath] = read
	return nil
}

// kinds lists the kinds that an API server can serve, sorted.
func (a *api) kinds() []kind {
	var kinds []kind
	for importPath, source := range a.sources {
		if strings.HasSuffix(importPath, "/meta/v1") {
			continue
		}
		for _, declaration := range source.types {
			if found, ok := source.kind(declaration); ok {
				kinds = append(kinds, found)
			}
		}
	}
	kinds = append(kinds, kind{apiVersion: "v1", name: "List", scope: "-", introduced: "1.0", served: true})
	sortKinds(kinds)
	return kinds
}

func sortKinds(kinds []kind) {
	slices.SortFunc(kinds, func(a, b kind) int {
		return cmp.Or(cmp.Compare(a.apiVersion, b.apiVersion), cmp.Compare(a.name, b.name))
	})
}

func (s *source) kind(declaration *typeDeclaration) (kind, bool) {
	marked := slices.ContainsFunc(declaration.markers, func(marker string) bool {
		return strings.HasPrefix(marker, "k8s:deepcopy-gen:interfaces=") && strings.HasSuffix(marker, "runtime.Object")
	})
	if !marked || !embedsTypeMeta(declaration.spec) || internalGroups[s.group] {
		return kind{}, false
	}
	apiVersion := s.version
	if s.group != "" {
		apiVersion = s.group + "/" + s.version
	}
	events := s.lifecycle[declaration.name]
	found := kind{
		apiVersion: apiVersion, name: declaration.name, scope: scopeOf(declaration), typeName: s.short(declaration.name),
		introduced: events["Introduced"], deprecated: events["Deprecated"], removed: events["Removed"], replacement: events["Replacement"],
	}
	found.served = servedByDefault(found)
	return found, true
}

// internalGroups are exchanged between the API server and its extensions, or between its own replicas; nobody can create such objects.
var internalGroups = map[string]bool{
	"admission.k8s.io": true, "imagepolicy.k8s.io": true, "apidiscovery.k8s.io": true, "internal.apiserver.k8s.io": true,
}

// servedByDefault is the rule since 1.24: stable versions are on, alpha and beta versions are off. The beta versions that were on
// before are all gone from the supported minors.
func servedByDefault(k kind) bool {
	version := path.Base(k.apiVersion)
	return !strings.Contains(version, "alpha") && !strings.Contains(version, "beta")
}

func scopeOf(declaration *typeDeclaration) string {
	switch {
	case !slices.Contains(declaration.markers, "genclient"):
		return "-"
	case slices.Contains(declaration.markers, "genclient:nonNamespaced"):
		return "C"
	}
	return "N"
}

func embedsTypeMeta(spec *ast.TypeSpec) bool {
	structure, isStructure := spec.Type.(*ast.StructType)
	if !isStructure {
		return false
	}
	for _, field := range structure.Fields.List {
		if selector, ok := field.Type.(*ast.SelectorExpr); ok && len(field.Names) == 0 && selector.Sel.Name == "TypeMeta" {
			return true
		}
	}
	return false
}

// short names a type by the last two parts of its package: "apps/v1.Deployment".
func (s *source) short(name string) string {
	return path.Base(path.Dir(s.importPath)) + "/" + s.version + "." + name
}

// number makes a release comparable: "1.9" is before "1.10".
func number(release string) int {
	_, minor, _ := strings.Cut(release, ".")
	value, err := strconv.Atoi(minor)
	if err != nil {
		return 0
	}
	return value
}
