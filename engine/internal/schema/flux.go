package schema

import (
	"fmt"
	"slices"
	"strings"
	"sync"
)

// fluxMinors are the supported minors of Flux, oldest first.
var fluxMinors = []string{"2.8", "2.9"}

// FluxMinors lists the minors of Flux whose definitions are known, oldest first.
func FluxMinors() []string {
	return slices.Clone(fluxMinors)
}

var (
	fluxMutex       sync.Mutex
	fluxDefinitions = map[string]map[string]string{}
)

// FluxDefinition returns the CustomResourceDefinition of a kind of Flux, as JSON, or an empty text where that minor has no such
// kind. It panics, as the catalogue does, when the engine was built without.
func FluxDefinition(minor, group, kind string) string {
	fluxMutex.Lock()
	defer fluxMutex.Unlock()
	known := fluxDefinitions[minor]
	if known == nil {
		read, err := readFlux(minor)
		if err != nil {
			panic(missing("Flux "+minor, err))
		}
		known, fluxDefinitions[minor] = read, read
	}
	return known[group+"/"+kind]
}

func readFlux(minor string) (map[string]string, error) {
	text, err := unpack(fluxFile(minor))
	if err != nil {
		return nil, err
	}
	definitions := map[string]string{}
	for line := range strings.Lines(text) {
		name, definition, found := strings.Cut(strings.TrimSuffix(line, "\n"), "\t")
		if !found {
			return nil, fmt.Errorf("a line of the definitions of Flux %s has no tab", minor)
		}
		definitions[name] = definition
	}
	return definitions, nil
}

func fluxFile(minor string) string {
	return "catalogue/flux-" + minor + ".gz"
}
