package main

import (
	"go/ast"
	"strconv"
	"strings"
)

const lifecyclePrefix = "APILifecycle"

// readLifecycle reads a generated function such as `func (in *Ingress) APILifecycleRemoved() (major, minor int) { return 1, 22 }`.
// The generated file is a better source than the markers: it also has the releases that follow from the policy for beta versions.
func (s *source) readLifecycle(function *ast.FuncDecl) {
	event, isLifecycle := strings.CutPrefix(function.Name.Name, lifecyclePrefix)
	if !isLifecycle || function.Recv == nil || len(function.Body.List) != 1 {
		return
	}
	returned, isReturn := function.Body.List[0].(*ast.ReturnStmt)
	pointer, isPointer := function.Recv.List[0].Type.(*ast.StarExpr)
	if !isReturn || !isPointer {
		return
	}
	receiver, isNamed := pointer.X.(*ast.Ident)
	if !isNamed {
		return
	}
	value := replacementOf(returned)
	if event != "Replacement" {
		value = releaseOf(returned)
	}
	if s.lifecycle[receiver.Name] == nil {
		s.lifecycle[receiver.Name] = map[string]string{}
	}
	s.lifecycle[receiver.Name][event] = value
}

func releaseOf(returned *ast.ReturnStmt) string {
	if len(returned.Results) != 2 {
		return ""
	}
	major, isMajor := returned.Results[0].(*ast.BasicLit)
	minor, isMinor := returned.Results[1].(*ast.BasicLit)
	if !isMajor || !isMinor {
		return ""
	}
	return major.Value + "." + minor.Value
}

// replacementOf reads `return schema.GroupVersionKind{Group: "apps", Version: "v1", Kind: "Deployment"}`.
func replacementOf(returned *ast.ReturnStmt) string {
	literal, isLiteral := returned.Results[0].(*ast.CompositeLit)
	if !isLiteral {
		return ""
	}
	parts := map[string]string{}
	for _, element := range literal.Elts {
		pair, isPair := element.(*ast.KeyValueExpr)
		if !isPair {
			continue
		}
		name, isName := pair.Key.(*ast.Ident)
		value, isValue := pair.Value.(*ast.BasicLit)
		if isName && isValue {
			parts[name.Name], _ = strconv.Unquote(value.Value)
		}
	}
	return strings.TrimPrefix(parts["Group"]+"/"+parts["Version"]+" "+parts["Kind"], "/")
}
