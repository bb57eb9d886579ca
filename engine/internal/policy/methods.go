package policy

import (
	"context"
	"encoding/json"

	utiljson "k8s.io/apimachinery/pkg/util/json"

	"elysium.dev/engine/internal/rpc"
)

// Register adds policy.evaluate and policy.admit to the server.
func Register(server *rpc.Server) {
	server.Handle("policy.evaluate", func(ctx context.Context, raw json.RawMessage) (any, error) {
		var params evaluateParams
		if err := rpc.Decode(raw, &params); err != nil {
			return nil, err
		}
		return evaluate(ctx, params)
	})
	server.Handle("policy.admit", func(ctx context.Context, raw json.RawMessage) (any, error) {
		var params admitParams
		if err := rpc.Decode(raw, &params); err != nil {
			return nil, err
		}
		return admit(ctx, params)
	})
}

// object is a Kubernetes object, decoded as the API machinery does: whole numbers are integers.
type object map[string]any

func (o *object) UnmarshalJSON(data []byte) error {
	return utiljson.Unmarshal(data, (*map[string]any)(o))
}
