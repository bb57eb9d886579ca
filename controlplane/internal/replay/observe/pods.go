package observe

import (
	"fmt"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/types"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"elysium.dev/controlplane/internal/replay/wire"
)

// Pod is one Pod with the workload at the top of its owners.
type Pod struct {
	Object    wire.Reference  `json:"object"`
	Owner     *wire.Reference `json:"owner,omitempty"`
	Phase     string          `json:"phase"`
	Scheduled bool            `json:"scheduled"`
	Ready     bool            `json:"ready"`
	Message   string          `json:"message"`
	Job       bool            `json:"job"`
}

// owners gives the controlling owner of everything that may own a Pod.
type owners map[types.UID]*metav1.OwnerReference

func ownersOf(all *lists) owners {
	known := owners{}
	for index := range all.replicaSets.Items {
		known.add(&all.replicaSets.Items[index])
	}
	for index := range all.jobs.Items {
		known.add(&all.jobs.Items[index])
	}
	for index := range all.deployments.Items {
		known.add(&all.deployments.Items[index])
	}
	for index := range all.statefulSets.Items {
		known.add(&all.statefulSets.Items[index])
	}
	return known
}

func (o owners) add(object client.Object) {
	if owner := metav1.GetControllerOf(object); owner != nil {
		o[object.GetUID()] = owner
	}
}

// top follows the owners of an object to the last one, and says whether a Job is among them.
func (o owners) top(object client.Object) (*wire.Reference, bool) {
	owner, job := metav1.GetControllerOf(object), false
	if owner == nil {
		return nil, false
	}
	for range len(o) + 1 {
		job = job || owner.Kind == "Job"
		next := o[owner.UID]
		if next == nil {
			break
		}
		owner = next
	}
	group := schema.FromAPIVersionAndKind(owner.APIVersion, owner.Kind)
	return &wire.Reference{
		Group: group.Group, Version: group.Version, Kind: owner.Kind, Namespace: object.GetNamespace(), Name: owner.Name,
	}, job
}

func podsOf(all *lists, owners owners) []Pod {
	pods := make([]Pod, 0, len(all.pods.Items))
	for index := range all.pods.Items {
		item := &all.pods.Items[index]
		pod := Pod{Object: reference("", "v1", "Pod", item), Phase: string(item.Status.Phase)}
		pod.Owner, pod.Job = owners.top(item)
		pod.Scheduled = item.Spec.NodeName != ""
		pod.Ready = condition(item, corev1.PodReady).Status == corev1.ConditionTrue
		if !pod.Ready && item.Status.Phase != corev1.PodSucceeded {
			pod.Message = trouble(item)
		}
		pods = append(pods, pod)
	}
	return pods
}

// trouble says why a Pod does not run: nobody takes it, or a container waits.
func trouble(pod *corev1.Pod) string {
	if scheduled := condition(pod, corev1.PodScheduled); scheduled.Status == corev1.ConditionFalse {
		return scheduled.Message
	}
	for _, container := range pod.Status.ContainerStatuses {
		if waiting := container.State.Waiting; waiting != nil && waiting.Reason != "" {
			return fmt.Sprintf("%s: %s: %s", container.Name, waiting.Reason, waiting.Message)
		}
	}
	if pod.Status.Message != "" {
		return pod.Status.Message
	}
	return condition(pod, corev1.PodReady).Message
}

func condition(pod *corev1.Pod, kind corev1.PodConditionType) corev1.PodCondition {
	for _, each := range pod.Status.Conditions {
		if each.Type == kind {
			return each
		}
	}
	return corev1.PodCondition{}
}
