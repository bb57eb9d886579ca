package reads

import (
	"reflect"
	"testing"
)

func TestIndex(t *testing.T) {
	var index Index
	index.Add("a", "b")
	index.Add("c")
	index.Add("c", "d")
	index.Add("e", "f", "g")
	for name, test := range map[string]struct {
		given    map[string]any
		expected [][]string
	}{
		"nothing given":   {nil, [][]string{}},
		"sorted":          {map[string]any{"z": 1, "y": nil}, [][]string{{"y"}, {"z"}}},
		"below what is":   {map[string]any{"c": map[string]any{"x": 1}}, [][]string{}},
		"beside what is":  {map[string]any{"a": map[string]any{"b": 1, "x": 1}}, [][]string{{"a", "x"}}},
		"deep":            {map[string]any{"e": map[string]any{"f": map[string]any{"g": 1, "h": 1}, "i": 1}}, [][]string{{"e", "f", "h"}, {"e", "i"}}},
		"no map any more": {map[string]any{"a": 1, "e": []any{1}}, [][]string{}},
	} {
		if got, _ := index.Unread(test.given); !reflect.DeepEqual(got, test.expected) {
			t.Errorf("%s: %v", name, got)
		}
	}
	_, siblings := index.Unread(map[string]any{"z": 1, "e": map[string]any{"i": 1}})
	if expected := [][]string{{"f"}, {"a", "c", "e"}}; !reflect.DeepEqual(siblings, expected) {
		t.Errorf("siblings %v", siblings)
	}
	index.Add()
	if got, _ := index.Unread(map[string]any{"z": 1}); len(got) != 0 {
		t.Errorf("all is read, but %v", got)
	}
}

func TestWhatCannotBeParsedReadsEverything(t *testing.T) {
	if !Parse("a.yaml", "{{ if }}").Own.All {
		t.Error("a broken template reads nothing")
	}
}
