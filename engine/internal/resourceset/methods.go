// Package resourceset expands a ResourceSet of the Flux Operator into the objects that it stands for.
package resourceset

import (
	"context"
	"encoding/json"

	"elysium.dev/engine/internal/rpc"
	utiljson "k8s.io/apimachinery/pkg/util/json"
)

// Register adds resourceset.expand to the server.
func Register(server *rpc.Server) {
	server.Handle("resourceset.expand", handleExpand)
}

type expandParams struct {
	ResourceSet json.RawMessage   `json:"resourceset"`
	Providers   []Provider        `json:"providers"`
	Referenced  []json.RawMessage `json:"referenced"`
}

func handleExpand(ctx context.Context, raw json.RawMessage) (any, error) {
	var params expandParams
	if err := rpc.Decode(raw, &params); err != nil {
		return nil, err
	}
	set, err := parse(params.ResourceSet)
	if err != nil {
		return nil, err
	}
	referenced := make([]map[string]any, len(params.Referenced))
	for index, text := range params.Referenced {
		if err := utiljson.Unmarshal(text, &referenced[index]); err != nil {
			return nil, rpc.InvalidParams("referenced[%d]: %v", index, err)
		}
	}
	result, err := expand(ctx, set, params.Providers, referenced)
	if err != nil {
		return nil, rpc.Failed("expand", "%v", err).On(set.identity())
	}
	return result, nil
}

// Result is what a ResourceSet stands for.
type Result struct {
	Steps   []StepResult `json:"steps"`
	Unknown []Unknown    `json:"unknown"`
}

// StepResult holds the objects of one step, in the order in which they are applied.
type StepResult struct {
	Name    string     `json:"name"`
	Objects []Expanded `json:"objects"`
}

// Expanded is one object and the inputs that it was made from.
type Expanded struct {
	Object map[string]any `json:"object"`
	Origin Origin         `json:"origin"`
}

// Origin names the set of inputs by its position among all of them; -1 stands for an expansion without inputs.
type Origin struct {
	Input int `json:"input"`
}

// Unknown is an object of which a part depends on the cluster.
type Unknown struct {
	Object rpc.Object `json:"object"`
	Reason string     `json:"reason"`
}
