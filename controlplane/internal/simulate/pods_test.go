package simulate

import (
	"testing"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// pod is one on a node, changed by `changes`.
func pod(changes ...func(*corev1.Pod)) *corev1.Pod {
	made := &corev1.Pod{
		ObjectMeta: metav1.ObjectMeta{Name: "a", UID: "u"},
		Spec: corev1.PodSpec{
			NodeName:      "one",
			RestartPolicy: corev1.RestartPolicyAlways,
			Containers:    []corev1.Container{{Name: "main", Image: "i"}},
		},
		Status: corev1.PodStatus{Phase: corev1.PodPending},
	}
	for _, change := range changes {
		change(made)
	}
	return made
}

func phase(p corev1.PodPhase) func(*corev1.Pod) {
	return func(pod *corev1.Pod) { pod.Status.Phase = p }
}

func mayEnd(pod *corev1.Pod) { pod.Spec.RestartPolicy = corev1.RestartPolicyOnFailure }

func held(pod *corev1.Pod) { pod.Finalizers = []string{"batch.kubernetes.io/job-tracking"} }

func goes(seconds int64) func(*corev1.Pod) {
	return func(pod *corev1.Pod) {
		now := metav1.Now()
		pod.DeletionTimestamp, pod.DeletionGracePeriodSeconds = &now, &seconds
	}
}

func TestNextStep(t *testing.T) {
	cases := map[string]struct {
		pod  *corev1.Pod
		want step
	}{
		"not scheduled":            {pod(func(p *corev1.Pod) { p.Spec.NodeName = "" }), rest},
		"scheduled":                {pod(), run},
		"runs already":             {pod(phase(corev1.PodRunning)), rest},
		"may end":                  {pod(mayEnd), complete},
		"has ended":                {pod(mayEnd, phase(corev1.PodSucceeded)), rest},
		"goes":                     {pod(phase(corev1.PodRunning), goes(30)), remove},
		"goes before it has begun": {pod(goes(30)), remove},
		"goes, held by its job":    {pod(phase(corev1.PodRunning), goes(30), held), stop},
		"goes, counted by its job": {pod(phase(corev1.PodFailed), goes(30), held), remove},
		"is gone but for a hold":   {pod(phase(corev1.PodFailed), goes(0), held), rest},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			if got := nextStep(c.pod); got != c.want {
				t.Errorf("got %v, want %v", got, c.want)
			}
		})
	}
}

func TestRunningStatusOfInitContainersAndSidecars(t *testing.T) {
	always := corev1.ContainerRestartPolicyAlways
	made := pod(func(p *corev1.Pod) {
		p.Spec.InitContainers = []corev1.Container{{Name: "prepare"}, {Name: "sidecar", RestartPolicy: &always}}
	})
	status := runningStatus(made, "10.224.0.1", metav1.Now())
	if status.Phase != corev1.PodRunning || status.PodIP != "10.224.0.1" || status.StartTime == nil {
		t.Errorf("not running: %+v", status)
	}
	prepare, sidecar := status.InitContainerStatuses[0], status.InitContainerStatuses[1]
	if prepare.State.Terminated == nil || prepare.State.Terminated.ExitCode != 0 || !prepare.Ready {
		t.Errorf("the init container has not ended well: %+v", prepare)
	}
	if sidecar.State.Running == nil || !sidecar.Ready {
		t.Errorf("the sidecar does not run: %+v", sidecar)
	}
	if main := status.ContainerStatuses[0]; main.State.Running == nil || !main.Ready {
		t.Errorf("the container does not run: %+v", main)
	}
}

func TestEndedStatusKeepsConditionsOfOthersOnce(t *testing.T) {
	made := pod(func(p *corev1.Pod) {
		p.Status.Conditions = []corev1.PodCondition{
			{Type: corev1.PodScheduled, Status: corev1.ConditionTrue},
			{Type: corev1.PodReady, Status: corev1.ConditionTrue},
		}
	})
	status := endedStatus(made, corev1.PodSucceeded, "10.224.0.1", metav1.Now())
	found := map[corev1.PodConditionType]corev1.ConditionStatus{}
	for _, condition := range status.Conditions {
		found[condition.Type] = condition.Status
	}
	if found[corev1.PodScheduled] != corev1.ConditionTrue || found[corev1.PodReady] != corev1.ConditionFalse {
		t.Errorf("conditions: %v", found)
	}
	if len(status.Conditions) != 5 || len(made.Status.Conditions) != 2 {
		t.Errorf("%d conditions, and the pod itself has %d", len(status.Conditions), len(made.Status.Conditions))
	}
	if main := status.ContainerStatuses[0]; main.State.Terminated == nil || main.Ready {
		t.Errorf("the container has not ended: %+v", main)
	}
}
