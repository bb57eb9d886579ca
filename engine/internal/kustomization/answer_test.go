package kustomization

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"elysium.dev/engine/internal/objects"
	"elysium.dev/engine/internal/rpc"
	"elysium.dev/engine/internal/tree"
)

// answer runs a whole request.
func answer(t *testing.T, source *tree.Tree, asked *parameters) (result, error) {
	t.Helper()
	if err := asked.check(); err != nil {
		return result{}, err
	}
	work, err := newRun(asked, source)
	if err != nil {
		return result{}, err
	}
	defer work.remote.close()
	answered, err := work.answer()
	if err != nil {
		return result{}, err
	}
	return answered.(result), nil
}

func mustAnswer(t *testing.T, source *tree.Tree, asked *parameters) result {
	t.Helper()
	answered, err := answer(t, source, asked)
	if err != nil {
		t.Fatal(err)
	}
	return answered
}

func flux(spec map[string]any) *parameters {
	return &parameters{Kustomization: fluxKustomization("app", spec), Flux: "2.9"}
}

func TestOrigins(t *testing.T) {
	source := openTree(t, map[string]string{
		"app/kustomization.yaml":  "resources: [../base, two.yaml]\nnamePrefix: x-\nconfigMapGenerator: [{name: made, literals: [a=b]}]\n",
		"app/two.yaml":            "# a comment\n---\n" + configMap + "---\n" + strings.Replace(configMap, "settings", "other", 1),
		"base/kustomization.yaml": "resources: [d.yaml]\n",
		"base/d.yaml":             "# comment\n\n" + deployment,
	})
	answered := mustAnswer(t, source, flux(map[string]any{"path": "./app"}))
	got := map[string]origin{}
	for _, object := range answered.Objects {
		name := objects.Text(object.Object, "metadata", "name")
		if strings.HasPrefix(name, "x-made-") {
			name = "x-made"
		}
		got[name] = object.Origin
	}
	want := map[string]origin{
		"x-settings": {File: "app/two.yaml", Line: 3, Document: 1},
		"x-other":    {File: "app/two.yaml", Line: 10, Document: 2},
		"x-web":      {File: "base/d.yaml", Line: 3},
		"x-made":     {File: "app/kustomization.yaml", Line: 1, Generator: "ConfigMapGenerator"},
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
	if read := answered.Read; !reflect.DeepEqual(read.Files, []string{
		"app/kustomization.yaml", "app/two.yaml", "base/d.yaml", "base/kustomization.yaml"}) {
		t.Errorf("read %+v", read)
	}
}

func TestReadListsDirectoriesAndAbsentFiles(t *testing.T) {
	source := openTree(t, map[string]string{"app/a.yaml": configMap, "app/sub/b.yaml": deployment})
	read := mustAnswer(t, source, flux(map[string]any{"path": "./app"})).Read
	if !reflect.DeepEqual(read.Directories, []string{"app", "app/sub"}) {
		t.Errorf("directories %v", read.Directories)
	}
	for _, name := range []string{"app/kustomization.yaml", "app/Kustomization", "app/sub/kustomization.yml"} {
		if !strings.Contains(strings.Join(read.Absent, " "), name) {
			t.Errorf("%s is not among the absent %v", name, read.Absent)
		}
	}
}

func TestTransformations(t *testing.T) {
	source := openTree(t, map[string]string{
		"app/kustomization.yaml": "resources: [a.yaml]\nnamePrefix: x-\n", "app/a.yaml": configMap})
	asked := flux(map[string]any{"path": "./app"})
	asked.Provenance = true
	answered := mustAnswer(t, source, asked)
	want := []transformation{{File: "app/kustomization.yaml", Kind: "PrefixTransformer"}}
	if got := answered.Objects[0].Transformations; !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v, want %+v", got, want)
	}
	if _, left := answered.Objects[0].Object["metadata"].(map[string]any)["annotations"]; left {
		t.Error("annotations are left over")
	}
}

func TestFlux28(t *testing.T) {
	source := openTree(t, map[string]string{
		"app/kustomization.yaml": "resources: [d.yaml]\nimages: [{name: example.org/web, newName: example.org/other, newTag: '2'}]\n",
		"app/d.yaml":             deployment,
	})
	spec := map[string]any{"path": "./app", "buildMetadata": []any{"managedByLabel"}, "images": []any{
		map[string]any{"name": "example.org/web", "newTag": "3"}}, "postBuild": map[string]any{}}
	for version, want := range map[string]struct {
		image   string
		managed bool
	}{"2.8": {"example.org/web:3", false}, "2.9": {"example.org/other:3", true}} {
		asked := flux(spec)
		asked.Flux, asked.Always = version, true
		object := mustAnswer(t, source, asked).Objects[0].Object
		containers := object["spec"].(map[string]any)["template"].(map[string]any)["spec"].(map[string]any)["containers"].([]any)
		if got := containers[0].(map[string]any)["image"]; got != want.image {
			t.Errorf("%s: image %v, want %s", version, got, want.image)
		}
		labels := object["metadata"].(map[string]any)["labels"].(map[string]any)
		if _, managed := labels["app.kubernetes.io/managed-by"]; managed != want.managed {
			t.Errorf("%s: labels %v", version, labels)
		}
	}
}

func TestAlwaysSubstitutes(t *testing.T) {
	for version, want := range map[string]string{"2.8": "${X:=word}", "2.9": "word"} {
		asked := flux(map[string]any{"path": "./app", "postBuild": map[string]any{"substituteStrategy": "Always"}})
		asked.Flux, asked.Always = version, true
		object := mustAnswer(t, openTree(t, sample("'${X:=word}'")), asked).Objects[0].Object
		if got := objects.Text(object, "spec", "value"); got != want {
			t.Errorf("%s: %q, want %q", version, got, want)
		}
	}
}

func TestVariablesAreReported(t *testing.T) {
	asked := flux(map[string]any{"path": "./app", "postBuild": map[string]any{}})
	asked.Variables = map[string]string{"A": "1", "UNUSED": "2"}
	got := mustAnswer(t, openTree(t, sample("'${A} ${B} ${C:=${D}} $${E}'")), asked).Variables
	want := variableReport{Used: []string{"A"}, Undefined: []string{"B", "D"}, Defaulted: []string{"C"}}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v, want %+v", got, want)
	}
}

func TestFailuresNameThePlace(t *testing.T) {
	for name, test := range map[string]struct {
		files map[string]string
		spec  map[string]any
		want  rpc.FailedError
	}{
		"path": {map[string]string{"a.yaml": configMap}, map[string]any{"path": "./missing"}, rpc.FailedError{Stage: "path"}},
		"generate": {map[string]string{"app/v.yaml": "a: b\n"}, map[string]any{"path": "./app"},
			rpc.FailedError{Stage: "generate", File: "app/v.yaml"}},
		"build": {map[string]string{"app/kustomization.yaml": "resources: [x.yaml]\n"}, map[string]any{"path": "./app"},
			rpc.FailedError{Stage: "build", File: "app/kustomization.yaml"}},
		"substitute": {map[string]string{"app/a.yaml": configMap, "app/b.yaml": "# first\n" + sample("'${A[@]}'")["app/a.yaml"]},
			map[string]any{"path": "./app", "postBuild": map[string]any{}},
			rpc.FailedError{Stage: "substitute", File: "app/b.yaml", Line: 2, Object: &rpc.Object{APIVersion: "example.org/v1", Kind: "Sample", Name: "a"}}},
		"encrypted": {map[string]string{"app/s.yaml": "apiVersion: v1\nkind: Secret\nmetadata: {name: s}\ndata: {a: 'ENC[x]'}\nsops: {mac: x}\n"},
			map[string]any{"path": "./app"},
			rpc.FailedError{Stage: "decrypt", File: "app/s.yaml", Line: 1, Object: &rpc.Object{APIVersion: "v1", Kind: "Secret", Name: "s"}}},
	} {
		t.Run(name, func(t *testing.T) {
			asked := flux(test.spec)
			asked.Variables = map[string]string{"A": "b"}
			_, err := answer(t, openTree(t, test.files), asked)
			var failed *rpc.FailedError
			if !errors.As(err, &failed) {
				t.Fatalf("error %v", err)
			}
			got := *failed
			if got.Message == "" || strings.Contains(got.Message, tree.Mount) {
				t.Errorf("message %q", got.Message)
			}
			got.Message = ""
			if !reflect.DeepEqual(got, test.want) {
				t.Errorf("got %+v, want %+v (%v)", got, test.want, err)
			}
		})
	}
}

func TestPlainBuild(t *testing.T) {
	source := openTree(t, map[string]string{
		"app/kustomization.yaml": "resources: [../base/a.yaml]\n", "base/a.yaml": configMap,
		"good/kustomization.yaml": "# comment\nresources: [a.yaml]\n", "good/a.yaml": sample("'${A}'")["app/a.yaml"] + "status: {x: 1}\n"})
	directory := "app"
	if _, err := answer(t, source, &parameters{Path: &directory}); err == nil || !strings.Contains(err.Error(), "security") {
		t.Errorf("a file outside the directory was loaded: %v", err)
	}
	directory = "good"
	object := mustAnswer(t, source, &parameters{Path: &directory}).Objects[0]
	if objects.Text(object.Object, "spec", "value") != "${A}" || object.Object["status"] == nil || object.Object["metadata"].(map[string]any)["labels"] != nil {
		t.Errorf("the object was changed: %v", object.Object)
	}
	if object.Origin.File != "good/a.yaml" {
		t.Errorf("origin %+v", object.Origin)
	}
}

func TestRemoteBases(t *testing.T) {
	const base, file = "https://example.org/team/repo//config/overlay?ref=v1", "https://example.org/manifests/crd.yaml"
	fetched := t.TempDir()
	for name, content := range map[string]string{
		"config/overlay/kustomization.yaml": "resources: [../base]\n", "config/base/kustomization.yaml": "resources: [d.yaml]\n",
		"config/base/d.yaml": deployment, "crd.yaml": custom} {
		if err := os.MkdirAll(filepath.Dir(filepath.Join(fetched, name)), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(fetched, name), []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	source := openTree(t, map[string]string{"app/kustomization.yaml": "resources:\n- " + base + "\n- " + file + "\n"})
	_, err := answer(t, source, flux(map[string]any{"path": "./app"}))
	var unavailable *rpc.UnavailableError
	if !errors.As(err, &unavailable) || len(unavailable.Needs) != 2 || unavailable.Needs[0]["url"] != file || unavailable.Needs[1]["url"] != base {
		t.Fatalf("error %v", err)
	}
	asked := flux(map[string]any{"path": "./app"})
	asked.Remote = map[string]string{base: filepath.Join(fetched, "config/overlay"), file: filepath.Join(fetched, "crd.yaml")}
	got := map[string]origin{}
	for _, object := range mustAnswer(t, source, asked).Objects {
		got[objects.Text(object.Object, "kind")] = object.Origin
	}
	want := map[string]origin{"Deployment": {File: "config/base/d.yaml", Line: 1, Remote: base}, "Sample": {File: "crd.yaml", Line: 1, Remote: file}}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v, want %+v", got, want)
	}
}

func TestAddresses(t *testing.T) {
	for reference, want := range map[string]string{
		"https://github.com/org/repo//deep/path?ref=v1": "deep/path",
		"https://github.com/org/repo/deep/path":         "deep/path",
		"github.com/org/repo?ref=main":                  "",
		"git@github.com:org/repo.git/deep":              "deep",
		"ssh://git@example.org/org/repo.git//deep":      "deep",
		"git::https://example.org/org/repo//x":          "x",
		"https://dev.azure.com/org/project/_git/repo/x": "x",
		"file:///srv/repo//x":                           "x",
		"../base":                                       "local",
		"base@v1":                                       "local",
		"dir/github.com/org/repo":                       "local",
		"/absolute":                                     "local",
		"https://example.org/file.yaml":                 "local",
	} {
		inside, isRepository := repositoryPath(reference)
		if !isRepository {
			inside = "local"
		}
		if inside != want {
			t.Errorf("%s: %q, want %q", reference, inside, want)
		}
	}
}

func TestDecryption(t *testing.T) {
	read := func(name string) string {
		content, err := os.ReadFile(filepath.Join("..", "sops", "testdata", name))
		if err != nil {
			t.Fatal(err)
		}
		return string(content)
	}
	source := openTree(t, map[string]string{
		"app/kustomization.yaml": "resources: [secret.yaml]\nsecretGenerator: [{name: made, envs: [settings.env], options: {disableNameSuffixHash: true}}]\n",
		"app/secret.yaml":        read("encrypted/secret.yaml"), "app/settings.env": read("encrypted/settings.env")})
	asked := flux(map[string]any{"path": "./app", "decryption": map[string]any{"provider": "sops"}})
	if _, err := answer(t, source, asked); err == nil || !strings.Contains(err.Error(), "cannot get sops data key") {
		t.Errorf("without a key: %v", err)
	}
	asked.Decryption = &decryption{Age: []string{read("throwaway-test-key.txt")}}
	answered := mustAnswer(t, source, asked)
	data := map[string]any{}
	for _, object := range answered.Objects {
		data[objects.Text(object.Object, "metadata", "name")] = object.Object["data"]
	}
	want := map[string]any{
		"made":   map[string]any{"USER": "YWRtaW4=", "PASSWORD": "czNjcmV0PXdpdGg9ZXF1YWxz", "MULTI": "b25lXG50d28=", "EMPTY": ""},
		"sample": map[string]any{"password": "czNjcjpldCMx", "multi": "bGluZSBvbmUKbGluZSB0d28K", "number": "MDA3", "empty": ""},
	}
	if !reflect.DeepEqual(data, want) || !answered.Sensitive || len(answered.Opaque) != 0 {
		t.Errorf("got %v\nwant %v\nsensitive %v, opaque %v", data, want, answered.Sensitive, answered.Opaque)
	}
	asked.Decryption, asked.OpaqueSecrets = nil, true
	answered = mustAnswer(t, source, asked)
	if answered.Sensitive || len(answered.Opaque) != 6 || answered.Opaque[0].File != "app/secret.yaml" || answered.Opaque[0].Path != "stringData.multi" {
		t.Errorf("opaque: %+v", answered)
	}
}

func TestBadParameters(t *testing.T) {
	server := rpc.NewServer(rpc.Bounds{})
	Register(server, tree.NewRegistry())
	var answered strings.Builder
	request, _ := json.Marshal(map[string]any{"jsonrpc": "2.0", "id": 1, "method": "kustomization.build", "params": map[string]any{"flux": "1.0"}})
	if err := server.Serve(strings.NewReader(string(request)+"\n"), &answered); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(answered.String(), "-32602") {
		t.Error(answered.String())
	}
}
