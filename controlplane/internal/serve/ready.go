package serve

import (
	"context"
	"errors"
	"fmt"
	"time"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/client-go/discovery"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/clientcmd"

	"elysium.dev/controlplane/internal/credentials"
)

// patience is how long the API server may take, beside compilers and other servers.
const patience = 2 * time.Minute

// pause is how long the next question waits.
const pause = 20 * time.Millisecond

// isReady accepts an answer of /readyz that says so.
func isReady(err error) bool { return err == nil }

// isAnswer accepts an answer of /readyz that comes from the server, whatever it says.
func isAnswer(err error) bool {
	var status apierrors.APIStatus
	return err == nil || errors.As(err, &status)
}

// await asks /readyz until the answer is accepted.
func (p *plane) await(ctx context.Context, accepted func(error) bool) error {
	client, err := discovery.NewDiscoveryClientForConfig(p.client)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeoutCause(ctx, patience, errors.New("the API server is not ready in time"))
	defer cancel()
	var last error
	for ctx.Err() == nil {
		if _, last = client.RESTClient().Get().AbsPath("/readyz").DoRaw(ctx); accepted(last) {
			return nil
		}
		time.Sleep(pause)
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
