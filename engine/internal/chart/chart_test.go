package chart

import (
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"elysium.dev/engine/internal/rpc"
	"elysium.dev/engine/internal/tree"
)

// parameters are those of a request that a test changes.
type parameters map[string]any

// charts is a tree of files with the methods of this package over it.
type charts struct {
	*library
	t    testing.TB
	root string
}

// open writes files and opens them as the tree "t".
func open(t testing.TB, files map[string]string) *charts {
	t.Helper()
	opened := &charts{library: newLibrary(tree.NewRegistry()), t: t, root: t.TempDir()}
	opened.write(files)
	return opened
}

func (c *charts) write(files map[string]string) {
	c.t.Helper()
	for name, text := range files {
		target := filepath.Join(c.root, name)
		if err := os.MkdirAll(filepath.Dir(target), 0o755); err != nil {
			c.t.Fatal(err)
		}
		if err := os.WriteFile(target, []byte(text), 0o644); err != nil {
			c.t.Fatal(err)
		}
	}
	c.openTree("t", c.root)
}

// openTree opens a directory as a tree, again if it was open before.
func (c *charts) openTree(id, root string) {
	c.t.Helper()
	server := rpc.NewServer(rpc.Bounds{})
	c.trees.Register(server)
	request, err := json.Marshal(parameters{"jsonrpc": "2.0", "id": 1, "method": "tree.open",
		"params": parameters{"id": id, "root": root, "files": nil, "ignore": nil, "rules": "none"}})
	if err != nil {
		c.t.Fatal(err)
	}
	var answer bytes.Buffer
	if err := server.Serve(bytes.NewReader(request), &answer); err != nil {
		c.t.Fatal(err)
	}
	if bytes.Contains(answer.Bytes(), []byte(`"error"`)) {
		c.t.Fatal(answer.String())
	}
}

// render asks for chart.render with sensible parameters, changed by those given.
func (c *charts) render(changed parameters) (*renderResult, error) {
	c.t.Helper()
	asked := parameters{
		"chart":      parameters{"tree": "t", "path": "c"},
		"release":    parameters{"name": "app", "namespace": "default"},
		"kubernetes": "1.37.0",
		"seed":       "seed",
		"time":       "2026-01-02T03:04:05Z",
	}
	for name, value := range changed {
		asked[name] = value
	}
	encoded, err := json.Marshal(asked)
	if err != nil {
		c.t.Fatal(err)
	}
	answer, err := c.answerRender(c.t.Context(), encoded)
	if err != nil {
		return nil, err
	}
	return answer.(*renderResult), nil
}

// must renders and stops the test if that fails.
func (c *charts) must(changed parameters) *renderResult {
	c.t.Helper()
	result, err := c.render(changed)
	if err != nil {
		c.t.Fatal(err)
	}
	return result
}

// failure renders and returns the failure that the test expects.
func (c *charts) failure(changed parameters) *rpc.FailedError {
	c.t.Helper()
	_, err := c.render(changed)
	var failed *rpc.FailedError
	if !errors.As(err, &failed) {
		c.t.Fatalf("expected a failure, got %v", err)
	}
	return failed
}
