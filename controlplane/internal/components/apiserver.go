// Package components runs the parts of a Kubernetes control plane inside of this process.
package components

import (
	"context"
	"net"

	utilerrors "k8s.io/apimachinery/pkg/util/errors"
	"k8s.io/kubernetes/cmd/kube-apiserver/app"
	"k8s.io/kubernetes/cmd/kube-apiserver/app/options"

	"elysium.dev/controlplane/internal/credentials"
)

// APIServer runs kube-apiserver on `listener` until it fails or `ctx` ends. Without controllers nobody makes the
// service account `default` of a namespace, so its admission is left out.
func APIServer(ctx context.Context, listener net.Listener, set *credentials.Set, controllers bool) error {
	if err := writeEgress(); err != nil {
		return err
	}
	settings := options.NewServerRunOptions()
	if err := parse(settings.Flags(), apiServerArguments(set, controllers)); err != nil {
		return err
	}
	settings.SecureServing.Listener = listener
	if err := settings.GenericServerRunOptions.ComponentGlobalsRegistry.Set(); err != nil {
		return err
	}
	completed, err := settings.Complete(ctx)
	if err != nil {
		return err
	}
	if problems := completed.Validate(); len(problems) > 0 {
		return utilerrors.NewAggregate(problems)
	}
	return app.Run(ctx, completed)
}

func apiServerArguments(set *credentials.Set, controllers bool) []string {
	arguments := []string{
		"--etcd-servers=" + StorageEndpoint,
		"--bind-address=127.0.0.1",
		// What the server would say of itself; otherwise it looks for a network of this machine, and fails without one.
		"--advertise-address=192.0.2.1",
		"--external-hostname=localhost",
		"--egress-selector-config-file=" + egressFile,
		"--tls-cert-file=" + set.Certificate,
		"--tls-private-key-file=" + set.Key,
		"--token-auth-file=" + set.Tokens,
		"--anonymous-auth=false",
		"--authorization-mode=RBAC",
		"--service-account-issuer=https://kubernetes.default.svc",
		"--service-account-key-file=" + set.ServiceAccountKey,
		"--service-account-signing-key-file=" + set.ServiceAccountKey,
		// Both families: which the real cluster has is not known.
		"--service-cluster-ip-range=10.96.0.0/12,fd00:96::/108",
		"--endpoint-reconciler-type=none",
		"--allow-privileged=true",
		"--profiling=false",
		// One client replays as fast as it can: nobody else has to be protected from it.
		"--enable-priority-and-fairness=false",
		"--max-requests-inflight=2000",
		"--max-mutating-requests-inflight=1000",
		"--delete-collection-workers=4",
	}
	if !controllers {
		arguments = append(arguments, "--disable-admission-plugins=ServiceAccount")
	}
	return arguments
}
