// Command oracle answers, one JSON request a line, what helm-controller makes of a HelmRelease.
package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"strings"

	"github.com/fluxcd/pkg/chartutil"
	ssautil "github.com/fluxcd/pkg/ssa/utils"
	sourcev1 "github.com/fluxcd/source-controller/api/v1"
	"github.com/go-logr/logr"
	"helm.sh/helm/v4/pkg/chart/common"
	"helm.sh/helm/v4/pkg/chart/v2/loader"
	helmrelease "helm.sh/helm/v4/pkg/release/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	clientgoscheme "k8s.io/client-go/kubernetes/scheme"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/client/fake"

	v2 "github.com/fluxcd/helm-controller/api/v2"
	"github.com/fluxcd/helm-controller/internal/action"
	"github.com/fluxcd/helm-controller/internal/controller"
)

// request is one question. Method "values" composes the values only, "ready" asks for the dependencies and
// "release" renders the chart at Chart (a directory or an archive).
type request struct {
	Method     string                  `json:"method"`
	Release    *v2.HelmRelease         `json:"release"`
	Cluster    []map[string]any        `json:"cluster"`
	Chart      string                  `json:"chart"`
	Source     *sourcev1.OCIRepository `json:"source"`
	Upgrade    bool                    `json:"upgrade"`
	Kubernetes string                  `json:"kubernetes"`
	APIs       []string                `json:"apis"`
	Gates      map[string]bool         `json:"gates"`
}

type answer struct {
	Name      string           `json:"name,omitempty"`
	Namespace string           `json:"namespace,omitempty"`
	CRDs      []map[string]any `json:"crds,omitempty"`
	Objects   []map[string]any `json:"objects,omitempty"`
	Hooks     []hook           `json:"hooks,omitempty"`
	Values    map[string]any   `json:"values,omitempty"`
	Error     string           `json:"error,omitempty"`
}

type hook struct {
	Events []string       `json:"events"`
	Object map[string]any `json:"object"`
}

func main() {
	lines := bufio.NewReaderSize(os.Stdin, 1<<20)
	out := json.NewEncoder(os.Stdout)
	for {
		line, err := lines.ReadBytes('\n')
		if err != nil {
			return
		}
		var ask request
		if err := json.Unmarshal(line, &ask); err != nil {
			fmt.Fprintln(os.Stderr, "malformed request:", err)
			os.Exit(2)
		}
		_ = out.Encode(respond(ask))
	}
}

func respond(ask request) (result answer) {
	defer func() {
		if crash := recover(); crash != nil {
			result = answer{Error: fmt.Sprint("panic: ", crash)}
		}
	}()
	ctx := context.Background()
	cluster, err := clusterOf(ask.Cluster)
	if err != nil {
		return answer{Error: err.Error()}
	}
	if ask.Method == "ready" {
		if err := controller.Ready(ctx, cluster, ask.Release, ask.Gates["AdditiveCELDependencyCheck"]); err != nil {
			return answer{Error: err.Error()}
		}
		return answer{}
	}
	values, err := chartutil.ChartValuesFromReferences(ctx, logr.Discard(), cluster, ask.Release.Namespace,
		ask.Release.GetValues(), ask.Release.Spec.ValuesFrom...)
	if err == nil && ask.Method != "values" {
		result, err = release(ctx, ask, values)
	}
	if err != nil {
		return answer{Error: strings.ReplaceAll(err.Error(), ask.Chart, "")}
	}
	result.Values = values
	return result
}

func release(ctx context.Context, ask request, values common.Values) (answer, error) {
	chart, err := loader.Load(ask.Chart)
	if err != nil {
		return answer{}, err
	}
	if ask.Source != nil {
		if err := controller.TrackDigest(chart, ask.Source, ask.Gates["DisableChartDigestTracking"]); err != nil {
			return answer{}, err
		}
	}
	version, err := common.ParseKubeVersion(ask.Kubernetes)
	if err != nil {
		return answer{}, err
	}
	capabilities := common.DefaultCapabilities.Copy()
	capabilities.KubeVersion = *version
	capabilities.APIVersions = append(capabilities.APIVersions, ask.APIs...)
	action.UseHelm3Defaults = ask.Gates["UseHelm3Defaults"]
	rendered, err := action.Render(ctx, ask.Release, chart, values, capabilities, ask.Upgrade)
	if err != nil {
		return answer{}, err
	}
	result := answer{Name: rendered.Release.Name, Namespace: rendered.Release.Namespace}
	if result.Objects, err = parse(rendered.Release.Manifest); err != nil {
		return answer{}, err
	}
	for _, crd := range rendered.CRDs {
		result.CRDs = append(result.CRDs, crd.Object)
	}
	for _, found := range rendered.Release.Hooks {
		objects, err := parse(found.Manifest)
		if err != nil {
			return answer{}, err
		}
		for _, object := range objects {
			result.Hooks = append(result.Hooks, hook{Events: eventsOf(found), Object: object})
		}
	}
	return result, nil
}

func parse(manifest string) ([]map[string]any, error) {
	objects, err := ssautil.ReadObjects(strings.NewReader(manifest))
	var result []map[string]any
	for _, object := range objects {
		result = append(result, object.Object)
	}
	return result, err
}

func eventsOf(found *helmrelease.Hook) []string {
	var events []string
	for _, event := range found.Events {
		events = append(events, string(event))
	}
	return events
}

func clusterOf(contents []map[string]any) (client.Client, error) {
	scheme := runtime.NewScheme()
	if err := clientgoscheme.AddToScheme(scheme); err != nil {
		return nil, err
	}
	if err := v2.AddToScheme(scheme); err != nil {
		return nil, err
	}
	var objects []client.Object
	for _, content := range contents {
		objects = append(objects, &unstructured.Unstructured{Object: content})
	}
	return fake.NewClientBuilder().WithScheme(scheme).WithObjects(objects...).Build(), nil
}
