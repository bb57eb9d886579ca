package objects

import (
	"context"
	"fmt"
	"time"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"elysium.dev/controlplane/internal/replay/connection"
	"elysium.dev/controlplane/internal/replay/wire"
)

// goneLimit is how long an object may take to go.
const goneLimit = 30 * time.Second

// Delete deletes objects and waits until they are gone; what is not there is `unchanged`.
func Delete(
	ctx context.Context, server *connection.Connection, account string, references []wire.Reference,
) ([]wire.Entry, error) {
	with, err := server.Client(account)
	if err != nil {
		return nil, err
	}
	return connection.Each(references, func(index int, reference wire.Reference) wire.Entry {
		return remove(ctx, server, with, index, reference)
	}), nil
}

func remove(
	ctx context.Context, server *connection.Connection, with client.Client, index int, reference wire.Reference,
) wire.Entry {
	entry := wire.Entry{Object: reference, Index: index, Step: wire.StepPrune, Action: wire.Pruned}
	warnings := &connection.Warnings{}
	ctx = connection.WithWarnings(ctx, warnings)
	resolved, err := server.Resolve(reference)
	if err != nil {
		return entry.Refused(err)
	}
	err = with.Delete(ctx, resolved.Object(), client.PropagationPolicy(metav1.DeletePropagationBackground))
	entry.Warnings = warnings.Texts()
	if apierrors.IsNotFound(err) {
		return entry.Noted(wire.Unchanged, err.Error())
	}
	if err == nil {
		err = Gone(ctx, server, resolved)
	}
	if err != nil {
		return entry.Refused(err)
	}
	return entry
}

// Gone waits until an object is no longer there, and forgets the kinds of a definition.
func Gone(ctx context.Context, server *connection.Connection, reference wire.Reference) error {
	ctx, cancel := context.WithTimeout(ctx, goneLimit)
	defer cancel()
	err := connection.Await(ctx, connection.Interval, func(ctx context.Context) (bool, error) {
		object, err := server.Read(ctx, reference)
		return err == nil && object == nil, err
	})
	if err != nil {
		return fmt.Errorf("%s %s was deleted but stays: %w", reference.Kind, reference.Name, err)
	}
	if reference.GroupKind() == connection.DefinitionKind {
		server.Mapper.Forget(reference.Name)
	}
	return nil
}
