package documents

import (
	"encoding/json"
	"reflect"
	"testing"
)

const release = `kind: HelmRelease
metadata: {name: web}
spec:
  chart:
    spec: {chart: web, version: "1"}
  list:
    - name: a
    - name: b
      value: x
---
kind: Other
metadata:
  name: web
`

func TestFind(t *testing.T) {
	documents, _ := Index([]byte(release), false)
	for query, want := range map[string]*Position{
		`{"document": 0, "path": ["spec", "chart", "spec", "version"]}`:                {5, 24},
		`{"kind": "HelmRelease", "name": "web", "path": ["spec", "list", 1, "value"]}`: {9, 7},
		`{"kind": "HelmRelease", "name": "web", "path": ["spec", "list", 1]}`:          {8, 7},
		`{"kind": "HelmRelease", "name": "web", "path": ["spec", "list", 7, "value"]}`: {6, 3},
		`{"kind": "HelmRelease", "name": "web", "path": ["spec", "missing", "deep"]}`:  {3, 1},
		`{"kind": "HelmRelease", "name": "web", "path": ["metadata", 0]}`:              {2, 1},
		`{"kind": "HelmRelease", "name": "web", "path": []}`:                           {1, 1},
		`{"document": 1, "path": ["metadata", "name"]}`:                                {13, 3},
		`{"document": 5, "path": []}`:                                                  nil,
		`{"kind": "HelmRelease", "name": "other", "path": []}`:                         nil,
	} {
		var asked Query
		if err := json.Unmarshal([]byte(query), &asked); err != nil {
			t.Fatal(err)
		}
		if got := Find(documents, asked); !reflect.DeepEqual(got, want) {
			t.Errorf("%s: %v, want %v", query, got, want)
		}
	}
	if err := json.Unmarshal([]byte(`{"path": [true]}`), &Query{}); err == nil {
		t.Error("a step of another type was accepted")
	}
}

func TestFindText(t *testing.T) {
	got := FindText([]byte("é x\nx and x\n"), "x")
	if want := []Position{{1, 3}, {2, 1}, {2, 7}}; !reflect.DeepEqual(got, want) {
		t.Errorf("got %v", got)
	}
	if got := FindText([]byte("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"), "a"); len(got) != maxPlaces {
		t.Errorf("%d places", len(got))
	}
	if got := FindText([]byte("a"), ""); len(got) != 0 {
		t.Errorf("got %v", got)
	}
}
