package documents

import (
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"
	k8syaml "sigs.k8s.io/yaml"

	"elysium.dev/engine/internal/rpc"
)

// Document is one document of a stream.
type Document struct {
	Index      int    `json:"index"`
	Line       int    `json:"line"`
	EndLine    int    `json:"end_line"`
	APIVersion string `json:"api_version"`
	Kind       string `json:"kind"`
	Namespace  string `json:"namespace"`
	Name       string `json:"name"`
	Sops       bool   `json:"sops"`
	Body       any    `json:"body,omitempty"`

	node  *yaml.Node
	chunk chunk
}

// Problem is something wrong with a stream.
type Problem struct {
	Code    string `json:"code"`
	Line    int    `json:"line"`
	Column  int    `json:"column"`
	Message string `json:"message"`
}

// Tolerable tells whether the document can be used in spite of the problem.
func (p Problem) Tolerable() bool { return p.Code == codeDuplicateKey }

// Codes of problems.
const (
	codeSyntax       = "syntax"
	codeDuplicateKey = "duplicate-key"
	codeEncoding     = "encoding"
	codeTooLarge     = "too-large"
	codeAliasBomb    = "alias-bomb"
)

// Index lists the documents of a stream that are not empty, and what is wrong with it. After a problem that is no duplicate key
// nothing more is read.
func Index(stream []byte, bodies bool) ([]Document, []Problem) {
	documents, problems := []Document{}, []Problem{}
	if problem := checkEncoding(stream); problem != nil {
		return documents, append(problems, *problem)
	}
	index := 0
	for _, result := range readAll(split(stream), bodies) {
		problems = append(problems, result.problems...)
		if result.stopped {
			break
		}
		if result.document != nil {
			result.document.Index = index
			documents = append(documents, *result.document)
		}
		index++
	}
	return documents, problems
}

// Outline lists the documents of a stream with as little work as possible: the one document of a stream is not parsed, only
// where it stands is known of it. Documents that cannot be read are left out.
func Outline(stream []byte) []Document {
	if chunks := split(stream); len(chunks) == 1 {
		return []Document{{Line: firstLine(stream)}}
	}
	documents, _ := Index(stream, false)
	return documents
}

// result is what reading one document gives: no document where it is empty. Stopped tells that the rest of the stream cannot be
// trusted.
type result struct {
	document *Document
	problems []Problem
	stopped  bool
}

// read parses one document.
func read(part chunk, body bool) result {
	var root yaml.Node
	if err := yaml.Unmarshal(part.text, &root); err != nil {
		return result{problems: []Problem{syntaxProblem(err, part.offset)}, stopped: true}
	}
	if root.Kind == 0 || len(root.Content) == 0 || isNull(root.Content[0]) {
		return result{}
	}
	node := root.Content[0]
	walk := checker{offset: part.offset}
	if !walk.check(node) {
		return result{problems: walk.problems, stopped: true}
	}
	document := &Document{Line: node.Line + part.offset, EndLine: part.lastLine(), node: node, chunk: part}
	document.identify()
	if problem := document.addBody(body); problem != nil {
		return result{problems: append(walk.problems, *problem), stopped: true}
	}
	return result{document: document, problems: walk.problems}
}

func isNull(node *yaml.Node) bool { return node.Kind == yaml.ScalarNode && node.Tag == "!!null" }

// identify fills in who the object is.
func (d *Document) identify() {
	for key, value := range pairs(d.node) {
		switch key.Value {
		case "apiVersion":
			d.APIVersion = scalar(value)
		case "kind":
			d.Kind = scalar(value)
		case "metadata":
			for key, value := range pairs(value) {
				switch key.Value {
				case "name":
					d.Name = scalar(value)
				case "namespace":
					d.Namespace = scalar(value)
				}
			}
		case "sops":
			d.Sops = dereference(value).Kind == yaml.MappingNode
		}
	}
}

// addBody decodes the document as Kubernetes does. That reader is stricter in places, and what it refuses is a problem too.
func (d *Document) addBody(wanted bool) *Problem {
	if !wanted {
		return nil
	}
	body, err := decode(d.chunk.text)
	if err != nil {
		problem := syntaxProblem(err, d.chunk.offset)
		return &problem
	}
	d.Body = body
	return nil
}

// decode reads one document as Kubernetes does: YAML 1.1 by way of JSON. Of two equal keys the later one counts.
func decode(text []byte) (any, error) {
	encoded, err := k8syaml.YAMLToJSON(text)
	if err != nil {
		return nil, err
	}
	return jsonText(encoded), nil
}

// jsonText is a value that is encoded already.
type jsonText []byte

// MarshalJSON passes the value on.
func (t jsonText) MarshalJSON() ([]byte, error) { return t, nil }

var lineInMessage = regexp.MustCompile(`line (\d+): `)

func syntaxProblem(err error, offset int) Problem {
	var types *yaml.TypeError
	message := err.Error()
	if errors.As(err, &types) && len(types.Errors) > 0 {
		message = types.Errors[0]
	}
	line := offset + 1
	if match := lineInMessage.FindStringSubmatch(message); match != nil {
		number, _ := strconv.Atoi(match[1])
		line = offset + number
		message = strings.Replace(message, match[0], "", 1)
	}
	message = strings.TrimPrefix(strings.TrimPrefix(message, "error converting YAML to JSON: "), "yaml: ")
	return Problem{Code: codeSyntax, Line: line, Column: 1, Message: rpc.Discreet(message)}
}

// tooLarge is the problem of a file beyond the bound.
func tooLarge(err error) Problem {
	return Problem{Code: codeTooLarge, Line: 1, Column: 1, Message: fmt.Sprint(err)}
}
