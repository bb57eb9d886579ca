package chart

import (
	"strings"

	"github.com/Masterminds/semver/v3"
	helm "helm.sh/helm/v4/pkg/chart/v2"

	"elysium.dev/engine/internal/rpc"
)

// digestLength is how much of a digest becomes build metadata.
const digestLength = 12

// track checks the chart against the revision of the artifact that it came in (`TAG@ALGORITHM:DIGEST` or
// `ALGORITHM:DIGEST`) and marks its version with the digest, as helm-controller does for a chartRef. A tag that reads as
// a version must be the chart's. With onlyCheck the version stays as it is (gate DisableChartDigestTracking).
func track(to *helm.Chart, revision string, onlyCheck bool) error {
	if revision == "" {
		return nil
	}
	version, err := semver.NewVersion(to.Metadata.Version)
	if err != nil {
		return rpc.Failed("chart", "invalid chart version %s", to.Metadata.Version).At("Chart.yaml", 0)
	}
	tag, _, tagged := strings.Cut(revision, "@")
	named, notVersion := semver.NewVersion(strings.ReplaceAll(tag, "_", "+"))
	if tagged && notVersion == nil && !named.Equal(version) {
		return rpc.Failed("chart", "artifact revision %s does not match chart version %s", tag, to.Metadata.Version)
	}
	_, digest, found := strings.Cut(revision, ":")
	if !found || len(digest) < digestLength {
		return rpc.Failed("chart", "invalid artifact revision %s", revision)
	}
	if onlyCheck {
		return nil
	}
	return setMetadata(to, digest[:digestLength])
}
