package schema

import (
	"fmt"
	"strings"
	"sync"
)

// structure is a Go struct of the API: its fields by JSON name.
type structure struct {
	name     string
	fields   map[string]*field
	required []string
}

type field struct {
	expression *expression
	// keys identify the items of a list; set is true for lists without duplicates.
	keys []listKey
	set  bool
}

// listKey is a field that takes part in the identity of a list's items; preset is what the API server fills in when it is absent.
type listKey struct {
	name, preset string
	hasPreset    bool
}

// expression is the type of a value.
type expression struct {
	sort         byte
	element      *expression
	alternatives []*expression
	values       []string

	typeName string
	once     sync.Once
	resolved *structure
}

// structureOf parses a type's record when it is first asked for.
func (c *catalogue) structureOf(name string) *structure {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	if known := c.types[name]; known != nil {
		return known
	}
	line, found := c.lines[name]
	if !found {
		panic(fmt.Sprintf("the catalogue of Kubernetes %s lacks the type %s", c.minor, name))
	}
	parsed := parseStructure(line)
	c.types[name] = parsed
	return parsed
}

func (e *expression) structure(c *catalogue) *structure {
	e.once.Do(func() { e.resolved = c.structureOf(e.typeName) })
	return e.resolved
}

func parseStructure(line string) *structure {
	columns := strings.Split(line, "\t")
	result := &structure{name: columns[0], fields: make(map[string]*field, len(columns)-1)}
	for _, column := range columns[1:] {
		name, rest, _ := strings.Cut(column, ";")
		text, flags, _ := strings.Cut(rest, ";")
		parsed := &field{expression: parseExpression(text)}
		for flag := range strings.SplitSeq(flags, " ") {
			switch {
			case flag == "r":
				result.required = append(result.required, name)
			case flag == "s":
				parsed.set = true
			case strings.HasPrefix(flag, "m="):
				parsed.keys = parseKeys(flag[2:])
			}
		}
		result.fields[name] = parsed
	}
	return result
}

func parseKeys(text string) []listKey {
	var keys []listKey
	for part := range strings.SplitSeq(text, ",") {
		name, preset, hasPreset := strings.Cut(part, "=")
		keys = append(keys, listKey{name: name, preset: preset, hasPreset: hasPreset})
	}
	return keys
}

func parseExpression(text string) *expression {
	switch {
	case strings.HasPrefix(text, "[]"):
		return &expression{sort: '[', element: parseExpression(text[2:])}
	case strings.HasPrefix(text, "{}"):
		return &expression{sort: '{', element: parseExpression(text[2:])}
	case strings.HasPrefix(text, "@"):
		return &expression{sort: '@', typeName: text[1:]}
	case strings.HasPrefix(text, "e"):
		return &expression{sort: 'e', values: strings.Split(text[1:], "|")}
	case strings.HasPrefix(text, "?"):
		alternatives := &expression{sort: '?'}
		for part := range strings.SplitSeq(text[1:], ",") {
			alternatives.alternatives = append(alternatives.alternatives, parseExpression(part))
		}
		return alternatives
	}
	return &expression{sort: text[0]}
}
