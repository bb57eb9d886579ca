// Package controllers runs those of Kubernetes' controllers that must behave differently here than in
// kube-controller-manager.
package controllers

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"time"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/client-go/informers"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/metadata"
	"k8s.io/client-go/rest"
	"k8s.io/kubernetes/pkg/controller/namespace/deletion"

	"elysium.dev/controlplane/internal/loop"
)

// namespacePace: a look at a namespace is one request for every kind, which wait for each other.
var namespacePace = loop.Pace{Workers: 16, Delay: 50 * time.Millisecond}

var errPodsLeft = errors.New("pods are left")

// StartNamespaces empties and removes namespaces that are being deleted. The controller of kube-controller-manager
// waits five seconds before it begins, for other API servers to notice, and half of the pods' grace period before it
// looks again; there is one server here, and its pods end at once.
func StartNamespaces(ctx context.Context, configuration *rest.Config, client kubernetes.Interface, factory informers.SharedInformerFactory) error {
	objects, err := metadata.NewForConfig(configuration)
	if err != nil {
		return err
	}
	deleter := deletion.NewNamespacedResourcesDeleter(ctx, client.CoreV1().Namespaces(), objects, client.CoreV1(),
		client.Discovery().ServerPreferredNamespacedResources, corev1.FinalizerKubernetes)
	pods := factory.Core().V1().Pods().Lister()
	act := func(ctx context.Context, namespace *corev1.Namespace) error {
		if namespace.DeletionTimestamp == nil {
			return nil
		}
		left, err := pods.Pods(namespace.Name).List(labels.Everything())
		if err != nil || emptied(namespace) && len(left) > 0 {
			return cmp.Or(err, errPodsLeft)
		}
		return deleter.Delete(ctx, namespace.Name) // an error also while something remains
	}
	return loop.Start[*corev1.Namespace](ctx, factory.Core().V1().Namespaces().Informer(), namespacePace, act)
}

// emptied tells that everything in the namespace was told to go, so that only what takes its time is left.
func emptied(namespace *corev1.Namespace) bool {
	return slices.ContainsFunc(namespace.Status.Conditions, func(c corev1.NamespaceCondition) bool {
		return c.Type == corev1.NamespaceContentRemaining && c.Status == corev1.ConditionTrue
	})
}
