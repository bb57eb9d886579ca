package chart

import (
	"slices"
	"strings"

	"helm.sh/helm/v4/pkg/chart/common"
	helmutil "helm.sh/helm/v4/pkg/chart/v2/util"

	"elysium.dev/engine/internal/rpc"
	"elysium.dev/engine/internal/schema"
)

// helmVersion is what .Capabilities.HelmVersion says in helm-controller 1.6.
const helmVersion = "v4.2"

// builtIn remembers the API versions of the minors that were asked for.
var builtIn = func() func(string) []string {
	known := map[string][]string{}
	return func(minor string) []string {
		if known[minor] == nil {
			known[minor] = schema.APIVersions(minor)
		}
		return known[minor]
	}
}()

// capabilities describe the declared cluster: the API versions of the Kubernetes minor, and those that the caller adds.
func capabilities(version string, apis []string) (*common.Capabilities, error) {
	parsed, err := common.ParseKubeVersion(version)
	if err != nil {
		return nil, rpc.InvalidParams("kubernetes version %q: %v", version, err)
	}
	versions := slices.Clip(builtIn(parsed.Major + "." + parsed.Minor))
	for _, api := range apis {
		if !slices.Contains(versions, api) {
			versions = append(versions, api)
		}
	}
	result := common.DefaultCapabilities.Copy()
	result.KubeVersion, result.APIVersions = *parsed, versions
	result.HelmVersion.Version = helmVersion
	return result, nil
}

// minor is the part of a Kubernetes version that decides about its API.
func minor(version string) string {
	parts := strings.SplitN(strings.TrimPrefix(version, "v"), ".", 3)
	return strings.Join(parts[:min(2, len(parts))], ".")
}

// checkKubeVersion refuses a chart that is made for other clusters.
func checkKubeVersion(constraint string, declared *common.Capabilities) error {
	if constraint == "" || helmutil.IsCompatibleRange(constraint, declared.KubeVersion.String()) {
		return nil
	}
	return rpc.Failed("chart", "chart requires kubeVersion: %s which is incompatible with Kubernetes %s", constraint, declared.KubeVersion.Version).
		At("Chart.yaml", 0)
}
