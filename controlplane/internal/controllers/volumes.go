package controllers

import (
	"context"
	"time"

	"k8s.io/client-go/informers"
	"k8s.io/client-go/kubernetes"
	"k8s.io/kubernetes/pkg/controller/volume/persistentvolume"
)

// volumeRounds is how often the volume controller looks at what it could not finish.
const volumeRounds = 2 * time.Second

// NewVolumes is the controller that binds claims to volumes, without any volume plugin: that of host paths, which
// kube-controller-manager always loads, deletes directories of this machine for a volume with the reclaim policy
// Delete, and volumes are untrusted input.
func NewVolumes(ctx context.Context, client kubernetes.Interface, factory informers.SharedInformerFactory) (*persistentvolume.PersistentVolumeController, error) {
	core := factory.Core().V1()
	return persistentvolume.NewController(ctx, persistentvolume.ControllerParameters{
		KubeClient:                client,
		SyncPeriod:                volumeRounds,
		VolumeInformer:            core.PersistentVolumes(),
		ClaimInformer:             core.PersistentVolumeClaims(),
		ClassInformer:             factory.Storage().V1().StorageClasses(),
		PodInformer:               core.Pods(),
		NodeInformer:              core.Nodes(),
		EnableDynamicProvisioning: true,
	})
}
