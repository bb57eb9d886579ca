package documents

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"sync"

	"elysium.dev/engine/internal/rpc"
	"elysium.dev/engine/internal/tree"
)

// Register adds documents.index, positions.find and positions.text to the server.
func Register(server *rpc.Server, trees *tree.Registry) {
	methods := methods{trees: trees, last: &parsed{}}
	server.Handle("documents.index", methods.index)
	server.Handle("positions.find", methods.find)
	server.Handle("positions.text", methods.text)
}

type methods struct {
	trees *tree.Registry
	last  *parsed
}

// parsed is the stream that was asked about last. Rules ask about one field after another of the same file, and a file of
// hundreds of objects would be parsed for each.
type parsed struct {
	mutex     sync.Mutex
	stream    []byte
	documents []Document
}

// largestKept bounds what stays in memory between two requests.
const largestKept = 1 << 20

func (p *parsed) of(stream []byte) []Document {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	if p.documents != nil && bytes.Equal(p.stream, stream) {
		return p.documents
	}
	documents, _ := Index(stream, false)
	if len(stream) <= largestKept {
		p.stream, p.documents = stream, documents
	}
	return documents
}

type indexedFile struct {
	Path      string     `json:"path"`
	Documents []Document `json:"documents"`
	Problems  []Problem  `json:"problems"`
}

func (m methods) index(ctx context.Context, params json.RawMessage) (any, error) {
	var asked struct {
		Tree   string   `json:"tree"`
		Files  []string `json:"files"`
		Bodies bool     `json:"bodies"`
	}
	if err := rpc.Decode(params, &asked); err != nil {
		return nil, err
	}
	source, err := m.trees.Get(asked.Tree)
	if err != nil {
		return nil, err
	}
	files := make([]indexedFile, 0, len(asked.Files))
	for _, file := range asked.Files {
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		indexed, err := indexFile(source, file, asked.Bodies)
		if err != nil {
			return nil, err
		}
		files = append(files, indexed)
	}
	return map[string]any{"files": files}, nil
}

func indexFile(source *tree.Tree, file string, bodies bool) (indexedFile, error) {
	indexed := indexedFile{Path: file}
	stream, err := source.ReadFile(file, nil)
	var exceeded *rpc.ExceededError
	if errors.As(err, &exceeded) {
		indexed.Documents, indexed.Problems = []Document{}, []Problem{tooLarge(err)}
		return indexed, nil
	}
	if err != nil {
		return indexed, rpc.Failed("read", "%v", err).At(file, 0)
	}
	indexed.Documents, indexed.Problems = Index(stream, bodies)
	return indexed, nil
}

func (m methods) find(_ context.Context, params json.RawMessage) (any, error) {
	var asked struct {
		Tree    string  `json:"tree"`
		File    string  `json:"file"`
		Queries []Query `json:"queries"`
	}
	if err := rpc.Decode(params, &asked); err != nil {
		return nil, err
	}
	stream, err := m.read(asked.Tree, asked.File)
	if err != nil {
		return nil, err
	}
	documents := m.last.of(stream)
	positions := make([]*Position, 0, len(asked.Queries))
	for _, query := range asked.Queries {
		positions = append(positions, Find(documents, query))
	}
	return map[string]any{"positions": positions}, nil
}

func (m methods) text(_ context.Context, params json.RawMessage) (any, error) {
	var asked struct {
		Tree    string   `json:"tree"`
		File    string   `json:"file"`
		Needles []string `json:"needles"`
	}
	if err := rpc.Decode(params, &asked); err != nil {
		return nil, err
	}
	stream, err := m.read(asked.Tree, asked.File)
	if err != nil {
		return nil, err
	}
	positions := make([][]Position, 0, len(asked.Needles))
	for _, needle := range asked.Needles {
		positions = append(positions, FindText(stream, needle))
	}
	return map[string]any{"positions": positions}, nil
}

func (m methods) read(id, file string) ([]byte, error) {
	source, err := m.trees.Get(id)
	if err != nil {
		return nil, err
	}
	stream, err := source.ReadFile(file, nil)
	if err != nil {
		return nil, rpc.Failed("read", "%v", err).At(file, 0)
	}
	return stream, nil
}
