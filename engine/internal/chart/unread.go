package chart

import (
	"fmt"
	"path"
	"slices"
	"strings"

	helm "helm.sh/helm/v4/pkg/chart/v2"

	"elysium.dev/engine/internal/reads"
)

// analysis remembers what files read. Clones of a chart share their files.
type analysis map[*byte]*reads.Template

func (a analysis) of(name string, text []byte) *reads.Template {
	if len(text) == 0 {
		return &reads.Template{}
	}
	known := a[&text[0]]
	if known == nil {
		known = reads.Parse(name, string(text))
		a[&text[0]] = known
	}
	return known
}

// reading collects what the templates of a chart and its subcharts read of the values of the root chart.
type reading struct {
	analysis analysis
	index    reads.Index
	all      bool
	files    []*reads.Template
	scopes   [][]string
}

// analyse fills in what can be told without running templates: values that nothing reads, and whether capabilities matter.
func (r *render) analyse() {
	found := &reading{analysis: r.loaded.analysis}
	found.charts(r.chart, nil)
	found.requirements(r.loaded.chart, r.chart, nil)
	found.declared(r.loaded.chart, nil)
	found.shared()
	found.texts(r.finalValues())
	r.result.Uses.Capabilities = r.chart.Metadata.KubeVersion != "" || slices.ContainsFunc(found.files,
		func(file *reads.Template) bool { return file.Capabilities })
	r.result.UnreadValues, r.result.UnreadSiblings = [][]string{}, [][]string{}
	if !found.all {
		r.result.UnreadValues, r.result.UnreadSiblings = found.index.Unread(r.result.Values)
	}
}

// charts adds what each file reads for its own chart.
func (f *reading) charts(of *helm.Chart, scope []string) {
	f.scopes = append(f.scopes, scope)
	for _, file := range of.Templates {
		if of.Metadata.Type == "library" && !strings.HasPrefix(path.Base(file.Name), "_") {
			continue
		}
		read := f.analysis.of(file.Name, file.Data)
		f.files = append(f.files, read)
		f.add(read.Own, scope)
	}
	for _, child := range of.Dependencies() {
		f.charts(child, append(slices.Clip(scope), child.Name()))
	}
}

func (f *reading) add(paths reads.Paths, scope []string) {
	f.all = f.all || paths.All && len(scope) == 0
	if paths.All && len(scope) > 0 {
		f.index.Add(scope...)
		f.index.Add("global")
	}
	for _, found := range paths.List {
		f.index.Add(append(slices.Clip(scope), found...)...)
		if found[0] == "global" {
			f.index.Add(found...)
		}
	}
}

// shared adds what named templates read: whichever chart includes them.
func (f *reading) shared() {
	f.all = f.all || reads.DumpsRoot(f.files)
	for _, file := range f.files {
		for _, scope := range f.scopes {
			f.add(file.Shared, scope)
		}
	}
}

// requirements adds what Chart.yaml reads, and the values of subcharts that are switched off: they wait to be switched on.
func (f *reading) requirements(original, processed *helm.Chart, scope []string) {
	for _, dependency := range original.Metadata.Dependencies {
		if dependency == nil {
			continue
		}
		for condition := range strings.SplitSeq(dependency.Condition, ",") {
			f.index.Add(append(slices.Clip(scope), strings.Split(strings.TrimSpace(condition), ".")...)...)
		}
		for _, tag := range dependency.Tags {
			f.index.Add("tags", tag)
		}
		f.imports(dependency, scope)
		name := calledName(dependency)
		child := childOf(processed, name)
		if child == nil {
			f.index.Add(append(slices.Clip(scope), name)...)
		}
		if before := childOf(original, dependency.Name); before != nil && child != nil {
			f.requirements(before, child, append(slices.Clip(scope), name))
		}
	}
}

// declared adds the values that charts have defaults for: their authors know of them, whether or not something reads them.
func (f *reading) declared(of *helm.Chart, scope []string) {
	f.defaults(of.Values, scope)
	for _, child := range of.Dependencies() {
		name := child.Metadata.Name
		f.declared(child, append(slices.Clip(scope), name))
		for _, dependency := range of.Metadata.Dependencies {
			if dependency != nil && dependency.Name == name && calledName(dependency) != name {
				f.declared(child, append(slices.Clip(scope), calledName(dependency)))
			}
		}
	}
}

func (f *reading) defaults(values map[string]any, path []string) {
	for key, value := range values {
		below := append(slices.Clip(path), key)
		if table, isTable := value.(map[string]any); isTable && len(table) > 0 {
			f.defaults(table, below)
			continue
		}
		f.index.Add(below...)
	}
}

func (f *reading) imports(dependency *helm.Dependency, scope []string) {
	for _, imported := range dependency.ImportValues {
		child := "exports." + fmt.Sprint(imported)
		if table, isTable := imported.(map[string]any); isTable {
			child = fmt.Sprint(table["child"])
		}
		f.index.Add(slices.Concat(scope, []string{calledName(dependency)}, strings.Split(child, "."))...)
	}
}

func childOf(parent *helm.Chart, name string) *helm.Chart {
	for _, child := range parent.Dependencies() {
		if child.Name() == name {
			return child
		}
	}
	return nil
}

// texts adds what templates in values read, where values are run as templates. Files that are run may read anything.
func (f *reading) texts(values map[string]any) {
	var runs, readsFiles bool
	for _, file := range f.files {
		runs, readsFiles = runs || file.Tpl, readsFiles || file.Files
	}
	f.all = f.all || runs && readsFiles
	if runs && !f.all {
		f.templates(values)
	}
}

// templates looks into the texts of a value. One that Prometheus runs is none of Helm's: it would not parse.
func (f *reading) templates(value any) {
	switch typed := value.(type) {
	case string:
		if !strings.Contains(typed, "{{") {
			return
		}
		read := reads.Parse("value", typed)
		if read.Own.All && (strings.Contains(typed, "$labels") || strings.Contains(typed, "$value")) {
			return
		}
		for _, scope := range f.scopes {
			f.add(read.Own, scope)
			f.add(read.Shared, scope)
		}
		f.all = f.all || read.Own.All || read.Shared.All || reads.DumpsRoot(append(slices.Clip(f.files), read))
	case map[string]any:
		for _, item := range typed {
			f.templates(item)
		}
	case []any:
		for _, item := range typed {
			f.templates(item)
		}
	}
}
