package custom

import (
	"encoding/json"

	"elysium.dev/engine/internal/schema"
	"k8s.io/apiextensions-apiserver/pkg/apis/apiextensions"
	apiextensionsv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	structural "k8s.io/apiextensions-apiserver/pkg/apiserver/schema"
	"k8s.io/apimachinery/pkg/util/validation/field"
)

// validateDefinition checks the schemas that a CustomResourceDefinition declares: the API server refuses those that are not
// structural. What does not decode is reported by the check of built-in kinds.
func validateDefinition(object map[string]any) []schema.Problem {
	text, err := json.Marshal(object)
	if err != nil {
		return nil
	}
	parsed, err := cached(text)
	if err != nil {
		return nil
	}
	findings := &findings{object: object}
	versions := field.NewPath("spec", "versions")
	for index, version := range parsed.spec.Versions {
		at := versions.Index(index).Child("schema", "openAPIV3Schema")
		if version.Schema == nil || version.Schema.OpenAPIV3Schema == nil {
			findings.add("required", at.String(), "a version needs a schema")
			continue
		}
		findings.schema(version.Schema.OpenAPIV3Schema, at)
	}
	return findings.problems
}

func (f *findings) schema(declared *apiextensionsv1.JSONSchemaProps, at *field.Path) {
	var internal apiextensions.JSONSchemaProps
	err := apiextensionsv1.Convert_v1_JSONSchemaProps_To_apiextensions_JSONSchemaProps(declared, &internal, nil)
	if err != nil {
		f.add("format", at.String(), err.Error())
		return
	}
	structure, err := structural.NewStructural(&internal)
	if err != nil {
		f.add("format", at.String(), "not a structural schema: "+err.Error())
		return
	}
	f.errors("format", structural.ValidateStructural(at, structure))
}
