// Package normalise gives objects of built-in kinds the form that they have after a round trip through Kubernetes' Go types, which
// is what Flux applies: unknown fields vanish, empty ones too, quantities and times get their canonical form.
//
// The types come from a table that "go run ./cmd/apitypes" writes: linking the Go types would more than double the engine. A line is
// "K", group/version, kind, type; or "T", type, then "name;flags;expression" for each field. A field without a name is inlined. Flags:
// e omitted when empty, z omitted when zero. Expressions: s string, b boolean, i int32, l int64, f number, y bytes, q quantity, t time,
// u time with microseconds, d duration, o integer or string, r any object, v managed fields, @Type structure, ?X pointer, []X list, {}X map.
package normalise

import (
	_ "embed"
	"strings"
	"sync"
)

//go:embed types.txt
var table string

// structure is a Go struct: its fields in order.
type structure struct {
	fields []field
}

type field struct {
	name      string
	omitEmpty bool
	omitZero  bool
	form      *form
}

// form is a type: a letter of the table, and what it is made of.
type form struct {
	letter    byte
	element   *form      // of ?, [] and {}
	name      string     // of @
	structure *structure // of @, once it has been needed
}

type catalogue struct {
	kinds   map[[2]string]string // apiVersion and kind → type
	records map[string]string    // type → its fields, not yet parsed
	parsed  map[string]*structure
}

// types reads the lines of the table at the first use; what a type looks like is parsed when it is met.
var types = sync.OnceValue(func() *catalogue {
	read := &catalogue{
		kinds:   map[[2]string]string{},
		records: map[string]string{},
		parsed:  map[string]*structure{},
	}
	for line := range strings.Lines(table) {
		columns := strings.SplitN(strings.TrimSuffix(line, "\n"), "\t", 4)
		switch columns[0] {
		case "K":
			read.kinds[[2]string{columns[1], columns[2]}] = columns[3]
		case "T":
			read.records[columns[1]] = strings.Join(columns[2:], "\t")
		}
	}
	return read
})

// structure finds a type by name.
func (c *catalogue) structure(name string) *structure {
	if known, done := c.parsed[name]; done {
		return known
	}
	parsed := &structure{}
	c.parsed[name] = parsed
	for column := range strings.SplitSeq(c.records[name], "\t") {
		parts := strings.SplitN(column, ";", 3)
		if len(parts) < 3 {
			continue // a type without fields
		}
		parsed.fields = append(parsed.fields, field{
			name:      parts[0],
			omitEmpty: strings.Contains(parts[1], "e"),
			omitZero:  strings.Contains(parts[1], "z"),
			form:      parseForm(parts[2]),
		})
	}
	return parsed
}

func parseForm(expression string) *form {
	switch expression[0] {
	case '@':
		return &form{letter: '@', name: expression[1:]}
	case '?':
		return &form{letter: '?', element: parseForm(expression[1:])}
	case '[', '{':
		return &form{letter: expression[0], element: parseForm(expression[2:])}
	}
	return &form{letter: expression[0]}
}

// shape is the structure that a form stands for.
func (f *form) shape() *structure {
	if f.structure == nil {
		f.structure = types().structure(f.name)
	}
	return f.structure
}
