package kustomization

import (
	"context"
	"encoding/json"
	"fmt"

	"sigs.k8s.io/kustomize/api/resmap"
	kustomizetypes "sigs.k8s.io/kustomize/api/types"

	"elysium.dev/engine/internal/documents"
	"elysium.dev/engine/internal/objects"
	"elysium.dev/engine/internal/rpc"
	"elysium.dev/engine/internal/schema"
	"elysium.dev/engine/internal/sops"
	"elysium.dev/engine/internal/tree"
)

// Register adds kustomization.build to the server.
func Register(server *rpc.Server, trees *tree.Registry) {
	server.Handle("kustomization.build", func(_ context.Context, params json.RawMessage) (any, error) {
		var asked parameters
		if err := rpc.Decode(params, &asked); err != nil {
			return nil, err
		}
		if err := asked.check(); err != nil {
			return nil, err
		}
		source, err := trees.Get(asked.Tree)
		if err != nil {
			return nil, err
		}
		work, err := newRun(&asked, source)
		if err != nil {
			return nil, err
		}
		defer work.remote.close()
		return work.answer()
	})
}

// renderRun is the state of one request.
type renderRun struct {
	asked      *parameters
	directory  string
	recorder   *tree.Recorder
	fileSystem *tree.FileSystem
	remote     *remoteFiles
	scopes     objects.Scopes
	origins    *origins
	decrypter  *sops.Decrypter
	warnings   []warning
}

func newRun(asked *parameters, source *tree.Tree) (*renderRun, error) {
	scopes, err := objects.NewScopes(asked.Kubernetes, asked.Scopes)
	if err != nil {
		return nil, err
	}
	recorder := tree.NewRecorder()
	work := &renderRun{
		asked:      asked,
		directory:  asked.directory(),
		recorder:   recorder,
		fileSystem: source.FileSystem(recorder).Inspected(documents.RefuseBombs),
		scopes:     scopes,
		warnings:   []warning{},
	}
	work.remote = newRemoteFiles(work.fileSystem, asked.Remote)
	if work.decrypter, err = newDecrypter(asked); err != nil {
		return nil, err
	}
	work.origins = newOrigins(work.remote, work.directory)
	if !work.fileSystem.IsDir(tree.Absolute(work.directory)) {
		work.fileSystem.Exists(tree.Absolute(work.directory)) // noted as absent
		return nil, rpc.Failed("path", "kustomization path not found: %s", work.directory)
	}
	return work, nil
}

// answer builds. An error says nothing of what was decrypted.
func (r *renderRun) answer() (any, error) {
	found, err := r.compute()
	return found, discreet(err, r.decrypter)
}

func (r *renderRun) compute() (any, error) {
	built, asked, err := r.build()
	if err != nil {
		return nil, err
	}
	sources, err := r.origins.take(built, asked)
	if err != nil {
		return nil, err
	}
	report := (*usage)(nil).result()
	var finished []builtObject
	if r.asked.Kustomization == nil {
		finished, err = readPlain(built, sources)
		r.place(finished)
	} else {
		finished, report, err = r.reconcile(built, sources)
	}
	if err != nil {
		return nil, err
	}
	return result{
		Objects: finished, Read: r.recorder.Read(), Variables: report,
		Sensitive: r.decrypter != nil && r.decrypter.Sensitive, Opaque: opaqueValues(r.decrypter), Decrypted: plainValues(r.decrypter),
		Warnings: r.warnings,
	}, nil
}

// build generates the kustomization.yaml and runs Kustomize. It also returns the build metadata that the author asked for.
func (r *renderRun) build() (resmap.ResMap, []string, error) {
	restrictions := kustomizetypes.LoadRestrictionsNone
	var made generated
	var err error
	if r.asked.Kustomization == nil {
		if len(r.asked.Remote) == 0 { // what was fetched stands outside the directory of the build
			restrictions = kustomizetypes.LoadRestrictionsRootOnly
		}
		made, err = existing(r.fileSystem, r.directory)
	} else {
		made, err = generate(r.fileSystem, r.directory, r.asked.Flux, r.asked.Kustomization)
	}
	if err != nil {
		return nil, nil, err
	}
	if made.file != "" {
		if err := r.fileSystem.WriteFile(made.file, made.track(r.asked.Provenance)); err != nil {
			return nil, nil, err
		}
	}
	if r.decrypter != nil {
		if err := decryptSources(r.fileSystem, r.decrypter, r.directory); err != nil {
			return nil, nil, err
		}
	}
	built, err := build(r.remote, tree.Absolute(r.directory), restrictions)
	if missing := r.remote.needs(); missing != nil {
		return nil, nil, missing
	}
	if err != nil {
		return nil, nil, rpc.Failed("build", "%s", shown(err)).At(fileOf(err, r.fileSystem, r.directory), 0)
	}
	return built, made.asked, nil
}

// reconcile does what follows the build in the controller, object by object.
func (r *renderRun) reconcile(built resmap.ResMap, sources []source) ([]builtObject, variableReport, error) {
	substitution, err := newSubstitution(r.asked)
	if err != nil {
		return nil, variableReport{}, rpc.Failed("substitute", "%v", err)
	}
	decoded := make([]builtObject, 0, built.Size())
	for index, resource := range built.Resources() {
		object, err := r.decode(resource, substitution, sources[index])
		if err != nil {
			return nil, variableReport{}, substitution.explain(err, built)
		}
		decoded = append(decoded, builtObject{
			Object: object, Origin: sources[index].origin, Transformations: sources[index].transformations})
	}
	if err := distinct(decoded); err != nil {
		return nil, variableReport{}, err
	}
	finished, err := readObjects(decoded)
	if err != nil {
		return nil, variableReport{}, err
	}
	r.place(finished)
	for index := range finished {
		r.warnEncrypted(finished[index])
		finished[index].Object = finish(finished[index].Object, r.asked.Kustomization)
		if err := refuseEncrypted(finished[index]); err != nil {
			return nil, variableReport{}, err
		}
	}
	var report *usage
	if substitution != nil {
		report = substitution.report
	}
	return finished, report.result(), nil
}

// place sets namespaces by scope and notes problems where they were asked for. It looks at the objects as they were
// written: normalising takes away the fields that a built-in kind does not have, and with them what is wrong.
func (r *renderRun) place(finished []builtObject) {
	for index := range finished {
		r.scopes.Place(finished[index].Object, "")
		finished[index].Problems = []schema.Problem{}
		if r.asked.Validate {
			finished[index].Problems = append(finished[index].Problems, r.scopes.Problems(finished[index].Object)...)
		}
	}
}

// readPlain decodes the objects of a build without Flux.
func readPlain(built resmap.ResMap, sources []source) ([]builtObject, error) {
	finished := make([]builtObject, 0, built.Size())
	for index, resource := range built.Resources() {
		object, err := decodeResource(resource)
		if err != nil {
			return nil, fmt.Errorf("encode %s: %w", resource.CurId(), err)
		}
		finished = append(finished, builtObject{
			Object: object, Origin: sources[index].origin, Transformations: sources[index].transformations})
	}
	return finished, nil
}
