package schema

import (
	"fmt"
	"io/fs"
	"strings"
	"sync"
)

// OperatorKind is what the catalogue says of a kind that an operator brings.
type OperatorKind struct {
	// Scope is "Namespaced" or "Cluster".
	Scope string
	// By is the operator with the version that was read, such as "cert-manager v1.21.2". A cluster may run another one.
	By string
	// Definition is the CustomResourceDefinition as JSON.
	Definition string
}

var (
	groupMutex sync.Mutex
	groupKinds = map[string]map[string]OperatorKind{}
)

// Operator describes a kind of the catalogue of operators; found is false where nobody knows it.
func Operator(group, kind string) (described OperatorKind, found bool) {
	groupMutex.Lock()
	defer groupMutex.Unlock()
	known := groupKinds[group]
	if known == nil {
		text, err := unpack("catalogue/group-" + group + ".gz")
		if err != nil {
			return OperatorKind{}, false
		}
		if known, err = parseGroup(text); err != nil {
			panic(fmt.Errorf("the catalogue of %s: %w", group, err))
		}
		groupKinds[group] = known
	}
	described, found = known[kind]
	return described, found
}

func parseGroup(text string) (map[string]OperatorKind, error) {
	kinds := map[string]OperatorKind{}
	for line := range strings.Lines(text) {
		columns := strings.SplitN(strings.TrimSuffix(line, "\n"), "\t", 4)
		if len(columns) != 4 {
			return nil, fmt.Errorf("a line has %d columns", len(columns))
		}
		kinds[columns[0]] = OperatorKind{Scope: columns[1], By: columns[2], Definition: columns[3]}
	}
	return kinds, nil
}

// notServed are groups of objects that tools read and no API server sees.
var notServed = []string{"kustomize.config.k8s.io", "config.kubernetes.io", "kind.x-k8s.io"}

// IsCustom tells whether a group is none of those that Kubernetes itself serves.
func IsCustom(minor, group string) bool {
	if !strings.Contains(group, ".") || load(minor).groups[group] {
		return false
	}
	for _, other := range notServed {
		if group == other {
			return false
		}
	}
	return true
}

// OperatorKinds lists every kind of the catalogue of operators as "group/Kind".
func OperatorKinds() []string {
	names, _ := fs.Glob(files, "catalogue/group-*.gz")
	var kinds []string
	for _, name := range names {
		text, err := unpack(name)
		if err != nil {
			panic(fmt.Errorf("%s: %w", name, err))
		}
		group := strings.TrimSuffix(strings.TrimPrefix(name, "catalogue/group-"), ".gz")
		for line := range strings.Lines(text) {
			kind, _, _ := strings.Cut(line, "\t")
			kinds = append(kinds, group+"/"+kind)
		}
	}
	return kinds
}
