// Package tree holds the file trees that the engine may read: a root directory and a closed list of the files that
// belong to it. Whatever is not listed does not exist, links never lead out of the root, and nothing is written.
package tree

import (
	"context"
	"encoding/json"
	"fmt"

	"elysium.dev/engine/internal/rpc"
)

// Registry knows the open trees by name. Requests are answered one after another, so it needs no lock.
type Registry struct {
	trees map[string]*Tree
}

// NewRegistry makes an empty registry.
func NewRegistry() *Registry {
	return &Registry{trees: map[string]*Tree{}}
}

// Get finds an open tree.
func (r *Registry) Get(id string) (*Tree, error) {
	found, known := r.trees[id]
	if !known {
		return nil, rpc.InvalidParams("tree %q is not open", id)
	}
	return found, nil
}

type openParams struct {
	ID      string   `json:"id"`
	Root    string   `json:"root"`
	Files   []string `json:"files"`
	Ignore  *string  `json:"ignore"`
	Rules   Rules    `json:"rules"`
	Listing bool     `json:"listing"`
}

type openResult struct {
	Files   int      `json:"files"`
	Ignored int      `json:"ignored"`
	Links   []string `json:"links"`
	Paths   []string `json:"paths,omitempty"`
}

type closeParams struct {
	ID string `json:"id"`
}

// Register adds tree.open and tree.close to the server.
func (r *Registry) Register(server *rpc.Server) {
	server.Handle("tree.open", r.open)
	server.Handle("tree.close", r.close)
}

func (r *Registry) open(_ context.Context, params json.RawMessage) (any, error) {
	var asked openParams
	if err := rpc.Decode(params, &asked); err != nil {
		return nil, err
	}
	opened, err := Open(asked.Root, asked.Files, asked.Rules, asked.Ignore)
	if err != nil {
		return nil, fmt.Errorf("tree %s: %w", asked.ID, err)
	}
	r.drop(asked.ID)
	r.trees[asked.ID] = opened
	result := openResult{Files: len(opened.files), Ignored: opened.ignored, Links: opened.leftOut}
	if asked.Listing {
		result.Paths = opened.Files("")
	}
	return result, nil
}

func (r *Registry) close(_ context.Context, params json.RawMessage) (any, error) {
	var asked closeParams
	if err := rpc.Decode(params, &asked); err != nil {
		return nil, err
	}
	if _, err := r.Get(asked.ID); err != nil {
		return nil, err
	}
	r.drop(asked.ID)
	return struct{}{}, nil
}

func (r *Registry) drop(id string) {
	if found, known := r.trees[id]; known {
		found.Close()
		delete(r.trees, id)
	}
}
