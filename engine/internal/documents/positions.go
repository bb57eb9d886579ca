package documents

import (
	"bytes"
	"encoding/json"
	"fmt"

	"go.yaml.in/yaml/v3"
)

// Position is a place in a file, counted from 1.
type Position struct {
	Line   int `json:"line"`
	Column int `json:"column"`
}

// Query asks where a field of a document stands.
type Query struct {
	Document *int   `json:"document"`
	Kind     string `json:"kind"`
	Name     string `json:"name"`
	Path     []step `json:"path"`
}

// step is a key of a mapping or an index of a list.
type step struct {
	key   string
	index int
	list  bool
}

// UnmarshalJSON reads a string as a key and a number as an index.
func (s *step) UnmarshalJSON(data []byte) error {
	if json.Unmarshal(data, &s.key) == nil {
		return nil
	}
	s.list = true
	if err := json.Unmarshal(data, &s.index); err != nil {
		return fmt.Errorf("a step of a path is a string or a number, not %s", data)
	}
	return nil
}

// Find answers a query about parsed documents; nil where there is no such document.
func Find(documents []Document, query Query) *Position {
	for index := range documents {
		document := &documents[index]
		if query.Document != nil {
			if document.Index != *query.Document {
				continue
			}
		} else if document.Kind != query.Kind || document.Name != query.Name {
			continue
		}
		position := document.locate(query.Path)
		return &position
	}
	return nil
}

// locate follows a path as far as it goes.
func (d *Document) locate(path []step) Position {
	place, value := d.node, d.node
	for _, step := range path {
		key, next := step.descend(dereference(value))
		if next == nil {
			break
		}
		place, value = key, next
	}
	return Position{Line: place.Line + d.chunk.offset, Column: place.Column}
}

// descend finds the node that marks the place (a key, or a list item) and its value.
func (s step) descend(node *yaml.Node) (place, value *yaml.Node) {
	if s.list {
		if node.Kind != yaml.SequenceNode || s.index < 0 || s.index >= len(node.Content) {
			return nil, nil
		}
		return node.Content[s.index], node.Content[s.index]
	}
	for key, value := range pairs(node) {
		if key.Value == s.key {
			return key, value
		}
	}
	return nil, nil
}

// maxPlaces is how many places of one text are reported.
const maxPlaces = 20

// FindText finds where a text stands.
func FindText(stream []byte, needle string) []Position {
	found := []Position{}
	if needle == "" {
		return found
	}
	for start := 0; len(found) < maxPlaces; {
		offset := bytes.Index(stream[start:], []byte(needle))
		if offset < 0 {
			break
		}
		line, column := place(stream, start+offset)
		found = append(found, Position{Line: line, Column: column})
		start += offset + len(needle)
	}
	return found
}
