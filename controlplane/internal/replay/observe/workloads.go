package observe

import (
	appsv1 "k8s.io/api/apps/v1"
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"elysium.dev/controlplane/internal/replay/wire"
)

// Workload is what wants Pods: how many, how many are ready, and why the server refused one.
type Workload struct {
	Object  wire.Reference `json:"object"`
	Wanted  int            `json:"wanted"`
	Ready   int            `json:"ready"`
	Failure string         `json:"failure"`
}

// refusals are the last refusals of Pods, by the owner that wanted them.
type refusals map[types.UID]string

// refusalsOf finds why Pods could not be created: in conditions of ReplicaSets, otherwise in events. What a ReplicaSet
// was refused, its Deployment was refused.
func refusalsOf(all *lists) refusals {
	found, latest := refusals{}, map[types.UID]metav1.Time{}
	for _, event := range all.warnings.Items {
		uid, told := event.InvolvedObject.UID, lastTold(event)
		if event.Reason == "FailedCreate" && !told.Before(new(latest[uid])) {
			found[uid], latest[uid] = event.Message, told
		}
	}
	for index := range all.replicaSets.Items {
		item := &all.replicaSets.Items[index]
		if item.Spec.Replicas != nil && *item.Spec.Replicas == 0 {
			continue
		}
		for _, condition := range item.Status.Conditions {
			if condition.Type == appsv1.ReplicaSetReplicaFailure && condition.Status == corev1.ConditionTrue {
				found[item.UID] = condition.Message
			}
		}
		if owner := metav1.GetControllerOf(item); owner != nil && found[item.UID] != "" && item.Status.Replicas < *item.Spec.Replicas {
			found[owner.UID] = found[item.UID]
		}
	}
	return found
}

func workloadsOf(all *lists, refusals refusals) []Workload {
	workloads := []Workload{}
	add := func(group, kind string, object client.Object, wanted, ready int32) *Workload {
		workload := Workload{Object: reference(group, "v1", kind, object), Wanted: int(wanted), Ready: int(ready)}
		if ready < wanted {
			workload.Failure = refusals[object.GetUID()]
		}
		workloads = append(workloads, workload)
		return &workloads[len(workloads)-1]
	}
	for index := range all.deployments.Items {
		item := &all.deployments.Items[index]
		// During a rollout the Pods of the old ReplicaSet are ready, too; what counts is the template of now.
		ready := min(item.Status.ReadyReplicas, item.Status.UpdatedReplicas)
		add("apps", "Deployment", item, number(item.Spec.Replicas), ready)
	}
	for index := range all.statefulSets.Items {
		item := &all.statefulSets.Items[index]
		add("apps", "StatefulSet", item, number(item.Spec.Replicas), item.Status.ReadyReplicas)
	}
	for index := range all.daemonSets.Items {
		item := &all.daemonSets.Items[index]
		add("apps", "DaemonSet", item, item.Status.DesiredNumberScheduled, item.Status.NumberReady)
	}
	for index := range all.replicaSets.Items {
		item := &all.replicaSets.Items[index]
		if metav1.GetControllerOf(item) == nil {
			add("apps", "ReplicaSet", item, number(item.Spec.Replicas), item.Status.ReadyReplicas)
		}
	}
	for index := range all.jobs.Items {
		item := &all.jobs.Items[index]
		workload := add("batch", "Job", item, completions(item), item.Status.Succeeded)
		if failure := failureOf(item); failure != "" {
			workload.Failure = failure
		}
	}
	for index := range all.cronJobs.Items {
		item := &all.cronJobs.Items[index]
		add("batch", "CronJob", item, 0, 0).Failure = refusals[item.UID]
	}
	return workloads
}

// completions is how often a Job must succeed; a suspended one need not.
func completions(job *batchv1.Job) int32 {
	switch {
	case job.Spec.Suspend != nil && *job.Spec.Suspend:
		return 0
	case job.Spec.Completions != nil:
		return *job.Spec.Completions
	default:
		return 1
	}
}

func failureOf(job *batchv1.Job) string {
	for _, condition := range job.Status.Conditions {
		if condition.Type == batchv1.JobFailed && condition.Status == corev1.ConditionTrue {
			return condition.Message
		}
	}
	return ""
}

func number(replicas *int32) int32 {
	if replicas == nil {
		return 1
	}
	return *replicas
}
