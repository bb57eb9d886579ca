package expression

import (
	"context"
	"encoding/json"

	"elysium.dev/engine/internal/rpc"
	utiljson "k8s.io/apimachinery/pkg/util/json"
)

// Register adds cel.evaluate to the server.
func Register(server *rpc.Server) {
	server.Handle("cel.evaluate", handleEvaluate)
}

type evaluateParams struct {
	Expression string          `json:"expression"`
	Variables  json.RawMessage `json:"variables"`
}

func handleEvaluate(ctx context.Context, raw json.RawMessage) (any, error) {
	var params evaluateParams
	if err := rpc.Decode(raw, &params); err != nil {
		return nil, err
	}
	variables := map[string]any{}
	if len(params.Variables) > 0 {
		if err := utiljson.Unmarshal(params.Variables, &variables); err != nil {
			return nil, rpc.InvalidParams("variables: %v", err)
		}
	}
	return Evaluate(ctx, params.Expression, variables)
}
