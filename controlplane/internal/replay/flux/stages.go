package flux

import (
	"context"
	"fmt"
	"strings"

	"github.com/fluxcd/cli-utils/pkg/kstatus/status"
	"github.com/fluxcd/pkg/ssa/utils"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"elysium.dev/controlplane/internal/replay/readiness"
	"elysium.dev/controlplane/internal/replay/wire"
)

// stage is a part of a unit that is tried and applied together, and waited for where others need it.
type stage struct {
	name    string
	awaited bool
	objects []*unstructured.Unstructured
}

// split puts definitions first, classes next, the rest last.
func split(objects []*unstructured.Unstructured) []stage {
	stages := []stage{{name: "definitions", awaited: true}, {name: "classes", awaited: true}, {name: "resources"}}
	for _, object := range objects {
		place := 2
		switch {
		case utils.IsClusterDefinition(object):
			place = 0
		case utils.IsClassDefinition(object):
			place = 1
		}
		stages[place].objects = append(stages[place].objects, object)
	}
	return stages
}

// await waits for definitions: until kstatus calls them Current, and the server answers for their kinds.
func (a *application) await(ctx context.Context, objects []*unstructured.Unstructured) error {
	var references []wire.Reference
	for _, object := range objects {
		if !a.current(object) {
			references = append(references, wire.ReferenceTo(object))
		}
	}
	patience := readiness.Patience{Limit: waitLimit, Quiet: waitQuiet}
	ready, states := readiness.Wait(ctx, a.connection, references, patience)
	if !ready {
		return notReady(states)
	}
	for _, object := range objects {
		if !utils.IsCRD(object) || a.entries[a.places[object]].Action == wire.Unchanged {
			continue
		}
		if err := a.connection.Established(ctx, object.GetName()); err != nil {
			return err
		}
	}
	return nil
}

// current says whether an object was ready as the server held it when it was read or applied just now.
func (a *application) current(object *unstructured.Unstructured) bool {
	latest := a.recorder.of(object).latest
	if latest == nil {
		return false
	}
	state, _ := readiness.Of(latest)
	return state == status.CurrentStatus
}

func notReady(states []readiness.State) error {
	var waiting []string
	for _, state := range states {
		if state.Status != status.CurrentStatus {
			waiting = append(waiting, fmt.Sprintf("%s status: '%s': %s", named(state.Object), state.Status, state.Message))
		}
	}
	return fmt.Errorf("timeout waiting for: [%s]", strings.Join(waiting, ", "))
}
