package readiness

import (
	"context"
	"time"

	"github.com/fluxcd/cli-utils/pkg/kstatus/status"

	"elysium.dev/controlplane/internal/replay/connection"
	"elysium.dev/controlplane/internal/replay/wire"
)

const interval = 100 * time.Millisecond

// Patience says how long to wait: in all, and while nothing moves.
type Patience struct{ Limit, Quiet time.Duration }

// Wait returns when all objects are Current, when one has failed and the others are done, when nothing moved for as
// long as `Quiet` says, or after `Limit`.
func Wait(ctx context.Context, server *connection.Connection, references []wire.Reference, patience Patience) (bool, []State) {
	ctx, cancel := context.WithTimeout(ctx, patience.Limit)
	defer cancel()
	states := States(ctx, server, references)
	moved := time.Now()
	for !settled(states) && time.Since(moved) < patience.Quiet {
		select {
		case <-ctx.Done():
			return false, states
		case <-time.After(interval):
		}
		next := refreshed(ctx, server, states)
		if ctx.Err() != nil {
			return false, states
		}
		if differs(states, next) {
			moved = time.Now()
		}
		states = next
	}
	return current(states), states
}

// refreshed reads those again that are not Current yet.
func refreshed(ctx context.Context, server *connection.Connection, states []State) []State {
	next := append([]State(nil), states...)
	var open []wire.Reference
	var places []int
	for index, state := range states {
		if state.Status != status.CurrentStatus {
			open, places = append(open, state.Object), append(places, index)
		}
	}
	for index, state := range States(ctx, server, open) {
		next[places[index]] = state
	}
	return next
}

func differs(left, right []State) bool {
	for index := range left {
		if left[index] != right[index] {
			return true
		}
	}
	return false
}

// settled is what Flux takes as the end of waiting: whatever is not Current has failed for good.
func settled(states []State) bool {
	for _, state := range states {
		if state.Status != status.CurrentStatus && state.Status != status.FailedStatus {
			return false
		}
	}
	return true
}

func current(states []State) bool {
	for _, state := range states {
		if state.Status != status.CurrentStatus {
			return false
		}
	}
	return true
}
