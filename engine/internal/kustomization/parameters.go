// Package kustomization does what kustomize-controller does with a Flux Kustomization up to the apply: generate the
// kustomization.yaml, build, decrypt, substitute variables, label and normalise.
package kustomization

import (
	"elysium.dev/engine/internal/objects"
	"elysium.dev/engine/internal/rpc"
	"elysium.dev/engine/internal/schema"
	"elysium.dev/engine/internal/sops"
	"elysium.dev/engine/internal/tree"
)

type parameters struct {
	Tree          string            `json:"tree"`
	Path          *string           `json:"path"`
	Kustomization objects.Object    `json:"kustomization"`
	Variables     map[string]string `json:"variables"`
	Strict        bool              `json:"strict"`
	Always        bool              `json:"always"`
	Flux          string            `json:"flux"`
	Decryption    *decryption       `json:"decryption"`
	OpaqueSecrets bool              `json:"opaque_secrets"`
	Remote        map[string]string `json:"remote"`
	Kubernetes    string            `json:"kubernetes"`
	Validate      bool              `json:"validate"`
	Scopes        map[string]string `json:"scopes"`
	Provenance    bool              `json:"provenance"`
}

type decryption struct {
	Age []string `json:"age"`
}

// check completes parameters with their defaults and refuses what the protocol does not have.
func (p *parameters) check() error {
	switch p.Flux {
	case "":
		p.Flux = "2.9"
	case "2.8", "2.9":
	default:
		return rpc.InvalidParams("flux %q: must be 2.8 or 2.9", p.Flux)
	}
	if p.Validate && p.Kubernetes == "" {
		return rpc.InvalidParams("validate needs kubernetes")
	}
	return nil
}

// directory is the path to build, relative to the root. As Flux does, what would lead out of the root stays at it.
func (p *parameters) directory() string {
	asked := objects.Text(p.Kustomization, "spec", "path")
	if p.Path != nil {
		asked = *p.Path
	}
	return confined(asked)
}

type result struct {
	Objects   []builtObject  `json:"objects"`
	Read      tree.Read      `json:"read"`
	Variables variableReport `json:"variables"`
	Sensitive bool           `json:"sensitive"`
	Opaque    []opaqueValue  `json:"opaque"`
	Decrypted []sops.Plain   `json:"decrypted,omitempty"`
	Warnings  []warning      `json:"warnings"`
}

type builtObject struct {
	Object          map[string]any   `json:"object"`
	Origin          origin           `json:"origin"`
	Transformations []transformation `json:"transformations,omitempty"`
	Problems        []schema.Problem `json:"problems"`
}

type origin struct {
	File      string `json:"file"`
	Line      int    `json:"line"`
	Document  int    `json:"document"`
	Generator string `json:"generator"`
	Remote    string `json:"remote"`
}

type transformation struct {
	File   string `json:"file"`
	Kind   string `json:"kind"`
	Detail string `json:"detail"`
}

type opaqueValue struct {
	Token string `json:"token"`
	File  string `json:"file"`
	Path  string `json:"path"`
}

type warning struct {
	Code    string `json:"code"`
	Message string `json:"message"`
	File    string `json:"file"`
}
