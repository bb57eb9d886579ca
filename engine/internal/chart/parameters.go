package chart

import (
	"encoding/json"
	"time"

	"elysium.dev/engine/internal/postrender"
	"elysium.dev/engine/internal/rpc"
	"elysium.dev/engine/internal/values"
)

// renderParams are the parameters of chart.render.
type renderParams struct {
	Chart        Source   `json:"chart"`
	Dependencies []Supply `json:"dependencies"`
	Metadata     string   `json:"metadata"`
	Revision     string   `json:"revision"`
	Untracked    bool     `json:"untracked"`

	ValuesFiles              []string       `json:"values_files"`
	ValuesFilesTree          *Source        `json:"values_files_tree"`
	IgnoreMissingValuesFiles bool           `json:"ignore_missing_values_files"`
	ValuesFrom               []valuesFrom   `json:"values_from"`
	Values                   map[string]any `json:"values"`

	Release    releaseParams     `json:"release"`
	Kubernetes string            `json:"kubernetes"`
	APIs       []string          `json:"apis"`
	Scopes     map[string]string `json:"scopes"`

	DisableSchemaValidation bool   `json:"disable_schema_validation"`
	DisableHooks            bool   `json:"disable_hooks"`
	EnableTests             bool   `json:"enable_tests"`
	CRDs                    string `json:"crds"`

	PostRenderers      lenient[[]postrender.PostRenderer] `json:"post_renderers"`
	PostRenderStrategy string                             `json:"post_render_strategy"`
	CommonMetadata     lenient[*postrender.Metadata]      `json:"common_metadata"`
	Origin             *postrender.Origin                 `json:"origin"`

	Seed     string `json:"seed"`
	Time     string `json:"time"`
	Validate bool   `json:"validate"`
	Explain  bool   `json:"explain"`
}

// lenient is a part of the HelmRelease itself: fields that the API does not know are dropped there too.
type lenient[T any] struct {
	value T
}

// UnmarshalJSON is part of encoding/json's interface.
func (l *lenient[T]) UnmarshalJSON(text []byte) error { return json.Unmarshal(text, &l.value) }

type valuesFrom struct {
	Text       string  `json:"text"`
	TargetPath *string `json:"target_path"`
	Literal    bool    `json:"literal"`
}

type releaseParams struct {
	Name      string `json:"name"`
	Namespace string `json:"namespace"`
	Upgrade   bool   `json:"upgrade"`
	Revision  int    `json:"revision"`
}

// Policies for the crds/ directory of a chart.
const (
	crdsSkip          = "Skip"
	crdsCreate        = "Create"
	crdsCreateReplace = "CreateReplace"
)

// complete fills in defaults and refuses what has no meaning. helm-controller's default policy is Create, whatever its documents say.
func (p *renderParams) complete() error {
	switch p.CRDs {
	case "":
		p.CRDs = crdsCreate
	case crdsSkip, crdsCreate, crdsCreateReplace:
	default:
		return rpc.InvalidParams("crds policy %q is not known", p.CRDs)
	}
	if p.Release.Revision == 0 {
		p.Release.Revision = 1
	}
	if p.Values == nil {
		p.Values = map[string]any{}
	}
	return nil
}

// moment is the pinned time: the start of the epoch where none is given.
func (p *renderParams) moment() (time.Time, error) {
	if p.Time == "" {
		return time.Unix(0, 0), nil
	}
	parsed, err := time.Parse(time.RFC3339, p.Time)
	if err != nil {
		return parsed, rpc.InvalidParams("time %q is not RFC 3339", p.Time)
	}
	return parsed, nil
}

func (p *renderParams) references() []values.Reference {
	references := make([]values.Reference, 0, len(p.ValuesFrom))
	for _, from := range p.ValuesFrom {
		reference := values.Reference{Text: from.Text, Literal: from.Literal}
		if from.TargetPath != nil {
			reference.TargetPath = *from.TargetPath
		}
		references = append(references, reference)
	}
	return references
}
