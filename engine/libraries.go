package main

import "runtime/debug"

// shown are the modules whose versions the handshake tells, by the name that people know them under.
var shown = map[string]string{
	"filippo.io/age":                     "age",
	"github.com/Masterminds/semver/v3":   "semver",
	"github.com/fluxcd/pkg/envsubst":     "envsubst",
	"github.com/fluxcd/pkg/kustomize":    "flux-kustomize",
	"github.com/fluxcd/pkg/sourceignore": "sourceignore",
	"github.com/go-task/slim-sprig/v3":   "slim-sprig",
	"github.com/google/cel-go":           "cel",
	"helm.sh/helm/v4":                    "helm",
	"k8s.io/apiserver":                   "kubernetes",
	"sigs.k8s.io/kustomize/api":          "kustomize",
}

// libraries reads from the binary itself which versions it was built with.
func libraries() map[string]string {
	versions := map[string]string{}
	information, available := debug.ReadBuildInfo()
	if !available {
		return versions
	}
	versions["go"] = information.GoVersion
	for _, module := range information.Deps {
		if name, wanted := shown[module.Path]; wanted {
			versions[name] = module.Version
		}
	}
	return versions
}
