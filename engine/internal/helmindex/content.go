package helmindex

import (
	"bytes"
	"encoding/json"
	"errors"
	"strings"

	"sigs.k8s.io/yaml"
)

var (
	errEmpty        = errors.New("the index is empty")
	errNoAPIVersion = errors.New("the index has no apiVersion")
)

// content is an index of which either the text of each entry is known, or all of it is parsed.
type content struct {
	blocks map[string][]byte
	parsed map[string][]*entry
}

// index is the whole file, with the fields that Helm knows: others are an error in YAML.
type index struct {
	ServerInfo  map[string]any      `json:"serverInfo"`
	APIVersion  string              `json:"apiVersion"`
	Generated   any                 `json:"generated"`
	Entries     map[string][]*entry `json:"entries"`
	PublicKeys  []string            `json:"publicKeys"`
	Annotations map[string]string   `json:"annotations"`
}

func parseContent(text []byte) (*content, error) {
	if len(text) == 0 {
		return nil, errEmpty
	}
	if json.Valid(text) {
		var whole index
		if err := json.Unmarshal(text, &whole); err != nil {
			return nil, err
		}
		return whole.content()
	}
	if blocks := split(text); blocks != nil {
		return &content{blocks: blocks}, nil
	}
	var whole index
	if err := yaml.UnmarshalStrict(text, &whole); err != nil {
		return nil, err
	}
	return whole.content()
}

func (i *index) content() (*content, error) {
	if i.APIVersion == "" {
		return nil, errNoAPIVersion
	}
	return &content{parsed: i.Entries}, nil
}

// entry returns what the index holds of a chart, none if it does not have it.
func (c *content) entry(name string) ([]*entry, error) {
	if c.parsed != nil {
		return c.parsed[name], nil
	}
	block, known := c.blocks[name]
	if !known {
		return nil, nil
	}
	var one map[string][]*entry
	if err := yaml.UnmarshalStrict(block, &one); err != nil {
		return nil, err
	}
	return one[name], nil
}

// split finds the text of each entry in an index as tools write it: block style, "entries:" at the margin. It returns nil for any
// other form, which has to be parsed as a whole.
func split(text []byte) map[string][]byte {
	start := bytes.Index(text, []byte("\nentries:\n"))
	if bytes.HasPrefix(text, []byte("entries:\n")) {
		start = -1
	} else if start < 0 {
		return nil
	}
	if !bytes.HasPrefix(text, []byte("apiVersion: ")) && !bytes.Contains(text, []byte("\napiVersion: ")) {
		return nil
	}
	walk := &splitter{text: text, position: start + len("\nentries:\n"), blocks: map[string][]byte{}}
	if !walk.run() {
		return nil
	}
	return walk.blocks
}

// splitter walks over the lines below "entries:".
type splitter struct {
	text     []byte
	position int
	blocks   map[string][]byte

	indent int
	name   string
	begin  int
}

func (s *splitter) run() bool {
	for s.position < len(s.text) {
		begin := s.position
		line := s.next()
		trimmed := bytes.TrimLeft(line, " ")
		if len(bytes.TrimSpace(trimmed)) == 0 || trimmed[0] == '#' {
			continue
		}
		indent := len(line) - len(trimmed)
		switch {
		case indent == 0 && trimmed[0] != '-':
			s.finish(begin)
			return true
		case s.name == "":
			s.indent = indent
		case indent > s.indent || indent == s.indent && trimmed[0] == '-':
			continue
		}
		if indent != s.indent || !s.begins(begin, trimmed) {
			return false
		}
	}
	s.finish(len(s.text))
	return true
}

func (s *splitter) next() []byte {
	rest := s.text[s.position:]
	length := bytes.IndexByte(rest, '\n')
	if length < 0 {
		s.position = len(s.text)
		return rest
	}
	s.position += length + 1
	return rest[:length]
}

// begins starts the block of a chart at a line that holds nothing but its name.
func (s *splitter) begins(position int, line []byte) bool {
	s.finish(position)
	name, isKey := strings.CutSuffix(strings.TrimRight(string(line), " \r"), ":")
	if !isKey || name == "" || strings.ContainsAny(name, "\"'{}[]:&*!?#") || s.blocks[name] != nil {
		return false
	}
	s.name, s.begin = name, position
	return true
}

func (s *splitter) finish(end int) {
	if s.name != "" {
		s.blocks[s.name] = s.text[s.begin:end]
	}
}
