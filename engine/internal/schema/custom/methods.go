package custom

import (
	"context"
	"encoding/json"
	"strings"

	"elysium.dev/engine/internal/parallel"
	"elysium.dev/engine/internal/rpc"
	"elysium.dev/engine/internal/schema"
	utiljson "k8s.io/apimachinery/pkg/util/json"
)

// Register adds objects.validate, catalogue.describe and catalogue.definitions to the server.
func Register(server *rpc.Server) {
	server.Handle("objects.validate", validateObjects)
	server.Handle("catalogue.describe", describeCatalogue)
	server.Handle("catalogue.definitions", catalogueDefinitions)
}

type validateParams struct {
	Kubernetes string            `json:"kubernetes"`
	Flux       string            `json:"flux"`
	Catalogue  bool              `json:"catalogue"`
	CRDs       []json.RawMessage `json:"crds"`
	JSONSchema json.RawMessage   `json:"json_schema"`
	Objects    []json.RawMessage `json:"objects"`
}

type validateResult struct {
	Problems [][]schema.Problem `json:"problems"`
}

func validateObjects(ctx context.Context, raw json.RawMessage) (any, error) {
	var params validateParams
	if err := rpc.Decode(raw, &params); err != nil {
		return nil, err
	}
	if err := schema.CheckMinor(params.Kubernetes); err != nil {
		return nil, err
	}
	if err := schema.CheckFlux(params.Flux); err != nil {
		return nil, err
	}
	definitions := NewDefinitions(params.CRDs)
	definitions.Flux, definitions.Catalogue = params.Flux, params.Catalogue
	judge := definitions.Validate
	if len(params.JSONSchema) > 0 {
		compiled, err := cachedJSONSchema(params.JSONSchema)
		if err != nil {
			return nil, rpc.Failed("parse", "%v", err)
		}
		judge = compiled.validate
	}
	result := validateResult{Problems: make([][]schema.Problem, len(params.Objects))}
	failures := make([]error, len(params.Objects))
	parallel.Each(len(params.Objects), func(index int) {
		var object map[string]any
		if err := utiljson.Unmarshal(params.Objects[index], &object); err != nil {
			failures[index] = rpc.InvalidParams("objects[%d]: %v", index, err)
			return
		}
		found := judge(ctx, params.Kubernetes, object)
		result.Problems[index] = append([]schema.Problem{}, found...)
	})
	for _, failure := range failures {
		if failure != nil {
			return nil, failure
		}
	}
	return result, nil
}

type describeParams struct {
	Kinds []string `json:"kinds"`
}

// described is a kind in the answer of catalogue.describe.
type described struct {
	Scope string `json:"scope"`
	By    string `json:"by"`
}

// describeCatalogue tells what the catalogue of operators knows of kinds, each written "group/Kind"; it leaves out the others.
func describeCatalogue(_ context.Context, raw json.RawMessage) (any, error) {
	var params describeParams
	if err := rpc.Decode(raw, &params); err != nil {
		return nil, err
	}
	kinds := map[string]described{}
	for _, name := range params.Kinds {
		group, kind, _ := strings.Cut(name, "/")
		if found, known := schema.Operator(group, kind); known {
			kinds[name] = described{Scope: found.Scope, By: found.By}
		}
	}
	return map[string]any{"kinds": kinds}, nil
}

type definitionsParams struct {
	Flux  string       `json:"flux"`
	Kinds []wantedKind `json:"kinds"`
}

type wantedKind struct {
	Group    string   `json:"group"`
	Kind     string   `json:"kind"`
	Versions []string `json:"versions"`
}

// catalogueDefinitions gives out the definitions that the engine carries, ready for an API server; kinds that it does not have are left
// out.
func catalogueDefinitions(_ context.Context, raw json.RawMessage) (any, error) {
	var params definitionsParams
	if err := rpc.Decode(raw, &params); err != nil {
		return nil, err
	}
	if err := schema.CheckFlux(params.Flux); err != nil {
		return nil, err
	}
	found := []standIn{}
	for _, wanted := range params.Kinds {
		made, known, err := newStandIn(params.Flux, groupKind{wanted.Group, wanted.Kind}, wanted.Versions)
		if err != nil {
			return nil, err
		}
		if known {
			found = append(found, made)
		}
	}
	return map[string]any{"definitions": found}, nil
}
