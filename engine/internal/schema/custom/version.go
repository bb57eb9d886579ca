package custom

import (
	"context"
	"fmt"

	"elysium.dev/engine/internal/schema"
	"k8s.io/apiextensions-apiserver/pkg/apis/apiextensions"
	apiextensionsv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	structural "k8s.io/apiextensions-apiserver/pkg/apiserver/schema"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/schema/cel"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/schema/defaulting"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/schema/listtype"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/schema/objectmeta"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/schema/pruning"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/validation"
	"k8s.io/apimachinery/pkg/runtime"
	celconfig "k8s.io/apiserver/pkg/apis/cel"
)

// version is one version of a custom kind, ready to check objects.
type version struct {
	structure  *structural.Structural
	validator  validation.SchemaValidator
	rules      *cel.Validator
	dropStatus bool
	keepFields bool
	// variables is true where "${…}" stands for what something else fills in later.
	variables bool
	shapes    shapes
	// failure is set where the definition itself is of no use.
	failure *schema.Problem
}

// compile prepares a version as the API server does when the definition is established.
func (d *definition) compile(declared *apiextensionsv1.CustomResourceDefinitionVersion) *version {
	spec := d.spec
	made := &version{keepFields: spec.PreserveUnknownFields, variables: isFlux(spec.Group) || d.by != ""}
	made.dropStatus = declared.Subresources != nil && declared.Subresources.Status != nil
	if declared.Schema == nil || declared.Schema.OpenAPIV3Schema == nil {
		made.keepFields = true
		return made
	}
	var internal apiextensions.JSONSchemaProps
	err := apiextensionsv1.Convert_v1_JSONSchemaProps_To_apiextensions_JSONSchemaProps(declared.Schema.OpenAPIV3Schema, &internal, nil)
	if err == nil {
		made.structure, err = structural.NewStructural(&internal)
	}
	if err == nil {
		made.validator, _, err = validation.NewSchemaValidator(&internal)
	}
	if err != nil {
		made.failure = &schema.Problem{Code: "unknown-kind", Path: "apiVersion", Message: fmt.Sprintf(
			"the definition of %s/%s %s has no valid schema: %v", spec.Group, declared.Name, spec.Names.Kind, err)}
		return made
	}
	made.rules = cel.NewValidator(made.structure, true, celconfig.PerCallLimit)
	return made
}

// validate goes the API server's way with a new object: unknown fields are dropped, defaults filled in, and the result is checked.
func (v *version) validate(ctx context.Context, original map[string]any) []schema.Problem {
	if v.structure == nil {
		return nil
	}
	shape := shapeOf(original, v.structure)
	if shape != "" && v.shapes.isSound(shape) {
		return nil
	}
	findings := &findings{object: original, variables: v.variables}
	v.judge(ctx, findings)
	if shape != "" && len(findings.problems) == 0 && !findings.spared {
		v.shapes.add(shape)
	}
	return findings.problems
}

func (v *version) judge(ctx context.Context, findings *findings) {
	object := runtime.DeepCopyJSON(findings.object)
	if !v.keepFields {
		options := structural.UnknownFieldPathOptions{TrackUnknownFieldPaths: true}
		findings.unknown(pruning.PruneWithOptions(object, v.structure, true, options), v.structure)
		defaulting.PruneNonNullableNullsWithoutDefaults(object, v.structure)
	}
	defaulting.Default(object, v.structure)
	if v.dropStatus {
		delete(object, "status")
	}
	blocked := findings.structure(v.validator.Validate(object))
	findings.errors("format", objectmeta.Validate(ctx, nil, object, v.structure, false))
	findings.errors("duplicate-item", listtype.ValidateListSetsAndMaps(nil, v.structure, object))
	if v.rules != nil && !blocked {
		broken, _ := v.rules.Validate(ctx, nil, v.structure, object, nil, celconfig.RuntimeCELCostBudget)
		findings.errors("cel", broken)
	}
}
