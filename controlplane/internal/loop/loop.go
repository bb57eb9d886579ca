// Package loop calls a function for every object of a kind that appears or changes, as a controller does.
package loop

import (
	"context"
	"time"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/client-go/tools/cache"
	"k8s.io/client-go/util/workqueue"
	"k8s.io/klog/v2"
)

// lastDelay is the longest that a failed object waits for the next attempt.
const lastDelay = time.Second

// Pace says how many objects are worked on at the same time, and how long one waits after its first failure.
type Pace struct {
	Workers int
	Delay   time.Duration
}

// Act brings one object on. An error means: again, later. The object belongs to the cache and must not be changed.
type Act[T any] func(ctx context.Context, object T) error

// Start calls `act` for the objects of `informer`, which is started by whoever made it.
func Start[T any](ctx context.Context, informer cache.SharedIndexInformer, pace Pace, act Act[T]) error {
	limiter := workqueue.NewTypedItemExponentialFailureRateLimiter[string](pace.Delay, lastDelay)
	queue := workqueue.NewTypedRateLimitingQueue(limiter)
	enqueue := func(object any) {
		if key, err := cache.MetaNamespaceKeyFunc(object); err == nil {
			queue.Add(key)
		}
	}
	_, err := informer.AddEventHandler(cache.ResourceEventHandlerFuncs{
		AddFunc:    enqueue,
		UpdateFunc: func(_, object any) { enqueue(object) },
	})
	if err != nil {
		return err
	}
	for range pace.Workers {
		go work(ctx, queue, informer.GetIndexer(), act)
	}
	return nil
}

func work[T any](ctx context.Context, queue workqueue.TypedRateLimitingInterface[string], objects cache.Indexer, act Act[T]) {
	for {
		key, ended := queue.Get()
		if ended {
			return
		}
		err := one(ctx, objects, key, act)
		switch {
		case err == nil || apierrors.IsNotFound(err):
			queue.Forget(key)
		default:
			klog.V(2).InfoS("Again later", "key", key, "err", err)
			queue.AddRateLimited(key)
		}
		queue.Done(key)
	}
}

func one[T any](ctx context.Context, objects cache.Indexer, key string, act Act[T]) error {
	object, exists, err := objects.GetByKey(key)
	if err != nil || !exists {
		return err
	}
	return act(ctx, object.(T))
}
