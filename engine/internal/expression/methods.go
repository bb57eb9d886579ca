package expression

import (
	"context"
	"encoding/json"

	"elysium.dev/engine/internal/rpc"
	utiljson "k8s.io/apimachinery/pkg/util/json"
)

// Register adds cel.evaluate and cel.check to the server.
func Register(server *rpc.Server) {
	server.Handle("cel.evaluate", handleEvaluate)
	server.Handle("cel.check", handleCheck)
}

type checkParams struct {
	Expressions []question `json:"expressions"`
}

type checkResult struct {
	// Errors are why Flux refuses expressions, empty for those that it does not.
	Errors []string `json:"errors"`
}

func handleCheck(_ context.Context, raw json.RawMessage) (any, error) {
	var params checkParams
	if err := rpc.Decode(raw, &params); err != nil {
		return nil, err
	}
	result := checkResult{Errors: make([]string, 0, len(params.Expressions))}
	for _, asked := range params.Expressions {
		result.Errors = append(result.Errors, asked.problem())
	}
	return result, nil
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
