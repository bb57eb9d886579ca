// Package client would read the objects of a cluster, from which Flux takes the variables of a substitution.
package client

import (
	"context"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/types"
)

// Object is any Kubernetes object.
type Object interface {
	metav1.Object
	runtime.Object
}

// Client reads objects.
type Client interface {
	Get(ctx context.Context, key types.NamespacedName, object Object) error
}
