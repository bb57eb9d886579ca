package custom

import (
	"fmt"
	"slices"
	"strings"
	"sync"

	"elysium.dev/engine/internal/schema"
)

// isFlux tells whether a group belongs to Flux's controllers.
func isFlux(group string) bool {
	return strings.HasSuffix(group, ".toolkit.fluxcd.io")
}

type fluxKind struct {
	minor string
	kind  groupKind
}

var (
	fluxMutex sync.Mutex
	flux      = map[fluxKind]*definition{}
)

// fluxDefinition is what a minor of Flux itself says of a kind, parsed when the kind is first needed; nil for kinds it does not have.
func fluxDefinition(minor string, kind groupKind) *definition {
	fluxMutex.Lock()
	defer fluxMutex.Unlock()
	key := fluxKind{minor, kind}
	found, known := flux[key]
	if known {
		return found
	}
	if text := schema.FluxDefinition(minor, kind.group, kind.kind); text != "" {
		parsed, err := parse([]byte(text))
		if err != nil {
			panic(fmt.Errorf("the definition of %s in Flux %s: %w", kind.kind, minor, err))
		}
		parsed.flux = minor
		found = parsed
	}
	flux[key] = found
	return found
}

// notServed reports a version that this minor of Flux does not have.
func (d *definition) notServed(name string, served []string) *schema.Problem {
	return &schema.Problem{Code: "removed-api", Path: "apiVersion", Message: fmt.Sprintf(
		"Flux %s does not serve %s/%s %s; use %s", d.flux, d.spec.Group, name, d.spec.Names.Kind, served[0])}
}

// holdsVariable tells whether a value, or anything inside it, has a variable that nothing has filled in.
func holdsVariable(value any) bool {
	switch typed := value.(type) {
	case string:
		return strings.Contains(typed, "${")
	case map[string]any:
		for _, item := range typed {
			if holdsVariable(item) {
				return true
			}
		}
	case []any:
		return slices.ContainsFunc(typed, holdsVariable)
	}
	return false
}
