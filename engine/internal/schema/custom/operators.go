package custom

import (
	"fmt"
	"strings"
	"sync"

	"elysium.dev/engine/internal/schema"
	apiextensions "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
)

var (
	operatorMutex sync.Mutex
	operators     = map[groupKind]*definition{}
)

// operatorDefinition is what the catalogue of operators says of a kind, parsed when the kind is first needed; nil for other kinds.
func operatorDefinition(kind groupKind) *definition {
	operatorMutex.Lock()
	defer operatorMutex.Unlock()
	if found := operators[kind]; found != nil {
		return found
	}
	described, found := schema.Operator(kind.group, kind.kind)
	if !found {
		return nil
	}
	parsed, err := parse([]byte(described.Definition))
	if err != nil {
		panic(fmt.Errorf("the definition of %s by %s: %w", kind.kind, described.By, err))
	}
	parsed.by = described.By
	operators[kind] = parsed
	return parsed
}

// known finds a version of an operator's kind. One that the operator of the catalogue no longer serves may well be served by the older
// operator of a cluster, and one that it does not know by a newer or much older one.
func (d *definition) known(name string) (*apiextensions.CustomResourceDefinitionVersion, *schema.Problem) {
	var served []string
	for index := range d.spec.Versions {
		candidate := &d.spec.Versions[index]
		if candidate.Name == name {
			return candidate, nil
		}
		served = append(served, candidate.Name)
	}
	message := fmt.Sprintf("no schema of %s/%s %s is known: %s has %s", d.spec.Group, name, d.spec.Names.Kind, d.by, strings.Join(served, ", "))
	return nil, &schema.Problem{Code: noSchema, Path: "apiVersion", Message: message}
}

// noSchema is the code for objects that nothing here can judge.
const noSchema = "no-schema"

func unknownKind(apiVersion, kind string) []schema.Problem {
	return []schema.Problem{{Code: noSchema, Path: "apiVersion", Message: fmt.Sprintf("no schema of %s %s is known", apiVersion, kind)}}
}

// noLongerServed warns of a version that the operator of the catalogue has taken out of service.
func (d *definition) noLongerServed(name string) schema.Problem {
	message := fmt.Sprintf("%s/%s %s is no longer served by %s", d.spec.Group, name, d.spec.Names.Kind, d.by)
	for _, version := range d.spec.Versions {
		if version.Storage {
			message += fmt.Sprintf("; use %s/%s", d.spec.Group, version.Name)
		}
	}
	return schema.Problem{Code: "removed-api", Path: "apiVersion", Message: message}
}

// said names the operator in every problem that its definition finds.
func (d *definition) said(problems []schema.Problem) []schema.Problem {
	for index := range problems {
		problems[index].By = d.by
	}
	return problems
}
