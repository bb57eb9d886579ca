// Package reads finds out, without running them, which values the templates of a chart can read. Where it cannot tell, it says that
// they read everything: a value that is reported as unread has no effect.
package reads

import (
	"strings"
	"text/template/parse"
)

// Template is what one file reads. Paths are relative to .Values.
type Template struct {
	// Own are the paths that the file reads itself, for the chart that it belongs to.
	Own Paths
	// Shared are the paths that its named templates read, for whichever chart includes them.
	Shared Paths
	// Capabilities tells whether the file mentions them.
	Capabilities bool
	// Tpl tells whether values are run as templates, Files whether other files of the chart are read.
	Tpl, Files bool

	defines map[string]*define
	calls   []call
}

// Paths are values that are read. All means any of them.
type Paths struct {
	All  bool
	List [][]string
}

// define is a named template. One that writes out its dot as a whole reads all that it is given.
type define struct {
	dumps bool
	calls []call
}

// call is an include of a named template with the caller's own dot; the name is empty if it is computed.
type call struct{ name string }

// Parse analyses the text of a file. What cannot be parsed may read everything.
func Parse(name, text string) *Template {
	result := &Template{
		Capabilities: strings.Contains(text, "Capabilities"),
		defines:      map[string]*define{},
	}
	trees := map[string]*parse.Tree{}
	tree := parse.New(name)
	tree.Mode = parse.SkipFuncCheck
	if _, err := tree.Parse(text, "", "", trees); err != nil {
		result.Own.All = true
		return result
	}
	for treeName, found := range trees {
		if treeName == name || found.Root == nil {
			continue
		}
		defined := &define{}
		(&walker{result: result, paths: &result.Shared, define: defined}).walkTop(found.Root)
		result.defines[treeName] = defined
	}
	body := &define{}
	if tree.Root != nil {
		(&walker{result: result, paths: &result.Own, define: body}).walkTop(tree.Root)
	}
	result.Own.All = result.Own.All || body.dumps
	result.calls = body.calls
	return result
}

// DumpsRoot tells whether one of the files hands the root of everything to a named template that writes out all it is given.
func DumpsRoot(files []*Template) bool {
	defines := map[string]*define{}
	for _, file := range files {
		for name, defined := range file.defines {
			if known := defines[name]; known != nil { // which one counts is not known here
				defined = &define{dumps: known.dumps || defined.dumps, calls: append(known.calls[:len(known.calls):len(known.calls)], defined.calls...)}
			}
			defines[name] = defined
		}
	}
	dumping := dumpingDefines(defines)
	for _, file := range files {
		if callsAny(file.calls, dumping) {
			return true
		}
	}
	return false
}

// dumpingDefines follows the calls until nothing is added.
func dumpingDefines(defines map[string]*define) map[string]bool {
	dumping := map[string]bool{}
	for changed := true; changed; {
		changed = false
		for name, defined := range defines {
			if !dumping[name] && (defined.dumps || callsAny(defined.calls, dumping)) {
				dumping[name], changed = true, true
			}
		}
	}
	return dumping
}

func callsAny(calls []call, dumping map[string]bool) bool {
	for _, made := range calls {
		if dumping[made.name] || made.name == "" && len(dumping) > 0 {
			return true
		}
	}
	return false
}
