package components

import (
	"context"

	"k8s.io/kubernetes/cmd/kube-scheduler/app"
	"k8s.io/kubernetes/cmd/kube-scheduler/app/options"

	"elysium.dev/controlplane/internal/credentials"
)

// Scheduler runs kube-scheduler until it fails or `ctx` ends.
func Scheduler(ctx context.Context, set *credentials.Set) error {
	settings := options.NewOptions()
	arguments := []string{
		"--kubeconfig=" + set.Kubeconfig,
		"--leader-elect=false",
		"--secure-port=0",
		"--profiling=false",
		"--kube-api-qps=2000",
		"--kube-api-burst=4000",
	}
	if err := parse(*settings.Flags, arguments); err != nil {
		return err
	}
	configuration, scheduler, err := app.Setup(ctx, settings)
	if err != nil {
		return err
	}
	return app.Run(ctx, configuration, scheduler)
}
