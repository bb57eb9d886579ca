package chart

import (
	"path"
	"strings"

	"helm.sh/helm/v4/pkg/chart/common"
	"helm.sh/helm/v4/pkg/chart/common/util"
	helm "helm.sh/helm/v4/pkg/chart/v2"
	helmutil "helm.sh/helm/v4/pkg/chart/v2/util"
	"helm.sh/helm/v4/pkg/engine"

	"elysium.dev/engine/internal/pinned"
	"elysium.dev/engine/internal/postrender"
	"elysium.dev/engine/internal/rpc"
	"elysium.dev/engine/internal/values"
)

// render is one request on its way through the steps of source-controller and helm-controller.
type render struct {
	library *library
	asked   renderParams

	loaded       *loaded
	chart        *helm.Chart
	defaults     valuesFiles
	composed     map[string]any
	capabilities *common.Capabilities
	top          common.Values
	files        map[string]string
	documents    documents
	pin          *pinned.Pin
	result       renderResult
}

// run takes the steps in the controllers' order: which error is reported first depends on it.
func (r *render) run() (*renderResult, error) {
	steps := []func() error{
		r.pack, r.compose, r.processDependencies, r.prepareValues, r.execute, r.takeNotes, r.postRender, r.readObjects, r.describe,
	}
	var err error
	logged := captureLog(func() {
		for _, step := range steps {
			if err = step(); err != nil {
				return
			}
		}
	})
	r.result.Warnings = append(logged, r.result.Warnings...)
	if err != nil {
		return nil, err
	}
	return &r.result, nil
}

// pack makes the chart that source-controller would hand to helm-controller.
func (r *render) pack() (err error) {
	source := r.asked.Chart
	source.artifact = r.asked.Revision != "" && source.Archive == ""
	if r.loaded, err = r.library.load(source); err != nil {
		return err
	}
	r.chart = clone(r.loaded.chart)
	r.defaults = valuesFiles{names: r.asked.ValuesFiles, ignoreMissing: r.asked.IgnoreMissingValuesFiles}
	if in := r.asked.ValuesFilesTree; in != nil {
		if r.defaults.tree, err = r.library.trees.Get(in.Tree); err != nil {
			return err
		}
		r.defaults.base = in.Path
	}
	if err := setMetadata(r.chart, r.asked.Metadata); err != nil {
		return err
	}
	if err := track(r.chart, r.asked.Revision, r.asked.Untracked); err != nil {
		return err
	}
	if err := r.defaults.apply(r.chart); err != nil {
		return err
	}
	if r.loaded.packaged {
		return nil // source-controller looks for the dependencies of directories only
	}
	return (&completion{library: r.library, source: r.asked.Chart, supplied: r.asked.Dependencies}).run(r.chart)
}

func (r *render) compose() (err error) {
	inline := r.asked.Values
	if r.asked.Explain {
		inline = cloneMap(inline) // composing writes into it
	}
	if r.composed, err = values.Compose(r.asked.references(), inline); err != nil {
		return rpc.Failed("values", "%v", err)
	}
	r.result.Values = cloneMap(r.composed)
	return nil
}

// processDependencies drops disabled subcharts and imports values. helm-controller does it once more, and before, where it applies CRDs.
func (r *render) processDependencies() error {
	if err := helmutil.ValidateReleaseName(r.asked.Release.Name); err != nil {
		return rpc.Failed("chart", "release name %q: %v", r.asked.Release.Name, err)
	}
	passes := 1
	if r.asked.CRDs != crdsSkip && len(r.chart.CRDObjects()) > 0 {
		passes = 2
	}
	for range passes {
		if err := helmutil.ProcessDependencies(r.chart, r.composed); err != nil {
			return rpc.Failed("chart", "chart dependencies processing failed: %v", err)
		}
	}
	return nil
}

func (r *render) prepareValues() (err error) {
	if r.capabilities, err = capabilities(r.asked.Kubernetes, r.asked.APIs); err != nil {
		return err
	}
	release := common.ReleaseOptions{
		Name: r.asked.Release.Name, Namespace: r.asked.Release.Namespace, Revision: r.asked.Release.Revision,
		IsInstall: !r.asked.Release.Upgrade, IsUpgrade: r.asked.Release.Upgrade,
	}
	if r.top, err = util.ToRenderValuesWithSchemaValidation(r.chart, r.composed, release, r.capabilities, true); err != nil {
		return rpc.Failed("values", "%v", err)
	}
	if !r.asked.DisableSchemaValidation {
		if err := r.checkSchemas(); err != nil {
			return err
		}
	}
	return checkKubeVersion(r.chart.Metadata.KubeVersion, r.capabilities)
}

func (r *render) checkSchemas() error {
	checked := &schemaResult{checks: r.loaded.schemas}
	checked.validate(r.chart, r.finalValues())
	r.result.Warnings = append(r.result.Warnings, checked.warnings...)
	if checked.failures.Len() > 0 {
		return rpc.Failed("schema", "values don't meet the specifications of the schema(s) in the following chart(s):\n%s", checked.failures.String())
	}
	return nil
}

// finalValues are the values of the root chart as its templates see them.
func (r *render) finalValues() map[string]any {
	switch typed := r.top["Values"].(type) {
	case common.Values:
		return typed
	case map[string]any:
		return typed
	}
	return nil
}

// execute runs Helm's engine. Only functions whose answer depends on the cluster, the clock or chance are replaced.
func (r *render) execute() error {
	moment, err := r.asked.moment()
	if err != nil {
		return err
	}
	r.pin = pinned.New(r.asked.Seed, moment)
	functions := r.pin.Functions()
	functions["lookup"] = func(string, string, string, string) (map[string]any, error) {
		r.result.Uses.Lookup = true
		return map[string]any{}, nil
	}
	if r.files, err = (engine.Engine{CustomTemplateFuncs: functions}).Render(r.chart, r.top); err != nil {
		return templateFailure(r.chart.Name(), err)
	}
	r.result.Uses.Random, r.result.Uses.Time = r.pin.Uses.Random, r.pin.Uses.Time
	return nil
}

const notesFile = "NOTES.txt"

func (r *render) takeNotes() error {
	r.result.Notes = r.files[path.Join(r.chart.Name(), "templates", notesFile)]
	for name := range r.files {
		if strings.HasSuffix(name, notesFile) {
			delete(r.files, name)
		}
	}
	return nil
}

func (r *render) postRender() error {
	spec := postrender.Spec{
		PostRenderers: r.asked.PostRenderers.value, CommonMetadata: r.asked.CommonMetadata.value, Origin: r.asked.Origin}
	renderer := postrender.Build(spec)
	if renderer == nil {
		r.documents = plainDocuments(r.files, "\n")
		return nil
	}
	if r.asked.PostRenderStrategy == "" || r.asked.PostRenderStrategy == postrender.Combined {
		if objects, ordinary := postrender.Labelled(r.files, spec); ordinary {
			r.documents = parsedDocuments(objects)
			return nil
		}
	}
	rendered, err := postrender.Run(r.files, r.asked.PostRenderStrategy, renderer)
	if err != nil {
		return documentFailure("post-render", r.chart.Name(), err)
	}
	r.documents = plainDocuments(rendered, "")
	return nil
}

// describe fills in what is known about the chart once it is rendered.
func (r *render) describe() error {
	metadata := r.chart.Metadata
	r.result.Chart = chartSummary{
		Name: metadata.Name, Version: metadata.Version, AppVersion: metadata.AppVersion,
		KubeVersion: metadata.KubeVersion, Deprecated: metadata.Deprecated,
	}
	r.analyse()
	if !r.asked.Explain {
		return nil
	}
	origins, err := values.Origins(r.asked.references(), r.asked.Values, r.defaults.tagged, r.finalValues())
	r.result.ValueOrigins = origins
	return err
}
