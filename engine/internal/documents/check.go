package documents

import (
	"bytes"
	"fmt"
	"regexp"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"
)

// maxNodes is how far the aliases of one document may expand.
const maxNodes = 1_000_000

// checker looks for duplicate keys and for aliases that expand too far.
type checker struct {
	offset   int
	nodes    int
	inside   map[*yaml.Node]bool // anchors that are being expanded
	problems []Problem
}

// check walks a node and tells false where the document must not be used.
func (c *checker) check(node *yaml.Node) bool {
	if node.Kind == yaml.AliasNode {
		return c.expand(node)
	}
	if c.nodes++; c.nodes > maxNodes {
		return c.bomb(node, "the aliases of the document expand to more than a million nodes")
	}
	if node.Kind == yaml.MappingNode && len(c.inside) == 0 {
		c.duplicates(node)
	}
	for _, child := range node.Content {
		if !c.check(child) {
			return false
		}
	}
	return true
}

// expand counts what an alias stands for.
func (c *checker) expand(node *yaml.Node) bool {
	if c.inside[node.Alias] {
		return c.bomb(node, fmt.Sprintf("anchor %q contains itself", node.Value))
	}
	if c.inside == nil {
		c.inside = map[*yaml.Node]bool{}
	}
	c.inside[node.Alias] = true
	defer delete(c.inside, node.Alias)
	return c.check(node.Alias)
}

func (c *checker) bomb(node *yaml.Node, message string) bool {
	c.problems = append(c.problems, Problem{
		Code: codeAliasBomb, Line: node.Line + c.offset, Column: node.Column, Message: message})
	return false
}

// anchor is what an anchor looks like, in YAML or in any other text.
var anchor = regexp.MustCompile(`(?m)(^|[\s\[{,:-])&[^\s,\[\]{}]`)

// RefuseBombs refuses a stream whose aliases expand too far. Kustomize would expand them without an end.
func RefuseBombs(stream []byte) error {
	if !bytes.Contains(stream, []byte("*")) || !anchor.Match(stream) {
		return nil
	}
	for _, part := range split(stream) {
		var root yaml.Node
		if err := yaml.Unmarshal(part.text, &root); err != nil || len(root.Content) == 0 {
			return nil // whoever reads the file says what is wrong with it
		}
		walk := checker{offset: part.offset}
		if !walk.check(root.Content[0]) {
			last := walk.problems[len(walk.problems)-1]
			return fmt.Errorf("line %d: %s", last.Line, last.Message)
		}
	}
	return nil
}

// few is how many keys are compared one by one rather than through a map.
const few = 8

func (c *checker) duplicates(mapping *yaml.Node) {
	var seen map[string]*yaml.Node
	if len(mapping.Content) > 2*few {
		seen = make(map[string]*yaml.Node, len(mapping.Content)/2)
	}
	for index := 0; index+1 < len(mapping.Content); index += 2 {
		key := mapping.Content[index]
		if key.Kind != yaml.ScalarNode {
			continue
		}
		var first *yaml.Node
		if seen != nil {
			first = seen[key.Value]
			seen[key.Value] = key
		} else {
			first = findKey(mapping.Content[:index], key.Value)
		}
		if first != nil {
			c.problems = append(c.problems, Problem{
				Code: codeDuplicateKey, Line: key.Line + c.offset, Column: key.Column,
				Message: fmt.Sprintf("key %q is already set on line %d", key.Value, first.Line+c.offset)})
		}
	}
}

func findKey(content []*yaml.Node, name string) *yaml.Node {
	for index := 0; index < len(content); index += 2 {
		if content[index].Kind == yaml.ScalarNode && content[index].Value == name {
			return content[index]
		}
	}
	return nil
}

// checkEncoding finds the first byte that is not UTF-8.
func checkEncoding(stream []byte) *Problem {
	if utf8.Valid(stream) {
		return nil
	}
	for position := 0; position < len(stream); {
		character, size := utf8.DecodeRune(stream[position:])
		if character == utf8.RuneError && size == 1 {
			line, column := place(stream, position)
			return &Problem{Code: codeEncoding, Line: line, Column: column,
				Message: fmt.Sprintf("byte 0x%02x is not UTF-8", stream[position])}
		}
		position += size
	}
	return nil
}

// place turns an offset into line and column, counted from 1; columns count characters.
func place(stream []byte, position int) (line, column int) {
	before := stream[:position]
	start := bytes.LastIndexByte(before, '\n') + 1
	return bytes.Count(before, []byte("\n")) + 1, utf8.RuneCount(before[start:]) + 1
}
