package schema

import (
	"cmp"
	"context"
	"encoding/json"
	"slices"
	"strings"

	"elysium.dev/engine/internal/rpc"
)

// Register adds kubernetes.describe to the server.
func Register(server *rpc.Server) {
	server.Handle("kubernetes.describe", describeKubernetes)
}

// CheckMinor refuses a minor that is not supported; a binary without catalogue supports none.
func CheckMinor(minor string) error {
	if err := Available(); err != nil {
		return err
	}
	if !slices.Contains(minors, minor) {
		return rpc.InvalidParams("kubernetes: %q is none of %s", minor, strings.Join(minors, ", "))
	}
	return nil
}

// CheckFlux refuses a minor of Flux that is not supported; an empty one means that nobody asks about kinds of Flux.
func CheckFlux(minor string) error {
	if minor != "" && !slices.Contains(fluxMinors, minor) {
		return rpc.InvalidParams("flux: %q is none of %s", minor, strings.Join(fluxMinors, ", "))
	}
	return nil
}

type describeParams struct {
	Kubernetes string `json:"kubernetes"`
}

// kindDescription is a kind in the answer of kubernetes.describe.
type kindDescription struct {
	APIVersion   string `json:"api_version"`
	Kind         string `json:"kind"`
	Namespaced   bool   `json:"namespaced"`
	DeprecatedIn string `json:"deprecated_in"`
	RemovedIn    string `json:"removed_in"`
	Replacement  string `json:"replacement"`
}

type describeResult struct {
	Kinds []kindDescription `json:"kinds"`
}

func describeKubernetes(_ context.Context, raw json.RawMessage) (any, error) {
	var params describeParams
	if err := rpc.Decode(raw, &params); err != nil {
		return nil, err
	}
	if err := CheckMinor(params.Kubernetes); err != nil {
		return nil, err
	}
	result := describeResult{Kinds: []kindDescription{}}
	for key, entry := range load(params.Kubernetes).kinds {
		if entry.scope == scopeNone {
			continue
		}
		result.Kinds = append(result.Kinds, kindDescription{
			APIVersion: key.apiVersion, Kind: key.kind, Namespaced: entry.scope == scopeNamespaced,
			DeprecatedIn: entry.deprecated, RemovedIn: entry.removed, Replacement: entry.replacement,
		})
	}
	slices.SortFunc(result.Kinds, func(a, b kindDescription) int {
		return cmp.Or(strings.Compare(a.APIVersion, b.APIVersion), strings.Compare(a.Kind, b.Kind))
	})
	return result, nil
}
