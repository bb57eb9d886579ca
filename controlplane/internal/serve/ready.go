package serve

import (
	"context"
	"errors"
	"fmt"
	"time"

	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/clientcmd"

	"elysium.dev/controlplane/internal/credentials"
)

// patience is how long the API server may take, beside compilers and other servers.
const patience = 2 * time.Minute

// awaitReady returns when /readyz says so.
func awaitReady(ctx context.Context, set *credentials.Set) error {
	client, err := probe(set)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeoutCause(ctx, patience, errors.New("the API server is not ready in time"))
	defer cancel()
	var last error
	for ctx.Err() == nil {
		if _, last = client.Get().AbsPath("/readyz").DoRaw(ctx); last == nil {
			return nil
		}
		time.Sleep(20 * time.Millisecond)
	}
	return fmt.Errorf("%w: %w", context.Cause(ctx), last)
}

// probe is a client that is not slowed down.
func probe(set *credentials.Set) (rest.Interface, error) {
	configuration, err := clientcmd.BuildConfigFromFlags("", set.Kubeconfig)
	if err != nil {
		return nil, err
	}
	configuration.QPS = -1
	client, err := kubernetes.NewForConfig(configuration)
	if err != nil {
		return nil, err
	}
	return client.Discovery().RESTClient(), nil
}
