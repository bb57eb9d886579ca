package simulate

import (
	"testing"

	corev1 "k8s.io/api/core/v1"
	storagev1 "k8s.io/api/storage/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/component-helpers/storage/volume"
)

func newClaim(size string) *corev1.PersistentVolumeClaim {
	class := "fast"
	return &corev1.PersistentVolumeClaim{
		ObjectMeta: metav1.ObjectMeta{Namespace: "ns", Name: "data", UID: "u"},
		Spec: corev1.PersistentVolumeClaimSpec{
			StorageClassName: &class,
			AccessModes:      []corev1.PersistentVolumeAccessMode{corev1.ReadWriteOnce},
			Resources: corev1.VolumeResourceRequirements{
				Requests: corev1.ResourceList{corev1.ResourceStorage: resource.MustParse(size)},
			},
		},
	}
}

func TestAwaitedProvisioner(t *testing.T) {
	claim := newClaim("1Gi")
	if got := awaitedProvisioner(claim); got != "" {
		t.Errorf("nobody asked for a volume yet, and %q answers", got)
	}
	claim.Annotations = map[string]string{volume.AnnStorageProvisioner: "storage.example"}
	if got := awaitedProvisioner(claim); got != "storage.example" {
		t.Errorf("got %q", got)
	}
	claim.Spec.VolumeName = "pv"
	if got := awaitedProvisioner(claim); got != "" {
		t.Errorf("it has a volume, and %q makes another one", got)
	}
}

func TestNewVolumeFollowsItsClass(t *testing.T) {
	retain := corev1.PersistentVolumeReclaimRetain
	class := &storagev1.StorageClass{ObjectMeta: metav1.ObjectMeta{Name: "fast"}, ReclaimPolicy: &retain}
	made := newVolume(newClaim("2Gi"), class, "storage.example")
	if made.Spec.PersistentVolumeReclaimPolicy != retain || made.Spec.StorageClassName != "fast" {
		t.Errorf("policy or class: %+v", made.Spec)
	}
	size := made.Spec.Capacity[corev1.ResourceStorage]
	if size.String() != "2Gi" || made.Spec.ClaimRef.UID != "u" || made.Name != "pvc-u" {
		t.Errorf("size, claim or name: %+v", made)
	}
}

func TestWantsMore(t *testing.T) {
	claim := newClaim("2Gi")
	claim.Status.Phase = corev1.ClaimBound
	for has, want := range map[string]bool{"1Gi": true, "2Gi": false, "3Gi": false} {
		claim.Status.Capacity = corev1.ResourceList{corev1.ResourceStorage: resource.MustParse(has)}
		if got := wantsMore(claim); got != want {
			t.Errorf("with %s: got %v", has, got)
		}
	}
}

func TestOnlyProvisionedVolumesAreDeleted(t *testing.T) {
	made := newVolume(newClaim("1Gi"), &storagev1.StorageClass{}, "storage.example")
	if isSpent(made) {
		t.Error("its claim is still there")
	}
	made.Status.Phase = corev1.VolumeReleased
	if !isSpent(made) {
		t.Error("its claim is gone")
	}
	made.Annotations = nil
	if isSpent(made) {
		t.Error("a person made it")
	}
}
