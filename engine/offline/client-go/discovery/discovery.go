// Package discovery would ask a cluster for its kinds.
package discovery

import (
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/dynamic"
	"k8s.io/client-go/rest"
)

// DiscoveryClient asks no cluster.
type DiscoveryClient struct{}

// NewDiscoveryClientForConfig connects to no cluster.
func NewDiscoveryClientForConfig(*rest.Config) (*DiscoveryClient, error) {
	return nil, dynamic.ErrOffline
}

// ServerResourcesForGroupVersion knows of no kinds.
func (*DiscoveryClient) ServerResourcesForGroupVersion(string) (*metav1.APIResourceList, error) {
	return nil, dynamic.ErrOffline
}
