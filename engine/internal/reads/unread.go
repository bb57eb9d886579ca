package reads

import (
	"maps"
	"slices"
)

// Index holds all paths that are read, from the root of the values.
type Index struct {
	read     bool
	children map[string]*Index
}

// Add notes that a path is read, with all that is below it.
func (i *Index) Add(path ...string) {
	for _, step := range path {
		if i.children == nil {
			i.children = map[string]*Index{}
		}
		child := i.children[step]
		if child == nil {
			child = &Index{}
			i.children[step] = child
		}
		i = child
	}
	i.read = true
}

// Unread lists the topmost keys of given values that nothing reads, sorted, and for each the names that are read beside it.
func (i *Index) Unread(given map[string]any) (unread, siblings [][]string) {
	unread, siblings = [][]string{}, [][]string{}
	i.collect(nil, given, func(path []string, beside *Index) {
		unread = append(unread, path)
		siblings = append(siblings, slices.AppendSeq([]string{}, maps.Keys(beside.children)))
		slices.Sort(siblings[len(siblings)-1])
	})
	return unread, siblings
}

func (i *Index) collect(path []string, given map[string]any, found func([]string, *Index)) {
	if i.read {
		return
	}
	for _, key := range slices.Sorted(maps.Keys(given)) {
		below := append(slices.Clip(path), key)
		child := i.children[key]
		if child == nil {
			found(below, i)
			continue
		}
		if table, isTable := given[key].(map[string]any); isTable {
			child.collect(below, table, found)
		}
	}
}
