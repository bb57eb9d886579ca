package chart

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/santhosh-tekuri/jsonschema/v6/kind"
	helm "helm.sh/helm/v4/pkg/chart/v2"
)

// schemaURL is the name that Helm gives the schema of a chart.
const schemaURL = "file:///values.schema.json"

// schemaCheck is a compiled values.schema.json. A schema that refers to another place cannot be compiled here: Helm would fetch
// that, the engine opens nothing.
type schemaCheck struct {
	schema   *jsonschema.Schema
	external string
	err      error
}

// schemaResult collects what the schemas of a chart and its subcharts say.
type schemaResult struct {
	checks   map[*byte]*schemaCheck
	failures strings.Builder
	warnings []Warning
}

// validate checks values as Helm does, whose walk over the subcharts and whose messages these are.
func (r *schemaResult) validate(checked *helm.Chart, values map[string]any) {
	if checked.Schema != nil {
		if err := r.check(checked, values); err != nil {
			fmt.Fprintf(&r.failures, "%s:\n%s", checked.Name(), err)
		}
	}
	for _, child := range checked.Dependencies() {
		raw := values[child.Name()]
		if raw == nil {
			continue
		}
		table, isTable := raw.(map[string]any)
		if !isTable {
			fmt.Fprintf(&r.failures, "%s:\ninvalid type for values: expected object (map), got %T\n", child.Name(), raw)
			continue
		}
		r.validate(child, table)
	}
}

func (r *schemaResult) check(checked *helm.Chart, values map[string]any) error {
	compiled := r.compiled(checked.Schema)
	switch {
	case compiled.external != "":
		r.warnings = append(r.warnings, Warning{Code: "schema-unchecked", File: "values.schema.json",
			Message: fmt.Sprintf("the values of chart %s were not checked: its schema refers to %s", checked.Name(), compiled.external)})
		return nil
	case compiled.err != nil:
		return compiled.err
	}
	if err := compiled.schema.Validate(values); err != nil {
		var invalid *jsonschema.ValidationError
		if errors.As(err, &invalid) {
			sortCauses(invalid)
		}
		message := strings.TrimPrefix(err.Error(), "jsonschema validation failed with '"+schemaURL+"#'\n")
		return errors.New(message + "\n")
	}
	return nil
}

// sortCauses puts what was found in the order of the values: the library goes through maps.
func sortCauses(invalid *jsonschema.ValidationError) {
	if unknown, isUnknown := invalid.ErrorKind.(*kind.AdditionalProperties); isUnknown {
		slices.Sort(unknown.Properties)
	}
	for _, cause := range invalid.Causes {
		sortCauses(cause)
	}
	slices.SortStableFunc(invalid.Causes, func(a, b *jsonschema.ValidationError) int {
		return slices.Compare(a.InstanceLocation, b.InstanceLocation)
	})
}

// compiled remembers the schemas of a loaded chart by their bytes, which all clones share.
func (r *schemaResult) compiled(text []byte) *schemaCheck {
	if len(text) == 0 {
		return compileSchema(text)
	}
	known := r.checks[&text[0]]
	if known == nil {
		known = compileSchema(text)
		r.checks[&text[0]] = known
	}
	return known
}

func compileSchema(text []byte) (result *schemaCheck) {
	result = &schemaCheck{}
	defer func() {
		if reason := recover(); reason != nil {
			result.err = fmt.Errorf("unable to validate schema: %s", reason)
		}
	}()
	document, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		result.err = err
		return result
	}
	compiler := jsonschema.NewCompiler()
	compiler.UseLoader(&refusal{result: result})
	if result.err = compiler.AddResource(schemaURL, document); result.err == nil {
		result.schema, result.err = compiler.Compile(schemaURL)
	}
	return result
}

// refusal loads nothing and remembers what was asked for.
type refusal struct {
	result *schemaCheck
}

// Load is part of jsonschema's interface. An unknown URN allows everything, as in Helm.
func (r *refusal) Load(url string) (any, error) {
	if strings.HasPrefix(url, "urn:") {
		return true, nil
	}
	r.result.external = url
	return nil, fmt.Errorf("%s is not loaded", url)
}
