package simulate

import (
	"slices"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// runningStatus is that of a pod whose init containers ended well and whose containers are ready. Readiness gates
// count as passed: their controllers do not run here.
func runningStatus(pod *corev1.Pod, address string, now metav1.Time) corev1.PodStatus {
	status := startedStatus(pod, address, now)
	status.Phase = corev1.PodRunning
	setPodConditions(&status, corev1.ConditionTrue, "", now)
	status.InitContainerStatuses = containerStatuses(pod, pod.Spec.InitContainers, func(c corev1.Container) bool {
		return c.RestartPolicy != nil && *c.RestartPolicy == corev1.ContainerRestartPolicyAlways
	}, now)
	status.ContainerStatuses = containerStatuses(pod, pod.Spec.Containers, func(corev1.Container) bool { return true }, now)
	return status
}

// endedStatus is that of a pod all containers of which have ended.
func endedStatus(pod *corev1.Pod, phase corev1.PodPhase, address string, now metav1.Time) corev1.PodStatus {
	status := startedStatus(pod, address, now)
	status.Phase = phase
	setPodConditions(&status, corev1.ConditionFalse, "PodCompleted", now)
	none := func(corev1.Container) bool { return false }
	status.InitContainerStatuses = containerStatuses(pod, pod.Spec.InitContainers, none, now)
	status.ContainerStatuses = containerStatuses(pod, pod.Spec.Containers, none, now)
	return status
}

func startedStatus(pod *corev1.Pod, address string, now metav1.Time) corev1.PodStatus {
	status := *pod.Status.DeepCopy()
	status.HostIP, status.HostIPs = hostAddress, []corev1.HostIP{{IP: hostAddress}}
	status.PodIP, status.PodIPs = address, []corev1.PodIP{{IP: address}}
	if status.StartTime == nil {
		status.StartTime = &now
	}
	return status
}

// setPodConditions sets the conditions that a kubelet owns; `ready` is that of the pod and of its containers.
func setPodConditions(status *corev1.PodStatus, ready corev1.ConditionStatus, reason string, now metav1.Time) {
	own := []corev1.PodCondition{
		{Type: corev1.PodReadyToStartContainers, Status: corev1.ConditionTrue},
		{Type: corev1.PodInitialized, Status: corev1.ConditionTrue},
		{Type: corev1.ContainersReady, Status: ready, Reason: reason},
		{Type: corev1.PodReady, Status: ready, Reason: reason},
	}
	for _, condition := range own {
		condition.LastTransitionTime = now
		is := func(c corev1.PodCondition) bool { return c.Type == condition.Type }
		status.Conditions = append(slices.DeleteFunc(status.Conditions, is), condition)
	}
}

func containerStatuses(pod *corev1.Pod, containers []corev1.Container, runs func(corev1.Container) bool, now metav1.Time) []corev1.ContainerStatus {
	statuses := make([]corev1.ContainerStatus, 0, len(containers))
	for _, container := range containers {
		running := runs(container)
		status := corev1.ContainerStatus{
			Name:        container.Name,
			Image:       container.Image,
			ImageID:     container.Image,
			ContainerID: "simulated://" + string(pod.UID) + "/" + container.Name,
			Ready:       running,
			Started:     &running,
		}
		if running {
			status.State.Running = &corev1.ContainerStateRunning{StartedAt: now}
		} else {
			status.Ready = isInit(pod, container)
			status.State.Terminated = &corev1.ContainerStateTerminated{
				Reason: "Completed", StartedAt: now, FinishedAt: now, ContainerID: status.ContainerID,
			}
		}
		statuses = append(statuses, status)
	}
	return statuses
}

// isInit tells init containers, which are ready once they have ended well.
func isInit(pod *corev1.Pod, container corev1.Container) bool {
	return slices.ContainsFunc(pod.Spec.InitContainers, func(c corev1.Container) bool { return c.Name == container.Name })
}
