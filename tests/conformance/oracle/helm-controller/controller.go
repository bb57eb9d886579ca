package controller

import (
	"context"

	helmchart "helm.sh/helm/v4/pkg/chart/v2"
	"sigs.k8s.io/controller-runtime/pkg/client"

	sourcev1 "github.com/fluxcd/source-controller/api/v1"

	v2 "github.com/fluxcd/helm-controller/api/v2"
)

// TrackDigest puts the digest of the source's revision into the chart's version, as the controller does.
func TrackDigest(chart *helmchart.Chart, source sourcev1.Source, disabled bool) error {
	_, err := (&HelmReleaseReconciler{DisableChartDigestTracking: disabled}).mutateChartWithSourceRevision(chart, source)
	return err
}

// Ready answers whether the controller regards every dependency of the release as ready.
func Ready(ctx context.Context, reader client.Client, obj *v2.HelmRelease, additive bool) error {
	reconciler := &HelmReleaseReconciler{Client: reader, APIReader: reader, AdditiveCELDependencyCheck: additive}
	return reconciler.checkDependencies(ctx, obj)
}
