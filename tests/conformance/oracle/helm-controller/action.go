package action

import (
	"bytes"
	"context"
	"fmt"
	"io"

	helmaction "helm.sh/helm/v4/pkg/action"
	"helm.sh/helm/v4/pkg/chart/common"
	helmchart "helm.sh/helm/v4/pkg/chart/v2"
	chartutil "helm.sh/helm/v4/pkg/chart/v2/util"
	kubefake "helm.sh/helm/v4/pkg/kube/fake"
	releasecommon "helm.sh/helm/v4/pkg/release/common"
	helmrelease "helm.sh/helm/v4/pkg/release/v1"
	"helm.sh/helm/v4/pkg/storage"
	"helm.sh/helm/v4/pkg/storage/driver"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/cli-runtime/pkg/resource"

	ssautil "github.com/fluxcd/pkg/ssa/utils"

	v2 "github.com/fluxcd/helm-controller/api/v2"
	"github.com/fluxcd/helm-controller/internal/release"
)

// Rendered is what Helm made of a HelmRelease under this controller's options, with nothing sent to a cluster.
type Rendered struct {
	Release *helmrelease.Release
	CRDs    []*unstructured.Unstructured
}

// Render runs the controller's own Helm action as a client-side dry run: an upgrade of an existing release, or an
// install.
func Render(ctx context.Context, obj *v2.HelmRelease, chart *helmchart.Chart, values common.Values, capabilities *common.Capabilities, upgrade bool) (*Rendered, error) {
	config := helmaction.NewConfiguration()
	config.Capabilities = capabilities
	config.KubeClient = &kubefake.PrintingKubeClient{Out: io.Discard}
	memory := driver.NewMemory()
	memory.SetNamespace(obj.GetReleaseNamespace())
	config.Releases = storage.Init(memory)
	crds, err := customResources(obj, chart, values, upgrade)
	if err != nil {
		return nil, err
	}
	rendered, err := run(ctx, config, obj, chart, values, upgrade)
	if err != nil {
		return nil, err
	}
	typed, ok := rendered.(*helmrelease.Release)
	if !ok {
		return nil, fmt.Errorf("not a release of chart API v2")
	}
	return &Rendered{Release: typed, CRDs: crds}, nil
}

func run(ctx context.Context, config *helmaction.Configuration, obj *v2.HelmRelease, chart *helmchart.Chart, values common.Values, upgrade bool) (any, error) {
	if !upgrade {
		install := newInstall(config, obj, []InstallOption{func(install *helmaction.Install) {
			install.DryRunStrategy = helmaction.DryRunClient
			install.ServerSideApply = false
			install.KubeVersion = &config.Capabilities.KubeVersion
			install.APIVersions = config.Capabilities.APIVersions
		}})
		return install.RunWithContext(ctx, chart, values.AsMap())
	}
	name := release.ShortenName(obj.GetReleaseName())
	previous := helmrelease.Mock(&helmrelease.MockReleaseOptions{
		Name: name, Namespace: obj.GetReleaseNamespace(), Version: 1, Status: releasecommon.StatusDeployed,
	})
	if err := config.Releases.Create(previous); err != nil {
		return nil, err
	}
	action := newUpgrade(config, obj, []UpgradeOption{func(action *helmaction.Upgrade) {
		action.DryRunStrategy = helmaction.DryRunClient
		action.ServerSideApply = "false"
	}})
	return action.RunWithContext(ctx, name, chart, values.AsMap())
}

// customResources are the definitions of crds/ that the controller applies beside the release, with its own origin
// visitor, for a cluster that has none of them.
func customResources(obj *v2.HelmRelease, chart *helmchart.Chart, values common.Values, upgrade bool) ([]*unstructured.Unstructured, error) {
	asked := obj.GetInstall().CRDs
	if upgrade {
		asked = obj.GetUpgrade().CRDs
	}
	policy, err := crdPolicyOrDefault(asked)
	if err != nil || policy == v2.Skip {
		return nil, err
	}
	if err := chartutil.ProcessDependencies(chart, values); err != nil {
		return nil, err
	}
	var result []*unstructured.Unstructured
	visit := setOriginVisitor(v2.GroupVersion.Group, obj.Namespace, obj.Name)
	for _, crd := range chart.CRDObjects() {
		objects, err := ssautil.ReadObjects(bytes.NewReader(crd.File.Data))
		if err != nil {
			return nil, err
		}
		for _, object := range objects {
			if object.GetKind() != "CustomResourceDefinition" {
				continue
			}
			if err := visit(&resource.Info{Object: object}, nil); err != nil {
				return nil, err
			}
			result = append(result, object)
		}
	}
	return result, nil
}
