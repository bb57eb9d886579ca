package simulate

import (
	"context"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// bringOnService gives a service of type LoadBalancer an address: the one that it asks for, or the next one.
func (s *simulation) bringOnService(ctx context.Context, service *corev1.Service) error {
	if !waitsForAddress(service) {
		return nil
	}
	address := service.Spec.LoadBalancerIP
	if address == "" {
		address = s.addresses.nextService()
	}
	changed := service.DeepCopy()
	mode := corev1.LoadBalancerIPModeVIP
	changed.Status.LoadBalancer.Ingress = []corev1.LoadBalancerIngress{{IP: address, IPMode: &mode}}
	_, err := s.client.CoreV1().Services(service.Namespace).UpdateStatus(ctx, changed, metav1.UpdateOptions{})
	return err
}

func waitsForAddress(service *corev1.Service) bool {
	return service.Spec.Type == corev1.ServiceTypeLoadBalancer && service.DeletionTimestamp == nil &&
		len(service.Status.LoadBalancer.Ingress) == 0
}
