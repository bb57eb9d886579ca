package connection

import (
	"context"
	"sync"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/api/meta"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"elysium.dev/controlplane/internal/replay/wire"
)

// parallel is how many requests of one list are under way at a time.
const parallel = 8

// Resolve fills in the server's preferred version where a reference has none.
func (c *Connection) Resolve(reference wire.Reference) (wire.Reference, error) {
	if reference.Version != "" {
		return reference, nil
	}
	mapping, err := c.Mapper.RESTMapping(reference.GroupKind())
	if err != nil {
		return reference, err
	}
	reference.Version = mapping.GroupVersionKind.Version
	return reference, nil
}

// Read gives an object as the server holds it, nil when there is none.
func (c *Connection) Read(ctx context.Context, reference wire.Reference) (*unstructured.Unstructured, error) {
	reader, err := c.Client("")
	if err != nil {
		return nil, err
	}
	reference, err = c.Resolve(reference)
	if meta.IsNoMatchError(err) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	object := reference.Object()
	err = reader.Get(ctx, client.ObjectKeyFromObject(object), object)
	if apierrors.IsNotFound(err) || meta.IsNoMatchError(err) {
		return nil, nil
	}
	return object, err
}

// Each does something for every item, several at a time, and gives what came of each in their order.
func Each[In, Out any](items []In, do func(int, In) Out) []Out {
	results := make([]Out, len(items))
	places := make(chan struct{}, parallel)
	var group sync.WaitGroup
	for index, item := range items {
		places <- struct{}{}
		group.Go(func() {
			defer func() { <-places }()
			results[index] = do(index, item)
		})
	}
	group.Wait()
	return results
}
