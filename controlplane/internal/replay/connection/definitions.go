package connection

import (
	"context"
	"fmt"
	"time"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"sigs.k8s.io/controller-runtime/pkg/client"
)

// Interval is how often the replay looks whether something came true.
const Interval = 50 * time.Millisecond

// DefinitionKind is the kind of custom resource definitions.
var DefinitionKind = schema.GroupKind{Group: "apiextensions.k8s.io", Kind: "CustomResourceDefinition"}

// Await looks again and again until something is true, or the context ends.
func Await(ctx context.Context, interval time.Duration, true func(context.Context) (bool, error)) error {
	for {
		done, err := true(ctx)
		if done || err != nil {
			return err
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(interval):
		}
	}
}

// Established waits until a definition is established and the server answers for its kinds, then makes them known.
func (c *Connection) Established(ctx context.Context, name string) error {
	reader, err := c.Client("")
	if err != nil {
		return err
	}
	definition := &unstructured.Unstructured{}
	definition.SetGroupVersionKind(DefinitionKind.WithVersion("v1"))
	err = Await(ctx, Interval, func(ctx context.Context) (bool, error) {
		err := reader.Get(ctx, client.ObjectKey{Name: name}, definition)
		return err == nil && established(definition), err
	})
	if err != nil {
		return fmt.Errorf("CustomResourceDefinition %s was not established: %w", name, err)
	}
	for _, version := range ServedVersions(definition) {
		if err := c.answers(ctx, definition, version); err != nil {
			return err
		}
	}
	return c.Mapper.Learn(definition)
}

// answers waits until the server answers for a kind: it does so a moment after it calls the definition established.
func (c *Connection) answers(ctx context.Context, definition *unstructured.Unstructured, version string) error {
	group, _, _ := unstructured.NestedString(definition.Object, "spec", "group")
	path := []string{"/apis", group, version, resourceOf(definition).Name}
	return Await(ctx, Interval, func(ctx context.Context) (bool, error) {
		err := c.Raw.Get().AbsPath(path...).Param("limit", "1").Do(ctx).Error()
		return !apierrors.IsNotFound(err) && !apierrors.IsServiceUnavailable(err), nil
	})
}

func established(definition *unstructured.Unstructured) bool {
	conditions, _, _ := unstructured.NestedSlice(definition.Object, "status", "conditions")
	for _, each := range conditions {
		condition, _ := each.(map[string]any)
		if condition["type"] == "Established" && condition["status"] == "True" {
			return true
		}
	}
	return false
}
