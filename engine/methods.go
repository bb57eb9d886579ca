package main

import (
	"context"
	"encoding/json"

	"elysium.dev/engine/internal/chart"
	"elysium.dev/engine/internal/documents"
	"elysium.dev/engine/internal/expression"
	"elysium.dev/engine/internal/helmindex"
	"elysium.dev/engine/internal/kustomization"
	"elysium.dev/engine/internal/objects"
	"elysium.dev/engine/internal/pattern"
	"elysium.dev/engine/internal/policy"
	"elysium.dev/engine/internal/promql"
	"elysium.dev/engine/internal/resourceset"
	"elysium.dev/engine/internal/rpc"
	"elysium.dev/engine/internal/schema"
	"elysium.dev/engine/internal/schema/custom"
	"elysium.dev/engine/internal/tree"
	versions "elysium.dev/engine/internal/version"
)

// protocol is the number that a client must know.
const protocol = 1

// register adds every method to the server.
func register(server *rpc.Server, trees *tree.Registry) {
	server.Handle("handshake", handshake)
	trees.Register(server)
	documents.Register(server, trees)
	objects.Register(server)
	kustomization.Register(server, trees)
	chart.Register(server, trees)
	helmindex.Register(server)
	versions.Register(server)
	schema.Register(server)
	custom.Register(server)
	resourceset.Register(server)
	expression.Register(server)
	pattern.Register(server)
	policy.Register(server)
	promql.Register(server)
}

type handshakeResult struct {
	Protocol   int               `json:"protocol"`
	Version    string            `json:"version"`
	Libraries  map[string]string `json:"libraries"`
	Kubernetes []string          `json:"kubernetes"`
	Flux       []string          `json:"flux"`
}

func handshake(_ context.Context, params json.RawMessage) (any, error) {
	if err := rpc.Decode(params, &struct{}{}); err != nil {
		return nil, err
	}
	if err := schema.Available(); err != nil {
		return nil, err
	}
	return handshakeResult{
		Protocol: protocol, Version: version, Libraries: libraries(), Kubernetes: schema.Minors(), Flux: schema.FluxMinors(),
	}, nil
}
