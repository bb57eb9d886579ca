package controllers

import (
	"context"

	"k8s.io/apimachinery/pkg/api/meta"
	"k8s.io/client-go/informers"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/rest"

	"elysium.dev/controlplane/internal/simulate"
)

// Start runs the controllers of this package and the simulation, on one set of caches.
func Start(ctx context.Context, configuration *rest.Config) error {
	client, err := kubernetes.NewForConfig(configuration)
	if err != nil {
		return err
	}
	factory := informers.NewSharedInformerFactoryWithOptions(client, 0, informers.WithTransform(forgetManagers))
	if err := StartNamespaces(ctx, configuration, client, factory); err != nil {
		return err
	}
	volumes, err := NewVolumes(ctx, client, factory)
	if err != nil {
		return err
	}
	if err := simulate.Start(ctx, client, factory); err != nil {
		return err
	}
	factory.Start(ctx.Done())
	go volumes.Run(ctx)
	return nil
}

// forgetManagers saves the memory of what nobody here reads.
func forgetManagers(object any) (any, error) {
	if accessor, err := meta.Accessor(object); err == nil {
		accessor.SetManagedFields(nil)
	}
	return object, nil
}
