// Package simulate does what nodes, storage systems and load balancers do, as far as the API shows it: nodes are
// ready, pods run or complete, claims get volumes, services get addresses. Nothing is run.
package simulate

import (
	"context"
	"time"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/client-go/informers"
	"k8s.io/client-go/kubernetes"
	storagelisters "k8s.io/client-go/listers/storage/v1"

	"elysium.dev/controlplane/internal/loop"
)

// Pods are many, and each waits for the API server most of the time.
var (
	podPace   = loop.Pace{Workers: 8, Delay: 20 * time.Millisecond}
	otherPace = loop.Pace{Workers: 2, Delay: 20 * time.Millisecond}
)

// simulation holds what the parts of the simulation share.
type simulation struct {
	client    kubernetes.Interface
	classes   storagelisters.StorageClassLister
	addresses addresses
}

// Start begins the simulation on the objects of `factory`, which is started by whoever made it.
func Start(ctx context.Context, client kubernetes.Interface, factory informers.SharedInformerFactory) error {
	core := factory.Core().V1()
	s := &simulation{client: client, classes: factory.Storage().V1().StorageClasses().Lister()}
	if err := loop.Start[*corev1.Node](ctx, core.Nodes().Informer(), otherPace, s.bringOnNode); err != nil {
		return err
	}
	if err := loop.Start[*corev1.Pod](ctx, core.Pods().Informer(), podPace, s.bringOnPod); err != nil {
		return err
	}
	if err := loop.Start[*corev1.Service](ctx, core.Services().Informer(), otherPace, s.bringOnService); err != nil {
		return err
	}
	if err := loop.Start[*corev1.PersistentVolumeClaim](ctx, core.PersistentVolumeClaims().Informer(), otherPace, s.bringOnClaim); err != nil {
		return err
	}
	return loop.Start[*corev1.PersistentVolume](ctx, core.PersistentVolumes().Informer(), otherPace, s.bringOnVolume)
}
