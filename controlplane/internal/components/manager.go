package components

import (
	"context"
	"strings"
	"time"

	"k8s.io/kubernetes/cmd/kube-controller-manager/app"
	"k8s.io/kubernetes/cmd/kube-controller-manager/app/options"
	"k8s.io/kubernetes/cmd/kube-controller-manager/names"
	"k8s.io/kubernetes/pkg/controller/job"

	"elysium.dev/controlplane/internal/credentials"
)

// controllers are those whose work a rehearsal shows. Left out are what needs a cloud, kubelets, metrics, aged objects
// or signed certificates, and those of the package controllers, which run beside it.
var controllers = []string{
	names.ClusterRoleAggregationController,
	names.CronJobController,
	names.DaemonSetController,
	names.DeploymentController,
	names.DisruptionController,
	names.EndpointSliceController,
	names.EphemeralVolumeController,
	names.GarbageCollectorController,
	names.JobController,
	names.PersistentVolumeClaimProtectionController,
	names.PersistentVolumeProtectionController,
	names.ReplicaSetController,
	names.ReplicationControllerController,
	names.ResourceClaimController,
	names.ResourceQuotaController,
	names.RootCACertificatePublisherController,
	names.ServiceAccountController,
	names.ServiceAccountTokenController,
	names.StatefulSetController,
	names.TTLAfterFinishedController,
	names.ValidatingAdmissionPolicyStatusController,
}

// ControllerManager runs kube-controller-manager until it fails or `ctx` ends.
func ControllerManager(ctx context.Context, set *credentials.Set) error {
	// A Job looks at its Pods once in this time; they end at once here, and hooks of charts wait for them.
	job.SyncJobBatchPeriod, job.DefaultJobApiBackOff = 20*time.Millisecond, 100*time.Millisecond
	settings, err := options.NewKubeControllerManagerOptions()
	if err != nil {
		return err
	}
	known, disabled, aliases := app.KnownControllers(), app.ControllersDisabledByDefault(), app.ControllerAliases()
	flags := settings.Flags(known, disabled, aliases)
	if err := parse(flags, managerArguments(set)); err != nil {
		return err
	}
	settings.ParsedFlags = &flags
	configuration, err := settings.Config(ctx, known, disabled, aliases)
	if err != nil {
		return err
	}
	configuration.Kubeconfig.Wrap(boundPods(podLimit))
	configuration.Kubeconfig.Wrap(withoutNormalEvents)
	return app.Run(ctx, configuration.Complete())
}

func managerArguments(set *credentials.Set) []string {
	return []string{
		"--kubeconfig=" + set.Kubeconfig,
		"--controllers=" + strings.Join(controllers, ","),
		"--leader-elect=false",
		"--secure-port=0",
		"--profiling=false",
		"--service-account-private-key-file=" + set.ServiceAccountKey,
		"--root-ca-file=" + set.Authority,
		"--kube-api-qps=2000",
		"--kube-api-burst=4000",
		"--concurrent-resource-quota-syncs=10",
	}
}
