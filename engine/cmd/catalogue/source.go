package main

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
)

// source is one Go package of API types, read without type checking: names, tags, comments and constants are all we need.
type source struct {
	importPath string
	group      string
	version    string
	types      map[string]*typeDeclaration
	// constants are the values of the string constants of a type; a type with a constant that we cannot evaluate is left out.
	constants map[string][]string
	opaque    map[string]bool
	// lifecycle maps type and event ("Introduced", "Deprecated", "Removed", "Replacement") to a release or a replacement.
	lifecycle map[string]map[string]string
}

// typeDeclaration is a type with the comments before it, its own markers among them.
type typeDeclaration struct {
	name    string
	spec    *ast.TypeSpec
	markers []string
	imports map[string]string
}

func readSource(directory, importPath string) (*source, error) {
	result := &source{
		importPath: importPath, version: path.Base(importPath), types: map[string]*typeDeclaration{},
		constants: map[string][]string{}, opaque: map[string]bool{}, lifecycle: map[string]map[string]string{},
	}
	entries, err := os.ReadDir(directory)
	if err != nil {
		return nil, err
	}
	for _, entry := range entries {
		if wanted(entry) {
			if err := result.readFile(filepath.Join(directory, entry.Name())); err != nil {
				return nil, err
			}
		}
	}
	return result, nil
}

// wanted leaves out generated files (but for the life cycle), which are large and declare no type of the API.
func wanted(entry fs.DirEntry) bool {
	name := entry.Name()
	if name == "zz_generated.prerelease-lifecycle.go" {
		return true
	}
	generated := strings.HasPrefix(name, "zz_") || strings.Contains(name, "generated")
	return strings.HasSuffix(name, ".go") && !strings.HasSuffix(name, "_test.go") && !generated
}

func (s *source) readFile(name string) error {
	file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.ParseComments|parser.SkipObjectResolution)
	if err != nil {
		return err
	}
	s.readGroup(file)
	imports := importsOf(file)
	comments := file.Comments
	for _, declaration := range file.Decls {
		var before []string
		before, comments = markersBefore(comments, declaration)
		switch typed := declaration.(type) {
		case *ast.GenDecl:
			if err := s.readDeclaration(typed, before, imports); err != nil {
				return fmt.Errorf("%s: %w", name, err)
			}
		case *ast.FuncDecl:
			s.readLifecycle(typed)
		}
	}
	return nil
}

// markersBefore takes the markers of all comments between the declaration before and this one: many stand apart from the doc comment.
func markersBefore(comments []*ast.CommentGroup, declaration ast.Decl) (markers []string, rest []*ast.CommentGroup) {
	for len(comments) > 0 && comments[0].Pos() < declaration.Pos() {
		markers = append(markers, markersIn(comments[0])...)
		comments = comments[1:]
	}
	for len(comments) > 0 && comments[0].Pos() < declaration.End() {
		comments = comments[1:]
	}
	return markers, comments
}

// markersIn returns the lines of a comment that are instructions for generators, without their plus sign.
func markersIn(comment *ast.CommentGroup) []string {
	if comment == nil {
		return nil
	}
	var markers []string
	for _, line := range comment.List {
		text := strings.TrimSpace(strings.TrimPrefix(line.Text, "//"))
		if strings.HasPrefix(text, "+") {
			markers = append(markers, text[1:])
		}
	}
	return markers
}

func importsOf(file *ast.File) map[string]string {
	imports := map[string]string{}
	for _, spec := range file.Imports {
		imported, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			continue
		}
		name := path.Base(imported)
		if spec.Name != nil {
			name = spec.Name.Name
		}
		imports[name] = imported
	}
	return imports
}

var groupMarker = regexp.MustCompile(`\+groupName=(\S*)`)

func (s *source) readGroup(file *ast.File) {
	for _, comment := range file.Comments {
		for _, line := range comment.List {
			if match := groupMarker.FindStringSubmatch(line.Text); match != nil {
				s.group = match[1]
			}
		}
	}
}

func (s *source) readDeclaration(declaration *ast.GenDecl, markers []string, imports map[string]string) error {
	for _, spec := range declaration.Specs {
		switch typed := spec.(type) {
		case *ast.TypeSpec:
			own := append(markersIn(typed.Doc), markers...)
			s.types[typed.Name.Name] = &typeDeclaration{name: typed.Name.Name, spec: typed, markers: own, imports: imports}
		case *ast.ValueSpec:
			if declaration.Tok == token.CONST {
				s.readConstant(typed)
			}
		}
	}
	return nil
}

func (s *source) readConstant(spec *ast.ValueSpec) {
	for index, name := range spec.Names {
		if index >= len(spec.Values) {
			return
		}
		literal, isLiteral := spec.Values[index].(*ast.BasicLit)
		if name.Name == "GroupName" && isLiteral && s.group == "" {
			s.group, _ = strconv.Unquote(literal.Value)
		}
		typeName, isNamed := spec.Type.(*ast.Ident)
		if !isNamed {
			continue
		}
		if !isLiteral || literal.Kind != token.STRING {
			s.opaque[typeName.Name] = true
			continue
		}
		if value, err := strconv.Unquote(literal.Value); err == nil {
			s.constants[typeName.Name] = append(s.constants[typeName.Name], value)
		}
	}
}
