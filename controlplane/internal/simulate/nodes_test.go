package simulate

import (
	"testing"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

func newNode() *corev1.Node {
	return &corev1.Node{
		ObjectMeta: metav1.ObjectMeta{Name: "one", Labels: map[string]string{corev1.LabelArchStable: "arm64"}},
		Spec: corev1.NodeSpec{Taints: []corev1.Taint{
			{Key: corev1.TaintNodeNotReady, Effect: corev1.TaintEffectNoSchedule},
			{Key: "gpu", Effect: corev1.TaintEffectNoSchedule},
		}},
		Status: corev1.NodeStatus{Capacity: corev1.ResourceList{corev1.ResourceCPU: resource.MustParse("4")}},
	}
}

func TestReadyNode(t *testing.T) {
	ready := readyNode(newNode(), metav1.Now())
	if ready == nil || ready.Status.Allocatable.Cpu().String() != "4" || len(ready.Status.Conditions) != len(healthy) {
		t.Fatalf("not ready: %+v", ready)
	}
	if again := readyNode(ready, metav1.Now()); again != nil {
		t.Errorf("a ready node is changed again: %+v", again.Status)
	}
	ready.Status.Conditions[0].Status = corev1.ConditionUnknown
	repaired := readyNode(ready, metav1.Now())
	if repaired == nil || repaired.Status.Conditions[0].Status != corev1.ConditionTrue {
		t.Errorf("a node that is not ready stays so: %+v", repaired)
	}
}

func TestOpenNodeKeepsWhatItsMakerSaid(t *testing.T) {
	open := openNode(newNode())
	if len(open.Spec.Taints) != 1 || open.Spec.Taints[0].Key != "gpu" {
		t.Errorf("taints: %+v", open.Spec.Taints)
	}
	if open.Labels[corev1.LabelHostname] != "one" || open.Labels[corev1.LabelArchStable] != "arm64" {
		t.Errorf("labels: %v", open.Labels)
	}
	if again := openNode(open); again != nil {
		t.Errorf("an open node is changed again: %+v", again)
	}
}
