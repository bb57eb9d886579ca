package flux

import (
	"context"
	"fmt"

	"github.com/fluxcd/pkg/ssa"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"elysium.dev/controlplane/internal/replay/connection"
	"elysium.dev/controlplane/internal/replay/wire"
)

// concurrency is how many objects of a unit are compared at a time, as kustomize-controller does by default.
const concurrency = 4

// Unit is what is applied together: the objects of one Kustomization.
type Unit struct {
	Controller string        `json:"controller"`
	Account    string        `json:"account"`
	Force      bool          `json:"force"`
	Ignore     []Rule        `json:"ignore"`
	Objects    []wire.Object `json:"objects"`
}

// application is one unit while it is being applied.
type application struct {
	connection *connection.Connection
	recorder   *recorder
	library    *ssa.ResourceManager
	options    ssa.ApplyOptions
	places     map[*unstructured.Unstructured]int
	entries    []wire.Entry
	failed     string
}

// Apply applies a unit stage by stage. The first stage with a refusal keeps itself and the later ones from being applied.
func Apply(ctx context.Context, server *connection.Connection, unit Unit) (wire.Entries, error) {
	under, err := server.Client(unit.Account)
	if err != nil {
		return wire.Entries{}, err
	}
	manager := unit.Controller
	if manager == "" {
		manager = controller
	}
	recorder := newRecorder(ctx, under, server)
	library := ssa.NewResourceManager(recorder, nil, ssa.Owner{Field: manager, Group: prefix[:len(prefix)-1]})
	library.SetConcurrency(concurrency)
	work := &application{
		connection: server, recorder: recorder, library: library,
		options: applyOptions(manager, unit.Force, unit.Ignore),
		places:  map[*unstructured.Unstructured]int{}, entries: make([]wire.Entry, len(unit.Objects)),
	}
	result := work.run(ctx, wire.Unwrap(unit.Objects))
	connection.Enforced(ctx, result.Entries)
	return result, nil
}

func (a *application) run(ctx context.Context, objects []*unstructured.Unstructured) wire.Entries {
	for index, object := range objects {
		a.places[object] = index
		a.entries[index] = wire.NewEntry(object, index, wire.StepApply, wire.Skipped)
	}
	if culprit := a.prepare(objects); culprit != "" {
		a.skip(objects, culprit)
		return wire.Entries{Entries: a.entries, Stage: "build", Failed: a.failed}
	}
	stages := split(objects)
	for index, stage := range stages {
		culprit := a.stage(ctx, stage)
		if culprit == "" {
			continue
		}
		for _, later := range stages[index+1:] {
			a.skip(later.objects, culprit)
		}
		return wire.Entries{Entries: a.entries, Stage: stage.name, Failed: a.failed}
	}
	return wire.Entries{Entries: a.entries}
}

// stage applies the objects of one stage and waits for them; it says what kept them, when something did.
func (a *application) stage(ctx context.Context, stage stage) string {
	changes, err := a.library.ApplyAll(ctx, stage.objects, a.options)
	a.warn(stage.objects)
	if err != nil {
		a.forgive(stage.objects)
		return a.refused(stage.objects, err)
	}
	for index, object := range stage.objects {
		a.accepted(object, changes.Entries[index].Action)
	}
	if !stage.awaited {
		return ""
	}
	if err := a.await(ctx, stage.objects); err != nil {
		a.failed = err.Error()
		return a.failed
	}
	return ""
}

// accepted notes what came of an object of a stage that was applied.
func (a *application) accepted(object *unstructured.Unstructured, action ssa.Action) {
	entry := &a.entries[a.places[object]]
	record := a.recorder.of(object)
	switch action {
	case ssa.SkippedAction:
		*entry = entry.Noted(wire.Skipped, excluded(object, record.existing))
	case ssa.UnchangedAction:
		entry.Action = wire.Unchanged
	default:
		entry.Action = record.changed()
	}
}

// warn notes what the server warned of.
func (a *application) warn(objects []*unstructured.Unstructured) {
	for _, object := range objects {
		entry := &a.entries[a.places[object]]
		entry.Warnings = append(entry.Warnings, a.recorder.of(object).warnings.Texts()...)
	}
}

// skip notes that objects were not applied because of another one.
func (a *application) skip(objects []*unstructured.Unstructured, culprit string) {
	for _, object := range objects {
		entry := &a.entries[a.places[object]]
		if entry.Action != wire.Rejected {
			*entry = entry.Noted(wire.Skipped, "not applied because of "+culprit)
		}
	}
}

func named(reference wire.Reference) string {
	if reference.Namespace == "" {
		return fmt.Sprintf("%s/%s", reference.Kind, reference.Name)
	}
	return fmt.Sprintf("%s/%s/%s", reference.Kind, reference.Namespace, reference.Name)
}
