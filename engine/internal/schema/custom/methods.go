package custom

import (
	"context"
	"encoding/json"

	"elysium.dev/engine/internal/rpc"
	"elysium.dev/engine/internal/schema"
	utiljson "k8s.io/apimachinery/pkg/util/json"
)

// Register adds objects.validate to the server.
func Register(server *rpc.Server) {
	server.Handle("objects.validate", validateObjects)
}

type validateParams struct {
	Kubernetes string            `json:"kubernetes"`
	Flux       string            `json:"flux"`
	CRDs       []json.RawMessage `json:"crds"`
	Objects    []json.RawMessage `json:"objects"`
}

type validateResult struct {
	Problems [][]schema.Problem `json:"problems"`
}

func validateObjects(ctx context.Context, raw json.RawMessage) (any, error) {
	var params validateParams
	if err := rpc.Decode(raw, &params); err != nil {
		return nil, err
	}
	if err := schema.CheckMinor(params.Kubernetes); err != nil {
		return nil, err
	}
	if err := schema.CheckFlux(params.Flux); err != nil {
		return nil, err
	}
	definitions := NewDefinitions(params.CRDs)
	definitions.Flux = params.Flux
	result := validateResult{Problems: make([][]schema.Problem, len(params.Objects))}
	for index, text := range params.Objects {
		var object map[string]any
		if err := utiljson.Unmarshal(text, &object); err != nil {
			return nil, rpc.InvalidParams("objects[%d]: %v", index, err)
		}
		found := definitions.Validate(ctx, params.Kubernetes, object)
		result.Problems[index] = append([]schema.Problem{}, found...)
	}
	return result, nil
}
