package simulate

import (
	"context"

	corev1 "k8s.io/api/core/v1"
	storagev1 "k8s.io/api/storage/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/component-helpers/storage/volume"
)

// bringOnClaim makes the volume that a claim waits for, or makes it grow.
func (s *simulation) bringOnClaim(ctx context.Context, claim *corev1.PersistentVolumeClaim) error {
	if provisioner := awaitedProvisioner(claim); provisioner != "" {
		class, err := s.classes.Get(*claim.Spec.StorageClassName)
		if err != nil {
			return err
		}
		_, err = s.client.CoreV1().PersistentVolumes().Create(ctx, newVolume(claim, class, provisioner), metav1.CreateOptions{})
		if apierrors.IsAlreadyExists(err) {
			return nil
		}
		return err
	}
	if wantsMore(claim) {
		return s.grow(ctx, claim)
	}
	return nil
}

// awaitedProvisioner names the external provisioner that the volume controller asks for a volume: at once, or, with
// WaitForFirstConsumer, when the scheduler has chosen a node.
func awaitedProvisioner(claim *corev1.PersistentVolumeClaim) string {
	if claim.DeletionTimestamp != nil || claim.Spec.VolumeName != "" || claim.Spec.StorageClassName == nil {
		return ""
	}
	return claim.Annotations[volume.AnnStorageProvisioner]
}

// newVolume is the volume of a claim. Its source is a path that nobody opens.
func newVolume(claim *corev1.PersistentVolumeClaim, class *storagev1.StorageClass, provisioner string) *corev1.PersistentVolume {
	reclaim := corev1.PersistentVolumeReclaimDelete
	if class.ReclaimPolicy != nil {
		reclaim = *class.ReclaimPolicy
	}
	name := "pvc-" + string(claim.UID)
	return &corev1.PersistentVolume{
		ObjectMeta: metav1.ObjectMeta{
			Name:        name,
			Annotations: map[string]string{volume.AnnDynamicallyProvisioned: provisioner},
		},
		Spec: corev1.PersistentVolumeSpec{
			AccessModes:                   claim.Spec.AccessModes,
			Capacity:                      corev1.ResourceList{corev1.ResourceStorage: claim.Spec.Resources.Requests[corev1.ResourceStorage]},
			VolumeMode:                    claim.Spec.VolumeMode,
			StorageClassName:              class.Name,
			MountOptions:                  class.MountOptions,
			PersistentVolumeReclaimPolicy: reclaim,
			PersistentVolumeSource:        corev1.PersistentVolumeSource{HostPath: &corev1.HostPathVolumeSource{Path: "/simulated/" + name}},
			ClaimRef: &corev1.ObjectReference{
				APIVersion: "v1", Kind: "PersistentVolumeClaim", Namespace: claim.Namespace, Name: claim.Name, UID: claim.UID,
			},
		},
	}
}

// wantsMore tells a bound claim that asks for more than it has; admission has allowed that for its class.
func wantsMore(claim *corev1.PersistentVolumeClaim) bool {
	asked, has := claim.Spec.Resources.Requests[corev1.ResourceStorage], claim.Status.Capacity[corev1.ResourceStorage]
	return claim.Status.Phase == corev1.ClaimBound && claim.DeletionTimestamp == nil && asked.Cmp(has) > 0
}

// grow makes the volume and then the claim as large as the claim asks for.
func (s *simulation) grow(ctx context.Context, claim *corev1.PersistentVolumeClaim) error {
	size := claim.Spec.Resources.Requests[corev1.ResourceStorage]
	volumes := s.client.CoreV1().PersistentVolumes()
	bound, err := volumes.Get(ctx, claim.Spec.VolumeName, metav1.GetOptions{})
	if err != nil {
		return err
	}
	if has := bound.Spec.Capacity[corev1.ResourceStorage]; has.Cmp(size) < 0 {
		bound.Spec.Capacity[corev1.ResourceStorage] = size
		if _, err := volumes.Update(ctx, bound, metav1.UpdateOptions{}); err != nil {
			return err
		}
	}
	changed := claim.DeepCopy()
	changed.Status.Capacity = corev1.ResourceList{corev1.ResourceStorage: size}
	_, err = s.client.CoreV1().PersistentVolumeClaims(claim.Namespace).UpdateStatus(ctx, changed, metav1.UpdateOptions{})
	return err
}

// bringOnVolume deletes a provisioned volume whose claim is gone, as its provisioner would.
func (s *simulation) bringOnVolume(ctx context.Context, object *corev1.PersistentVolume) error {
	if !isSpent(object) {
		return nil
	}
	return s.client.CoreV1().PersistentVolumes().Delete(ctx, object.Name, metav1.DeleteOptions{})
}

func isSpent(object *corev1.PersistentVolume) bool {
	return object.Status.Phase == corev1.VolumeReleased && object.DeletionTimestamp == nil &&
		object.Spec.PersistentVolumeReclaimPolicy == corev1.PersistentVolumeReclaimDelete &&
		object.Annotations[volume.AnnDynamicallyProvisioned] != ""
}
