package kustomization

import (
	"fmt"

	"sigs.k8s.io/kustomize/api/krusty"
	"sigs.k8s.io/kustomize/api/resmap"
	kustomizetypes "sigs.k8s.io/kustomize/api/types"
	"sigs.k8s.io/kustomize/kyaml/filesys"
	"sigs.k8s.io/kustomize/kyaml/openapi"
)

// builtinSchema is what the library calls its schema when no kustomization asked for another.
var builtinSchema = openapi.GetSchemaVersion()

// build runs Kustomize. Flux resets the library's process-wide schema around each build and reads the built-in one anew, which
// takes far longer than most builds. The result is the same when that is left to the builds that change the schema: they run a
// second time, on a fresh schema, and are cleaned up after.
func build(fileSystem filesys.FileSystem, directory string, restrictions kustomizetypes.LoadRestrictions) (resmap.ResMap, error) {
	built, err := run(fileSystem, directory, restrictions)
	if openapi.GetSchemaVersion() == builtinSchema {
		return built, err
	}
	defer openapi.ResetOpenAPI()
	openapi.ResetOpenAPI()
	_ = openapi.Schema()
	return run(fileSystem, directory, restrictions)
}

// run is one build with Flux's options. The library panics on some invalid input; that is an error of the input.
func run(
	fileSystem filesys.FileSystem, directory string, restrictions kustomizetypes.LoadRestrictions,
) (built resmap.ResMap, err error) {
	defer func() {
		if reason := recover(); reason != nil {
			err = fmt.Errorf("recovered from kustomize build panic: %v", reason)
		}
	}()
	options := &krusty.Options{LoadRestrictions: restrictions, PluginConfig: kustomizetypes.DisabledPluginConfig()}
	return krusty.MakeKustomizer(options).Run(fileSystem, directory)
}
