package objects

import (
	"encoding/json"
	"reflect"
	"testing"
)

func TestWholeNumbersStayWhole(t *testing.T) {
	var read Object
	if err := json.Unmarshal([]byte(`{"a": 9007199254740993, "b": 1.5, "c": [1]}`), &read); err != nil {
		t.Fatal(err)
	}
	if want := (Object{"a": int64(9007199254740993), "b": 1.5, "c": []any{int64(1)}}); !reflect.DeepEqual(read, want) {
		t.Errorf("got %#v", read)
	}
}

func TestScopes(t *testing.T) {
	scopes, err := NewScopes("1.37", map[string]string{"example.org/Local": "Namespaced", "example.org/Wide": "Cluster"})
	if err != nil {
		t.Fatal(err)
	}
	for name, test := range map[string]struct {
		apiVersion, kind, namespace, fallback, want string
	}{
		"built in":                 {"v1", "ConfigMap", "", "here", "here"},
		"keeps its own":            {"v1", "ConfigMap", "own", "here", "own"},
		"no default":               {"v1", "ConfigMap", "", "", ""},
		"built in, cluster-wide":   {"v1", "Namespace", "wrong", "here", ""},
		"custom":                   {"example.org/v1", "Local", "", "here", "here"},
		"custom, cluster-wide":     {"example.org/v1", "Wide", "wrong", "here", ""},
		"nobody knows":             {"example.org/v1", "Unknown", "", "here", ""},
		"nobody knows, has one":    {"example.org/v1", "Unknown", "own", "here", "own"},
		"same kind, another group": {"other.org/v1", "Wide", "own", "here", "own"},
	} {
		object := map[string]any{"apiVersion": test.apiVersion, "kind": test.kind, "metadata": map[string]any{"name": "n"}}
		if test.namespace != "" {
			object["metadata"].(map[string]any)["namespace"] = test.namespace
		}
		scopes.Place(object, test.fallback)
		if got := Text(object, "metadata", "namespace"); got != test.want {
			t.Errorf("%s: %q, want %q", name, got, test.want)
		}
	}
	if _, err := NewScopes("1.37", map[string]string{"a/B": "Everywhere"}); err == nil {
		t.Error("an unknown scope was accepted")
	}
}

func TestProblems(t *testing.T) {
	scopes, _ := NewScopes("1.37", nil)
	object := map[string]any{"apiVersion": "v1", "kind": "ConfigMap", "metadata": map[string]any{"name": "n"}, "datta": map[string]any{}}
	var codes []string
	for _, problem := range scopes.Problems(object) {
		codes = append(codes, problem.Code)
	}
	if want := []string{"unknown-field", "namespace"}; !reflect.DeepEqual(codes, want) {
		t.Errorf("got %v", codes)
	}
}

func TestEncode(t *testing.T) {
	got, err := Encode([]Object{{"b": int64(1), "a": "yes"}, {"c": nil}})
	if want := "a: \"yes\"\nb: 1\n---\nc: null\n"; err != nil || string(got) != want {
		t.Errorf("%q, %v", got, err)
	}
}

func TestDescribe(t *testing.T) {
	object := map[string]any{"kind": "Pod", "metadata": map[string]any{"name": "n", "namespace": "s"}}
	if got := Describe(object); got != "Pod/s/n" {
		t.Error(got)
	}
	delete(object["metadata"].(map[string]any), "namespace")
	if got := Describe(object); got != "Pod/n" {
		t.Error(got)
	}
}
