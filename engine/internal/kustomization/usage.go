package kustomization

import (
	"sort"

	"github.com/fluxcd/pkg/envsubst/parse"
)

// variableReport tells which variables a build asked for: those that have a value, those that have none although one is needed,
// and those that have none but bring a default along.
type variableReport struct {
	Used      []string `json:"used"`
	Undefined []string `json:"undefined"`
	Defaulted []string `json:"defaulted"`
}

// usage collects the names in the texts of a build.
type usage struct {
	variables                  map[string]string
	used, undefined, defaulted map[string]struct{}
}

func newUsage(variables map[string]string) *usage {
	return &usage{
		variables: variables,
		used:      map[string]struct{}{}, undefined: map[string]struct{}{}, defaulted: map[string]struct{}{},
	}
}

// scan notes the names in a text. A text that is not valid has been refused already.
func (u *usage) scan(text string) {
	if parsed, err := parse.Parse(text); err == nil {
		u.visit(parsed.Root)
	}
}

func (u *usage) visit(node parse.Node) {
	switch node := node.(type) {
	case *parse.ListNode:
		for _, child := range node.Nodes {
			u.visit(child)
		}
	case *parse.FuncNode:
		u.note(node)
		for _, argument := range node.Args {
			u.visit(argument)
		}
	}
}

func (u *usage) note(node *parse.FuncNode) {
	if _, defined := u.variables[node.Param]; defined {
		u.used[node.Param] = struct{}{}
	} else if bringsDefault(node.Name) {
		u.defaulted[node.Param] = struct{}{}
	} else {
		u.undefined[node.Param] = struct{}{}
	}
}

// bringsDefault tells whether an operator works without a value, even in strict mode.
func bringsDefault(operator string) bool {
	switch operator {
	case "-", "+", "=", "?", ":-", ":+", ":=", ":?":
		return true
	}
	return false
}

// result lists the names; a nil usage has none.
func (u *usage) result() variableReport {
	if u == nil {
		return variableReport{Used: []string{}, Undefined: []string{}, Defaulted: []string{}}
	}
	return variableReport{Used: names(u.used), Undefined: names(u.undefined), Defaulted: names(u.defaulted)}
}

func names(set map[string]struct{}) []string {
	list := make([]string, 0, len(set))
	for name := range set {
		list = append(list, name)
	}
	sort.Strings(list)
	return list
}
