package schema

import "strconv"

// path is the way from the object to a value. It lives on the stack of the walk; text is made only for a problem.
type path struct {
	parent *path
	name   string
	index  int
}

func (p *path) field(name string) path { return path{parent: p, name: name, index: -1} }

func (p *path) item(index int) path { return path{parent: p, index: index} }

func (p *path) String() string {
	if p == nil || p.parent == nil {
		return ""
	}
	before := p.parent.String()
	if p.index >= 0 {
		return before + "[" + strconv.Itoa(p.index) + "]"
	}
	if !isFieldName(p.name) {
		return before + "[" + strconv.Quote(p.name) + "]"
	}
	if before == "" {
		return p.name
	}
	return before + "." + p.name
}

// isFieldName tells whether a key can stand in a path without quotes.
func isFieldName(name string) bool {
	if name == "" {
		return false
	}
	for _, char := range name {
		letter := char >= 'a' && char <= 'z' || char >= 'A' && char <= 'Z' || char == '_' || char == '$'
		if !letter && char != '-' && (char < '0' || char > '9') {
			return false
		}
	}
	return true
}
