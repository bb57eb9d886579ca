// Command oracle answers, one JSON request a line, what kustomize-controller does with a Kustomization.
package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	kustomizev1 "github.com/fluxcd/kustomize-controller/api/v1"
	"github.com/fluxcd/kustomize-controller/internal/controller"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	clientgoscheme "k8s.io/client-go/kubernetes/scheme"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/client/fake"
	"sigs.k8s.io/kustomize/api/krusty"
	kustypes "sigs.k8s.io/kustomize/api/types"
	"sigs.k8s.io/kustomize/kyaml/filesys"
)

// request is one question. Method "build" renders a Kustomization, "plain" is `kustomize build` of a directory and
// "ready" asks for the dependencies of a Kustomization.
type request struct {
	Method        string                     `json:"method"`
	Tree          string                     `json:"tree"`
	Path          string                     `json:"path"`
	Rules         string                     `json:"rules"`
	Ignore        *string                    `json:"ignore"`
	Kustomization *kustomizev1.Kustomization `json:"kustomization"`
	Cluster       []map[string]any           `json:"cluster"`
	Revision      string                     `json:"revision"`
	Gates         map[string]bool            `json:"gates"`
}

type answer struct {
	Objects []any    `json:"objects"`
	Order   []string `json:"order,omitempty"`
	Error   string   `json:"error,omitempty"`
}

func main() {
	lines := bufio.NewReaderSize(os.Stdin, 1<<20)
	out := json.NewEncoder(os.Stdout)
	for {
		line, err := lines.ReadBytes('\n')
		if err != nil {
			return
		}
		var ask request
		if err := json.Unmarshal(line, &ask); err != nil {
			fmt.Fprintln(os.Stderr, "malformed request:", err)
			os.Exit(2)
		}
		_ = out.Encode(respond(ask))
	}
}

func respond(ask request) (result answer) {
	defer func() {
		if crash := recover(); crash != nil {
			result = answer{Error: fmt.Sprint("panic: ", crash)}
		}
	}()
	root, err := copyTree(ask.Tree, ask.Rules, ask.Ignore)
	if err != nil {
		return answer{Error: err.Error()}
	}
	defer os.RemoveAll(filepath.Dir(root))
	switch ask.Method {
	case "plain":
		result, err = plain(root, ask.Path)
	case "ready":
		result, err = ready(ask)
	default:
		result, err = build(ask, root)
	}
	if err != nil {
		message := strings.ReplaceAll(err.Error(), root, "")
		return answer{Error: strings.ReplaceAll(message, filepath.Dir(root), "")}
	}
	return result
}

func build(ask request, root string) (answer, error) {
	oracle, err := oracleFor(ask)
	if err != nil {
		return answer{}, err
	}
	objects, err := oracle.Objects(context.Background(), ask.Kustomization, root)
	if err != nil {
		return answer{}, err
	}
	result := answer{Objects: []any{}}
	for _, object := range objects {
		result.Objects = append(result.Objects, object.Object)
	}
	for _, object := range controller.ApplyOrder(objects) {
		result.Order = append(result.Order, identity(object))
	}
	return result, nil
}

func ready(ask request) (answer, error) {
	oracle, err := oracleFor(ask)
	if err != nil {
		return answer{}, err
	}
	return answer{Objects: []any{}}, oracle.Ready(context.Background(), ask.Kustomization, ask.Revision, ask.Gates["AdditiveCELDependencyCheck"])
}

func plain(root, path string) (answer, error) {
	options := krusty.MakeDefaultOptions()
	options.LoadRestrictions = kustypes.LoadRestrictionsNone
	resources, err := krusty.MakeKustomizer(options).Run(filesys.MakeFsOnDisk(), root+"/"+path)
	if err != nil {
		return answer{}, err
	}
	result := answer{Objects: []any{}}
	for _, resource := range resources.Resources() {
		object, err := resource.Map()
		if err != nil {
			return answer{}, err
		}
		result.Objects = append(result.Objects, object)
	}
	return result, nil
}

func oracleFor(ask request) (controller.Oracle, error) {
	scheme := runtime.NewScheme()
	if err := clientgoscheme.AddToScheme(scheme); err != nil {
		return controller.Oracle{}, err
	}
	if err := kustomizev1.AddToScheme(scheme); err != nil {
		return controller.Oracle{}, err
	}
	var objects []client.Object
	for _, content := range ask.Cluster {
		objects = append(objects, &unstructured.Unstructured{Object: content})
	}
	cluster := fake.NewClientBuilder().WithScheme(scheme).WithObjects(objects...).Build()
	return controller.Oracle{Client: cluster, Strict: ask.Gates["StrictPostBuildSubstitutions"]}, nil
}

func identity(object *unstructured.Unstructured) string {
	return strings.Join([]string{object.GetAPIVersion(), object.GetKind(), object.GetNamespace(), object.GetName()}, "|")
}
