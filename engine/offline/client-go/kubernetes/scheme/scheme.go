// Package scheme would list the kinds of Kubernetes, from which Helm derives its default capabilities. The engine states the
// capabilities of every render, from its own catalogue.
package scheme

import "k8s.io/apimachinery/pkg/runtime"

// Scheme knows no kinds.
var Scheme = runtime.NewScheme()
