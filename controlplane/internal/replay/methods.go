package replay

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"time"

	"elysium.dev/controlplane/internal/replay/connection"
	"elysium.dev/controlplane/internal/replay/flux"
	"elysium.dev/controlplane/internal/replay/helm"
	"elysium.dev/controlplane/internal/replay/objects"
	"elysium.dev/controlplane/internal/replay/observe"
	"elysium.dev/controlplane/internal/replay/readiness"
	"elysium.dev/controlplane/internal/replay/wire"
)

// method answers one kind of request.
type method func(context.Context, json.RawMessage) (any, error)

// take makes a method of a function with parameters of its own type.
func take[Params, Result any](do func(context.Context, Params) (Result, error)) method {
	return func(ctx context.Context, raw json.RawMessage) (any, error) {
		var params Params
		if err := json.Unmarshal(raw, &params); err != nil {
			return nil, fmt.Errorf("parameters: %w", err)
		}
		return do(ctx, params)
	}
}

type entries struct {
	Entries []wire.Entry `json:"entries"`
}

type named struct {
	Objects []wire.Reference `json:"objects"`
}

type nothing struct{}

// patience is how long to wait, in milliseconds.
type patience struct {
	Quiet int `json:"quiet"`
	Limit int `json:"limit"`
}

func (p patience) durations() readiness.Patience {
	quiet, limit := time.Duration(p.Quiet)*time.Millisecond, time.Duration(p.Limit)*time.Millisecond
	if limit <= 0 || limit > deadline-5*time.Second {
		limit = deadline - 5*time.Second
	}
	if quiet <= 0 {
		quiet = limit
	}
	return readiness.Patience{Quiet: quiet, Limit: limit}
}

// methods are all that the replay can be asked.
func methods(ctx context.Context, server *connection.Connection) map[string]method {
	all := map[string]method{
		"handshake": take(func(ctx context.Context, _ nothing) (handshake, error) { return greet(ctx, server) }),
	}
	maps.Copy(all, controllerMethods(server))
	maps.Copy(all, objectMethods(server))
	maps.Copy(all, watchingMethods(ctx, server))
	return all
}

// controllerMethods do what Flux's controllers do.
func controllerMethods(server *connection.Connection) map[string]method {
	return map[string]method{
		"apply": take(func(ctx context.Context, unit flux.Unit) (wire.Entries, error) {
			return flux.Apply(ctx, server, unit)
		}),
		"prune": take(func(ctx context.Context, stale flux.Stale) (entries, error) {
			pruned, err := flux.Prune(ctx, server, stale)
			return entries{pruned}, err
		}),
		"report": take(func(ctx context.Context, report flux.Report) (nothing, error) {
			return nothing{}, flux.Write(ctx, server, report)
		}),
		"release": take(func(ctx context.Context, request helm.Request) (wire.Entries, error) {
			return helm.Run(ctx, server, request)
		}),
		"uninstall": take(func(ctx context.Context, departure helm.Departure) (wire.Entries, error) {
			return helm.Uninstall(ctx, server, departure)
		}),
	}
}

// objectMethods put, read and delete objects directly.
func objectMethods(server *connection.Connection) map[string]method {
	return map[string]method{
		"create": take(func(ctx context.Context, asked struct{ Objects []wire.Object }) (entries, error) {
			created, err := objects.Create(ctx, server, asked.Objects)
			return entries{created}, err
		}),
		"delete": take(func(ctx context.Context, asked struct {
			Account string
			Objects []wire.Reference
		}) (entries, error) {
			deleted, err := objects.Delete(ctx, server, asked.Account, asked.Objects)
			return entries{deleted}, err
		}),
		"get": take(func(ctx context.Context, asked named) (map[string]any, error) {
			found, err := objects.Get(ctx, server, asked.Objects)
			return map[string]any{"objects": found}, err
		}),
		"inventory": take(func(ctx context.Context, _ nothing) (map[string]any, error) {
			stored, err := objects.Inventory(ctx, server)
			return map[string]any{"objects": stored}, err
		}),
		"allowed": take(func(ctx context.Context, question objects.Question) (objects.Answer, error) {
			return objects.Allowed(ctx, server, question)
		}),
	}
}

// watchingMethods wait for what the server's controllers do, and tell it. What `ctx` ends with is all watching.
func watchingMethods(ctx context.Context, server *connection.Connection) map[string]method {
	activity := observe.NewActivity(ctx, server)
	return map[string]method{
		"ready": take(func(ctx context.Context, asked struct {
			named
			patience
		}) (map[string]any, error) {
			ready, states := readiness.Wait(ctx, server, asked.Objects, asked.durations())
			return map[string]any{"ready": ready, "objects": states}, nil
		}),
		"settle": take(func(ctx context.Context, asked patience) (map[string]bool, error) {
			settled, err := activity.Settle(ctx, asked.durations())
			return map[string]bool{"settled": settled}, err
		}),
		"observe": take(func(ctx context.Context, _ nothing) (observe.Observation, error) {
			return observe.Observe(ctx, server)
		}),
	}
}
