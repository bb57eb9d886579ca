package simulate

import (
	"context"
	"slices"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// healthy are the conditions that a kubelet without problems reports.
var healthy = []corev1.NodeCondition{
	{Type: corev1.NodeReady, Status: corev1.ConditionTrue, Reason: "KubeletReady", Message: "simulated"},
	{Type: corev1.NodeMemoryPressure, Status: corev1.ConditionFalse, Reason: "KubeletHasSufficientMemory"},
	{Type: corev1.NodeDiskPressure, Status: corev1.ConditionFalse, Reason: "KubeletHasNoDiskPressure"},
	{Type: corev1.NodePIDPressure, Status: corev1.ConditionFalse, Reason: "KubeletHasSufficientPID"},
}

// bringOnNode makes a node ready, and then lets pods onto it.
func (s *simulation) bringOnNode(ctx context.Context, node *corev1.Node) error {
	if ready := readyNode(node, metav1.Now()); ready != nil {
		_, err := s.client.CoreV1().Nodes().UpdateStatus(ctx, ready, metav1.UpdateOptions{})
		return err
	}
	if open := openNode(node); open != nil {
		_, err := s.client.CoreV1().Nodes().Update(ctx, open, metav1.UpdateOptions{})
		return err
	}
	return nil
}

// readyNode is the node with the status of a healthy one, or nil if it has that. Capacity is what its maker said.
func readyNode(node *corev1.Node, now metav1.Time) *corev1.Node {
	changed := node.DeepCopy()
	for _, wanted := range healthy {
		setNodeCondition(&changed.Status, wanted, now)
	}
	if len(changed.Status.Allocatable) == 0 {
		changed.Status.Allocatable = changed.Status.Capacity
	}
	if len(changed.Status.Addresses) == 0 {
		changed.Status.Addresses = []corev1.NodeAddress{
			{Type: corev1.NodeHostName, Address: node.Name},
			{Type: corev1.NodeInternalIP, Address: hostAddress},
		}
	}
	if equal(node.Status, changed.Status) {
		return nil
	}
	return changed
}

func setNodeCondition(status *corev1.NodeStatus, wanted corev1.NodeCondition, now metav1.Time) {
	is := func(c corev1.NodeCondition) bool { return c.Type == wanted.Type }
	at := slices.IndexFunc(status.Conditions, is)
	if at >= 0 && status.Conditions[at].Status == wanted.Status {
		return
	}
	wanted.LastHeartbeatTime, wanted.LastTransitionTime = now, now
	if at >= 0 {
		status.Conditions[at] = wanted
		return
	}
	status.Conditions = append(status.Conditions, wanted)
}

// openNode is the node without the taint that admission puts on every new one, and with the labels that its kubelet
// would add; nil if there is nothing to do.
func openNode(node *corev1.Node) *corev1.Node {
	changed := node.DeepCopy()
	changed.Spec.Taints = slices.DeleteFunc(changed.Spec.Taints, func(taint corev1.Taint) bool {
		return taint.Key == corev1.TaintNodeNotReady
	})
	if changed.Labels == nil {
		changed.Labels = map[string]string{}
	}
	defaults := map[string]string{
		corev1.LabelHostname:   node.Name,
		corev1.LabelOSStable:   "linux",
		corev1.LabelArchStable: "amd64",
	}
	for label, value := range defaults {
		if _, given := changed.Labels[label]; !given {
			changed.Labels[label] = value
		}
	}
	if len(changed.Spec.Taints) == len(node.Spec.Taints) && len(changed.Labels) == len(node.Labels) {
		return nil
	}
	return changed
}
