package objects

import (
	"context"
	"errors"

	"elysium.dev/controlplane/internal/replay/connection"
	"elysium.dev/controlplane/internal/replay/wire"
)

// Get gives objects as the server holds them, without what says who manages which field; nil where there is none.
func Get(ctx context.Context, server *connection.Connection, references []wire.Reference) ([]map[string]any, error) {
	failures := make([]error, len(references))
	found := connection.Each(references, func(index int, reference wire.Reference) map[string]any {
		object, err := server.Read(ctx, reference)
		failures[index] = err
		if err != nil || object == nil {
			return nil
		}
		object.SetManagedFields(nil)
		return object.Object
	})
	return found, errors.Join(failures...)
}
