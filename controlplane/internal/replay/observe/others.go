package observe

import (
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/types"

	"elysium.dev/controlplane/internal/replay/wire"
)

// Claim is a claim for storage; the message is the last that its controller said.
type Claim struct {
	Object  wire.Reference `json:"object"`
	Phase   string         `json:"phase"`
	Class   string         `json:"class"`
	Message string         `json:"message"`
}

// Ingress is an Ingress with the class that it names or was given.
type Ingress struct {
	Object wire.Reference `json:"object"`
	Class  string         `json:"class"`
}

// Service is a Service with its type and address.
type Service struct {
	Object  wire.Reference `json:"object"`
	Type    string         `json:"type"`
	Address string         `json:"address"`
}

// Event is a warning that a controller recorded.
type Event struct {
	Object  wire.Reference `json:"object"`
	Reason  string         `json:"reason"`
	Message string         `json:"message"`
	Count   int            `json:"count"`
}

func claimsOf(all *lists) []Claim {
	messages, latest := map[types.UID]string{}, map[types.UID]metav1.Time{}
	for _, event := range all.claimEvents.Items {
		uid, told := event.InvolvedObject.UID, lastTold(event)
		if !told.Before(new(latest[uid])) {
			messages[uid], latest[uid] = event.Message, told
		}
	}
	claims := make([]Claim, 0, len(all.claims.Items))
	for index := range all.claims.Items {
		item := &all.claims.Items[index]
		claim := Claim{Object: reference("", "v1", "PersistentVolumeClaim", item), Phase: string(item.Status.Phase)}
		if item.Spec.StorageClassName != nil {
			claim.Class = *item.Spec.StorageClassName
		}
		if item.Status.Phase != corev1.ClaimBound {
			claim.Message = messages[item.UID]
		}
		claims = append(claims, claim)
	}
	return claims
}

func ingressesOf(all *lists) []Ingress {
	ingresses := make([]Ingress, 0, len(all.ingresses.Items))
	for index := range all.ingresses.Items {
		item := &all.ingresses.Items[index]
		ingress := Ingress{Object: reference("networking.k8s.io", "v1", "Ingress", item)}
		ingress.Class = item.Annotations["kubernetes.io/ingress.class"]
		if item.Spec.IngressClassName != nil {
			ingress.Class = *item.Spec.IngressClassName
		}
		ingresses = append(ingresses, ingress)
	}
	return ingresses
}

func servicesOf(all *lists) []Service {
	services := make([]Service, 0, len(all.services.Items))
	for index := range all.services.Items {
		item := &all.services.Items[index]
		services = append(services, Service{
			Object: reference("", "v1", "Service", item), Type: string(item.Spec.Type), Address: address(item),
		})
	}
	return services
}

// address is where a Service is reached: a LoadBalancer from outside, any other from inside of the cluster.
func address(service *corev1.Service) string {
	switch service.Spec.Type {
	case corev1.ServiceTypeLoadBalancer:
		for _, ingress := range service.Status.LoadBalancer.Ingress {
			return ingress.IP + ingress.Hostname
		}
		return ""
	case corev1.ServiceTypeExternalName:
		return service.Spec.ExternalName
	default:
		return service.Spec.ClusterIP
	}
}

func eventsOf(all *lists) []Event {
	events := make([]Event, 0, len(all.warnings.Items))
	for _, item := range all.warnings.Items {
		about := item.InvolvedObject
		kind := schema.FromAPIVersionAndKind(about.APIVersion, about.Kind)
		count := max(int(item.Count), 1)
		if item.Series != nil {
			count = max(count, int(item.Series.Count))
		}
		events = append(events, Event{
			Object: wire.Reference{
				Group: kind.Group, Version: kind.Version, Kind: about.Kind, Namespace: about.Namespace, Name: about.Name,
			},
			Reason: item.Reason, Message: item.Message, Count: count,
		})
	}
	return events
}

// lastTold is when an event was recorded last; there are an old and a new way to say so.
func lastTold(event corev1.Event) metav1.Time {
	switch {
	case event.Series != nil:
		return metav1.Time{Time: event.Series.LastObservedTime.Time}
	case !event.LastTimestamp.IsZero():
		return event.LastTimestamp
	default:
		return metav1.Time{Time: event.EventTime.Time}
	}
}
