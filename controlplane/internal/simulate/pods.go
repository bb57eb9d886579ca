package simulate

import (
	"context"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/equality"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// step is what happens to a pod next.
type step int

const (
	rest step = iota
	run
	complete
	stop
	remove
)

func equal(one, other any) bool { return equality.Semantic.DeepEqual(one, other) }

// nextStep decides about a pod. One that may end (restartPolicy Never or OnFailure, so every pod of a Job) ends at
// once and well; every other one runs. A pod that goes and is held by a finalizer must have ended before, since its
// Job counts it only then.
func nextStep(pod *corev1.Pod) step {
	ended := pod.Status.Phase == corev1.PodSucceeded || pod.Status.Phase == corev1.PodFailed
	switch {
	case pod.Spec.NodeName == "":
		return rest
	case pod.DeletionTimestamp != nil && !ended && len(pod.Finalizers) > 0:
		return stop
	case pod.DeletionTimestamp != nil && pod.DeletionGracePeriodSeconds != nil && *pod.DeletionGracePeriodSeconds == 0:
		return rest // only its finalizers hold it
	case pod.DeletionTimestamp != nil:
		return remove
	case ended:
		return rest
	case pod.Spec.RestartPolicy != corev1.RestartPolicyAlways:
		return complete
	case pod.Status.Phase != corev1.PodRunning:
		return run
	}
	return rest
}

// bringOnPod does for a pod what its kubelet would report.
func (s *simulation) bringOnPod(ctx context.Context, pod *corev1.Pod) error {
	switch nextStep(pod) {
	case run:
		return s.report(ctx, pod, runningStatus(pod, s.address(pod), metav1.Now()))
	case complete:
		return s.report(ctx, pod, endedStatus(pod, corev1.PodSucceeded, s.address(pod), metav1.Now()))
	case stop:
		return s.report(ctx, pod, endedStatus(pod, corev1.PodFailed, s.address(pod), metav1.Now()))
	case remove:
		options := metav1.NewDeleteOptions(0)
		options.Preconditions = metav1.NewUIDPreconditions(string(pod.UID))
		return s.client.CoreV1().Pods(pod.Namespace).Delete(ctx, pod.Name, *options)
	}
	return nil
}

func (s *simulation) report(ctx context.Context, pod *corev1.Pod, status corev1.PodStatus) error {
	changed := pod.DeepCopy()
	changed.Status = status
	_, err := s.client.CoreV1().Pods(pod.Namespace).UpdateStatus(ctx, changed, metav1.UpdateOptions{})
	return err
}

func (s *simulation) address(pod *corev1.Pod) string {
	switch {
	case pod.Status.PodIP != "":
		return pod.Status.PodIP
	case pod.Spec.HostNetwork:
		return hostAddress
	}
	return s.addresses.nextPod()
}
