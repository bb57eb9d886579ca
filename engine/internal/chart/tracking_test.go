package chart

import (
	"strings"
	"testing"

	helm "helm.sh/helm/v4/pkg/chart/v2"
)

func TestTrack(t *testing.T) {
	const digest = "sha256:a1b2c3d4e5f60718293a4b5c6d7e8f90a1b2c3d4e5f60718293a4b5c6d7e8f90"
	cases := map[string]struct {
		version, revision string
		onlyCheck         bool
		want, fails       string
	}{
		"no revision":          {"1.2.3", "", false, "1.2.3", ""},
		"the same version":     {"1.2.3", "1.2.3@" + digest, false, "1.2.3+a1b2c3d4e5f6", ""},
		"a short version":      {"1.0.0", "1.0@" + digest, false, "1.0.0+a1b2c3d4e5f6", ""},
		"another version":      {"1.2.3", "1.2@" + digest, false, "", "artifact revision 1.2 does not match chart version 1.2.3"},
		"no version":           {"1.2.3", "latest@" + digest, false, "1.2.3+a1b2c3d4e5f6", ""},
		"a digest alone":       {"1.2.3", digest, false, "1.2.3+a1b2c3d4e5f6", ""},
		"a plus in the tag":    {"1.2.3+x", "1.2.3_x@" + digest, false, "1.2.3+a1b2c3d4e5f6", ""},
		"not tracked":          {"1.2.3", "1.2.3@" + digest, true, "1.2.3", ""},
		"checked all the same": {"1.2.3", "1.2.4@" + digest, true, "", "does not match"},
		"a short digest":       {"1.2.3", "latest@sha256:a1", false, "", "invalid artifact revision"},
		"a chart without one":  {"one", "latest@" + digest, false, "", "invalid chart version one"},
	}
	for name, test := range cases {
		t.Run(name, func(t *testing.T) {
			chart := &helm.Chart{Metadata: &helm.Metadata{Version: test.version}}
			err := track(chart, test.revision, test.onlyCheck)
			if test.fails != "" {
				if err == nil || !strings.Contains(err.Error(), test.fails) {
					t.Fatalf("found %v, want %s", err, test.fails)
				}
				return
			}
			if err != nil || chart.Metadata.Version != test.want {
				t.Fatalf("found %s (%v), want %s", chart.Metadata.Version, err, test.want)
			}
		})
	}
}
