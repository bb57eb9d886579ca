package serve

import (
	"context"
	"errors"
	"fmt"
	"time"

	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/client-go/discovery"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/clientcmd"

	"elysium.dev/controlplane/internal/credentials"
)

// patience is how long the API server may take, beside compilers and other servers.
const patience = 2 * time.Minute

// awaitReady returns when /readyz says so.
func awaitReady(ctx context.Context, configuration *rest.Config) error {
	client, err := discovery.NewDiscoveryClientForConfig(configuration)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeoutCause(ctx, patience, errors.New("the API server is not ready in time"))
	defer cancel()
	var last error
	for ctx.Err() == nil {
		if _, last = client.RESTClient().Get().AbsPath("/readyz").DoRaw(ctx); last == nil {
			return nil
		}
		time.Sleep(20 * time.Millisecond)
	}
	return fmt.Errorf("%w: %w", context.Cause(ctx), last)
}

// clientConfiguration is that of a client that is not slowed down and talks in the server's own encoding.
func clientConfiguration(set *credentials.Set) (*rest.Config, error) {
	configuration, err := clientcmd.BuildConfigFromFlags("", set.Kubeconfig)
	if err != nil {
		return nil, err
	}
	configuration.QPS = -1
	configuration.ContentType = runtime.ContentTypeProtobuf
	return configuration, nil
}
