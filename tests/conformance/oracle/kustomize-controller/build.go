package controller

import (
	"context"
	"errors"
	"os"
	"sort"
	"strings"

	securejoin "github.com/cyphar/filepath-securejoin"
	kustomizev1 "github.com/fluxcd/kustomize-controller/api/v1"
	"github.com/fluxcd/pkg/apis/meta"
	"github.com/fluxcd/pkg/ssa"
	ssautil "github.com/fluxcd/pkg/ssa/utils"
	sourcev1 "github.com/fluxcd/source-controller/api/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/client/interceptor"
)

// errReached stands for the API server: the oracle stops where the first object would be sent.
var errReached = errors.New("oracle: the API server was reached")

// Oracle answers what this controller would send to the API server for one Kustomization.
type Oracle struct {
	Client client.WithWatch
	Strict bool
}

// Objects runs the reconciler's own steps from the fetched artifact at root up to the first apply request.
func (o Oracle) Objects(ctx context.Context, kustomization *kustomizev1.Kustomization, root string) ([]*unstructured.Unstructured, error) {
	reconciler := &KustomizationReconciler{
		Client:              o.Client,
		APIReader:           o.Client,
		ControllerName:      "kustomize-controller",
		StrictSubstitutions: o.Strict,
		NoRemoteBases:       true,
		ConcurrentSSA:       1,
	}
	directory, err := securejoin.SecureJoin(root, kustomization.Spec.Path)
	if err != nil {
		return nil, err
	}
	if _, err := os.Stat(directory); err != nil {
		return nil, errors.New("kustomization path not found: " + strings.ReplaceAll(err.Error(), root, ""))
	}
	content, err := runtime.DefaultUnstructuredConverter.ToUnstructured(kustomization)
	if err != nil {
		return nil, err
	}
	if err := reconciler.generate(unstructured.Unstructured{Object: content}, root, directory); err != nil {
		return nil, err
	}
	text, err := reconciler.build(ctx, kustomization, unstructured.Unstructured{Object: content}, root, directory)
	if err != nil {
		return nil, err
	}
	objects, err := ssautil.ReadObjects(strings.NewReader(string(text)))
	if err != nil {
		return nil, err
	}
	return objects, o.apply(ctx, reconciler, kustomization, objects)
}

// apply runs the reconciler's apply step against a client that refuses every request: what the step does to the
// objects before it talks to the API server (normalisation, common metadata, checks) has then happened.
func (o Oracle) apply(ctx context.Context, reconciler *KustomizationReconciler, kustomization *kustomizev1.Kustomization, objects []*unstructured.Unstructured) error {
	refusing := interceptor.NewClient(o.Client, interceptor.Funcs{
		Get: func(context.Context, client.WithWatch, client.ObjectKey, client.Object, ...client.GetOption) error {
			return errReached
		},
		Patch: func(context.Context, client.WithWatch, client.Object, client.Patch, ...client.PatchOption) error {
			return errReached
		},
	})
	manager := ssa.NewResourceManager(refusing, nil, ssa.Owner{
		Field: reconciler.ControllerName,
		Group: kustomizev1.GroupVersion.Group,
	})
	manager.SetOwnerLabels(objects, kustomization.GetName(), kustomization.GetNamespace())
	_, _, err := reconciler.apply(ctx, manager, kustomization, "", "", objects)
	if err != nil && !strings.Contains(err.Error(), errReached.Error()) {
		return err
	}
	return nil
}

// ApplyOrder sorts objects into the order in which the controller sends them, stage by stage.
func ApplyOrder(objects []*unstructured.Unstructured) []*unstructured.Unstructured {
	sorted := append([]*unstructured.Unstructured{}, objects...)
	sort.Sort(ssa.SortableUnstructureds(sorted))
	stage := func(object *unstructured.Unstructured) int {
		switch {
		case ssautil.IsClusterDefinition(object):
			return 0
		case ssautil.IsClassDefinition(object):
			return 1
		default:
			return 2
		}
	}
	sort.SliceStable(sorted, func(i, j int) bool { return stage(sorted[i]) < stage(sorted[j]) })
	return sorted
}

// Ready answers whether the controller regards every dependency of the Kustomization as ready, at a revision of the
// source that all of them have applied.
func (o Oracle) Ready(ctx context.Context, kustomization *kustomizev1.Kustomization, revision string, additive bool) error {
	reconciler := &KustomizationReconciler{Client: o.Client, APIReader: o.Client, AdditiveCELDependencyCheck: additive}
	source := &sourcev1.GitRepository{Status: sourcev1.GitRepositoryStatus{Artifact: &meta.Artifact{Revision: revision}}}
	return reconciler.checkDependencies(ctx, kustomization, source)
}
