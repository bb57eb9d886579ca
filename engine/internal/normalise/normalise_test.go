package normalise

import (
	"math/rand"
	"reflect"
	"strings"
	"testing"
	"time"

	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/util/intstr"
	utiljson "k8s.io/apimachinery/pkg/util/json"
	"sigs.k8s.io/randfill"

	"elysium.dev/engine/internal/normalise/apischeme"
)

// fillers make valid values of the types that encode themselves.
var fillers = []any{
	func(value *resource.Quantity, c randfill.Continue) {
		samples := []string{"1000m", "0.5", "1Gi", "1", "0", "1024Mi", "1e3"}
		*value = resource.MustParse(samples[c.Intn(len(samples))])
	},
	func(value *metav1.Time, c randfill.Continue) {
		if c.Bool() {
			*value = metav1.Unix(c.Int63n(1<<32), 0)
		}
	},
	func(value *metav1.MicroTime, c randfill.Continue) {
		*value = metav1.NewMicroTime(time.Unix(c.Int63n(1<<32), 5000))
	},
	func(value *metav1.Duration, c randfill.Continue) { value.Duration = time.Duration(c.Int63n(1 << 40)) },
	func(value *intstr.IntOrString, c randfill.Continue) {
		if *value = intstr.FromInt32(c.Int31()); c.Bool() {
			*value = intstr.FromString("http")
		}
	},
	func(value *runtime.RawExtension, c randfill.Continue) { value.Raw = []byte(`{"a":1}`) },
	func(value *metav1.FieldsV1, c randfill.Continue) { value.Raw = []byte(`{"f:a":{}}`) },
}

// TestEqualsTheLibrary takes random objects of every kind, whole and damaged, through Kubernetes' Go types and through the table.
func TestEqualsTheLibrary(t *testing.T) {
	known := apischeme.New()
	random := rand.New(rand.NewSource(20261121))
	filler := randfill.New().RandSource(random).NilChance(.4).NumElements(0, 3).MaxDepth(14).Funcs(fillers...)
	for kind := range types().kinds {
		apiVersion, name := kind[0], kind[1]
		for range 15 {
			typed, err := known.New(schema.FromAPIVersionAndKind(apiVersion, name))
			if err != nil {
				t.Fatal(err)
			}
			filler.Fill(typed)
			sample, err := runtime.DefaultUnstructuredConverter.ToUnstructured(typed)
			if err != nil {
				t.Fatal(err)
			}
			damage(random, sample)
			sample["apiVersion"], sample["kind"] = apiVersion, name
			compare(t, known, apiVersion, name, sample)
		}
	}
}

func compare(t *testing.T, known *runtime.Scheme, apiVersion, kind string, sample map[string]any) {
	t.Helper()
	typed, err := known.New(schema.FromAPIVersionAndKind(apiVersion, kind))
	if err != nil {
		t.Fatal(err)
	}
	var want map[string]any
	wantError := runtime.DefaultUnstructuredConverter.FromUnstructured(runtime.DeepCopyJSON(sample), typed)
	if wantError == nil {
		want, wantError = runtime.DefaultUnstructuredConverter.ToUnstructured(typed)
	}
	got, err := (&form{letter: '@', name: types().kinds[[2]string{apiVersion, kind}]}).convert(runtime.DeepCopyJSON(sample))
	if (err == nil) != (wantError == nil) {
		t.Fatalf("%s %s: error %v, want %v\nof %#v", apiVersion, kind, err, wantError, sample)
	}
	if err == nil && !reflect.DeepEqual(got.value, any(want)) {
		t.Fatalf("%s %s of %#v:\ngot  %#v\nwant %#v", apiVersion, kind, sample, got.value, want)
	}
}

// damage changes values at random places: nothing, another type, a number of another sort, a field that nobody knows.
func damage(random *rand.Rand, value any) {
	replacements := []any{nil, "text", int64(5), int64(1 << 40), 1.5, 2.0, true, "", int64(0), "1000m", []any{}, map[string]any{}}
	pick := func() any { return runtime.DeepCopyJSONValue(replacements[random.Intn(len(replacements))]) }
	switch value := value.(type) {
	case map[string]any:
		if random.Intn(40) == 0 {
			value["unknown"] = pick()
		}
		for key, item := range value {
			if random.Intn(120) == 0 && !strings.HasPrefix(key, "api") {
				value[key] = pick()
			} else {
				damage(random, item)
			}
		}
	case []any:
		for index, item := range value {
			if random.Intn(80) == 0 {
				value[index] = pick()
			} else {
				damage(random, item)
			}
		}
	}
}

func TestObject(t *testing.T) {
	for name, test := range map[string]struct{ given, want string }{
		"container port": {
			`{"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"a"},"spec":{"template":{"spec":{"containers":[{"name":"c","ports":[{"containerPort":80}],"resources":{"limits":{"cpu":"1000m"}}}]}}}}`,
			`{"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"a"},"spec":{"selector":null,"strategy":{},"template":{"metadata":{},"spec":{"containers":[{"name":"c","ports":[{"containerPort":80,"protocol":"TCP"}],"resources":{"limits":{"cpu":"1"}}}]}}}}`,
		},
		"service port": {
			`{"apiVersion":"v1","kind":"Service","metadata":{"name":"a"},"spec":{"ports":[{"port":80},{"port":53,"protocol":"UDP"}]},"status":{"loadBalancer":{}}}`,
			`{"apiVersion":"v1","kind":"Service","metadata":{"name":"a"},"spec":{"ports":[{"port":80,"protocol":"TCP","targetPort":0},{"port":53,"protocol":"UDP","targetPort":0}]}}`,
		},
		"text of a secret": {
			`{"apiVersion":"v1","kind":"Secret","metadata":{"name":"a"},"data":{"a":"YQ==","b":"Yg=="},"stringData":{"b":"c"}}`,
			`{"apiVersion":"v1","kind":"Secret","metadata":{"name":"a"},"data":{"a":"YQ==","b":"Yw=="}}`,
		},
		"unknown field": {
			`{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a","creationTimestamp":null},"data":{"a":"b"},"datta":{"a":"b"}}`,
			`{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a"},"data":{"a":"b"}}`,
		},
		"wrong type stays": {
			`{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a"},"data":{"a":5},"datta":{},"status":{}}`,
			`{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a"},"data":{"a":5},"datta":{}}`,
		},
		"role stays": {
			`{"apiVersion":"rbac.authorization.k8s.io/v1","kind":"Role","metadata":{"name":"a","creationTimestamp":null},"extra":1}`,
			`{"apiVersion":"rbac.authorization.k8s.io/v1","kind":"Role","metadata":{"name":"a","creationTimestamp":null},"extra":1}`,
		},
		"custom kind": {
			`{"apiVersion":"example.org/v1","kind":"Sample","metadata":{"name":"a"},"spec":{"x":1},"status":{"y":2}}`,
			`{"apiVersion":"example.org/v1","kind":"Sample","metadata":{"name":"a"},"spec":{"x":1}}`,
		},
		"definition keeps its status": {
			`{"apiVersion":"apiextensions.k8s.io/v1","kind":"CustomResourceDefinition","metadata":{"name":"a"},"status":{"y":2}}`,
			`{"apiVersion":"apiextensions.k8s.io/v1","kind":"CustomResourceDefinition","metadata":{"name":"a"},"status":{"y":2}}`,
		},
	} {
		t.Run(name, func(t *testing.T) {
			var given, want map[string]any
			if err := utiljson.Unmarshal([]byte(test.given), &given); err != nil {
				t.Fatal(err)
			}
			if err := utiljson.Unmarshal([]byte(test.want), &want); err != nil {
				t.Fatal(err)
			}
			if got := Object(given); !reflect.DeepEqual(got, want) {
				t.Errorf("got  %#v\nwant %#v", got, want)
			}
		})
	}
}
