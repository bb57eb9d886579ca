// Package custom checks custom resources as the API server does: with the schema of their CustomResourceDefinition and its packages.
package custom

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"sync"

	"elysium.dev/engine/internal/schema"
	apiextensions "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
)

// Definitions are the kinds that a set of CustomResourceDefinitions adds to a cluster.
type Definitions struct {
	// Flux is the minor whose own definitions count for its kinds where the set has none; empty for none.
	Flux string
	// Catalogue makes the catalogue of operators count for kinds that have no other definition.
	Catalogue bool
	kinds     map[groupKind]*definition
}

type groupKind struct{ group, kind string }

// definition is one CustomResourceDefinition. Its versions are compiled when the first object needs them.
type definition struct {
	spec apiextensions.CustomResourceDefinitionSpec
	// flux is the minor that the definition belongs to, where it does not come from the repository.
	flux string
	// by names the operator and its version, where the definition is that of the catalogue: a cluster may run another version.
	by       string
	mutex    sync.Mutex
	versions map[string]*version
}

// NewDefinitions reads a set of CustomResourceDefinition objects; the last one of a kind counts. What cannot be read defines
// nothing: a definition is an object too, and what is wrong with it is reported there.
func NewDefinitions(texts []json.RawMessage) *Definitions {
	definitions := &Definitions{kinds: map[groupKind]*definition{}}
	for _, text := range texts {
		if parsed, err := cached(text); err == nil {
			definitions.kinds[groupKind{parsed.spec.Group, parsed.spec.Names.Kind}] = parsed
		}
	}
	return definitions
}

// maximumCached bounds the definitions that a process remembers between requests.
const maximumCached = 512

var (
	cacheMutex sync.Mutex
	cache      = map[[sha256.Size]byte]*definition{}
)

// cached parses a definition, or returns the one that the same text gave before with all that was compiled for it.
func cached(text []byte) (*definition, error) {
	digest := sha256.Sum256(text)
	cacheMutex.Lock()
	defer cacheMutex.Unlock()
	if found := cache[digest]; found != nil {
		return found, nil
	}
	parsed, err := parse(text)
	if err != nil {
		return nil, err
	}
	if len(cache) >= maximumCached {
		clear(cache)
	}
	cache[digest] = parsed
	return parsed, nil
}

func parse(text []byte) (*definition, error) {
	var crd apiextensions.CustomResourceDefinition
	if err := json.Unmarshal(text, &crd); err != nil {
		return nil, fmt.Errorf("not a CustomResourceDefinition: %w", err)
	}
	if crd.APIVersion != apiextensions.SchemeGroupVersion.String() || crd.Spec.Group == "" || crd.Spec.Names.Kind == "" {
		return nil, fmt.Errorf("the %s object %q defines no kind", crd.APIVersion, crd.Name)
	}
	return &definition{spec: crd.Spec, versions: map[string]*version{}}, nil
}

// Validate checks one object of any kind: built-in kinds with the catalogue of the minor, others with their definition. An object
// without known definition has no problems.
func (d *Definitions) Validate(ctx context.Context, minor string, object map[string]any) []schema.Problem {
	apiVersion, _ := object["apiVersion"].(string)
	kind, _ := object["kind"].(string)
	group, versionName, _ := strings.Cut(apiVersion, "/")
	found := d.find(groupKind{group, kind})
	if found == nil && d.Catalogue && schema.IsCustom(minor, group) {
		return unknownKind(apiVersion, kind)
	}
	if found == nil {
		problems := schema.Validate(minor, object)
		if kind == "CustomResourceDefinition" && apiVersion == apiextensions.SchemeGroupVersion.String() {
			problems = schema.Sorted(append(problems, validateDefinition(object)...))
		}
		if namespaced, known := schema.Namespaced(minor, apiVersion, kind); known && namespaced {
			problems = append(problems, missingNamespace(object)...)
		}
		return problems
	}
	problems := schema.ValidateMetadata(minor, object)
	if found.spec.Scope == apiextensions.NamespaceScoped {
		problems = append(problems, missingNamespace(object)...)
	}
	return schema.Sorted(append(problems, found.validate(ctx, versionName, object)...))
}

// find returns the definition that counts for a kind: that of the set, that of Flux, that of the catalogue.
func (d *Definitions) find(kind groupKind) *definition {
	found := d.kinds[kind]
	if found == nil && d.Flux != "" && isFlux(kind.group) {
		found = fluxDefinition(d.Flux, kind)
	}
	if found == nil && d.Catalogue {
		found = operatorDefinition(kind)
	}
	return found
}

// missingNamespace reports a namespaced object that is in no namespace: Flux refuses to apply it.
func missingNamespace(object map[string]any) []schema.Problem {
	metadata, _ := object["metadata"].(map[string]any)
	if metadata["namespace"] != nil && metadata["namespace"] != "" {
		return nil
	}
	return []schema.Problem{{Code: "namespace", Path: "metadata.namespace", Message: "a namespaced object needs a namespace"}}
}

func (d *definition) validate(ctx context.Context, name string, object map[string]any) []schema.Problem {
	declared, problem := d.declared(name)
	if problem != nil {
		return []schema.Problem{*problem}
	}
	compiled := d.compiled(declared)
	if compiled.failure != nil {
		return []schema.Problem{*compiled.failure}
	}
	problems := slices.Clone(compiled.validate(ctx, object))
	if !declared.Served {
		problems = append(problems, d.noLongerServed(name))
	} else if declared.Deprecated {
		message := fmt.Sprintf("%s/%s %s is deprecated", d.spec.Group, name, d.spec.Names.Kind)
		if declared.DeprecationWarning != nil {
			message = *declared.DeprecationWarning
		}
		problems = append(problems, schema.Problem{Code: "deprecated-api", Path: "apiVersion", Message: message})
	}
	return d.said(problems)
}

// declared finds a served version; the problem says which ones there are.
func (d *definition) declared(name string) (*apiextensions.CustomResourceDefinitionVersion, *schema.Problem) {
	if d.by != "" {
		return d.known(name)
	}
	var served []string
	for index := range d.spec.Versions {
		candidate := &d.spec.Versions[index]
		if candidate.Served && candidate.Name == name {
			return candidate, nil
		}
		if candidate.Served {
			served = append(served, d.spec.Group+"/"+candidate.Name)
		}
	}
	if d.flux != "" {
		return nil, d.notServed(name, served)
	}
	return nil, &schema.Problem{Code: "unknown-kind", Path: "apiVersion", Message: fmt.Sprintf(
		"the definition of %s does not serve %s/%s; it serves %s", d.spec.Names.Kind, d.spec.Group, name, strings.Join(served, ", "))}
}

func (d *definition) compiled(declared *apiextensions.CustomResourceDefinitionVersion) *version {
	d.mutex.Lock()
	defer d.mutex.Unlock()
	if found := d.versions[declared.Name]; found != nil {
		return found
	}
	made := d.compile(declared)
	d.versions[declared.Name] = made
	return made
}
