package schema

import (
	"encoding/json"
	"fmt"
	"math/rand"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	runtimeschema "k8s.io/apimachinery/pkg/runtime/schema"
	serializer "k8s.io/apimachinery/pkg/runtime/serializer/json"
	utiljson "k8s.io/apimachinery/pkg/util/json"
)

// strict decodes as the API server does with fieldValidation=Strict.
var strict = serializer.NewSerializerWithOptions(serializer.DefaultMetaFactory, types, types,
	serializer.SerializerOptions{Strict: true})

// builtIn lists the kinds that both the Go API and the newest catalogue have.
func builtIn(t *testing.T) []runtimeschema.GroupVersionKind {
	t.Helper()
	var kinds []runtimeschema.GroupVersionKind
	for kind := range types.AllKnownTypes() {
		entry := load("1.37").kinds[kindKey{kind.GroupVersion().String(), kind.Kind}]
		if entry != nil && entry.typeName != "" {
			kinds = append(kinds, kind)
		}
	}
	slices.SortFunc(kinds, func(a, b runtimeschema.GroupVersionKind) int { return strings.Compare(a.String(), b.String()) })
	if len(kinds) < 150 {
		t.Fatalf("only %d kinds are known", len(kinds))
	}
	return kinds
}

// filled makes an object in which every field has a value.
func filled(t *testing.T, kind runtimeschema.GroupVersionKind) map[string]any {
	t.Helper()
	made, err := types.New(kind)
	if err != nil {
		t.Fatal(err)
	}
	fill(reflect.ValueOf(made).Elem(), 0)
	made.GetObjectKind().SetGroupVersionKind(kind)
	text, err := json.Marshal(made)
	if err != nil {
		t.Fatal(err)
	}
	var object map[string]any
	if err := utiljson.Unmarshal(text, &object); err != nil {
		t.Fatal(err)
	}
	return object
}

// fill sets a value and everything inside it; structures that hold themselves end after some levels.
func fill(value reflect.Value, depth int) {
	switch typed := value.Addr().Interface().(type) {
	case *metav1.Time:
		*typed = metav1.NewTime(time.Unix(1_700_000_000, 0))
		return
	case *metav1.MicroTime:
		*typed = metav1.NewMicroTime(time.Unix(1_700_000_000, 0))
		return
	case *resource.Quantity:
		*typed = resource.MustParse("2Gi")
		return
	case *runtime.RawExtension:
		typed.Raw = []byte(`{"a":1}`)
		return
	case *metav1.FieldsV1:
		typed.Raw = []byte(`{"f:a":{}}`)
		return
	}
	switch value.Kind() {
	case reflect.Struct:
		for index := range value.NumField() {
			if value.Type().Field(index).IsExported() {
				fill(value.Field(index), depth)
			}
		}
	case reflect.Pointer:
		if depth < 14 {
			value.Set(reflect.New(value.Type().Elem()))
			fill(value.Elem(), depth+1)
		}
	case reflect.Slice:
		if depth < 14 {
			value.Set(reflect.MakeSlice(value.Type(), 1, 1))
			fill(value.Index(0), depth+1)
		}
	case reflect.Map:
		key, item := reflect.New(value.Type().Key()).Elem(), reflect.New(value.Type().Elem()).Elem()
		fill(key, depth+1)
		fill(item, depth+1)
		value.Set(reflect.MakeMap(value.Type()))
		value.SetMapIndex(key, item)
	default:
		fillScalar(value)
	}
}

func fillScalar(value reflect.Value) {
	switch value.Kind() {
	case reflect.String:
		value.SetString("text")
	case reflect.Bool:
		value.SetBool(true)
	case reflect.Int, reflect.Int32, reflect.Int64:
		value.SetInt(1)
	case reflect.Uint8:
		value.SetUint(65)
	case reflect.Float64:
		value.SetFloat(1.5)
	}
}

// isNaming tells the fields that the API server judges after decoding.
var isNaming = regexp.MustCompile(`metadata\.(name|namespace|labels\b.*|annotations\b.*)$`)

// shapeProblems are those that decoding can show: unknown fields, wrong types and texts that do not parse.
func shapeProblems(object map[string]any) []Problem {
	return slices.DeleteFunc(Validate("1.37", object), func(problem Problem) bool {
		decoded := problem.Code == "unknown-field" || problem.Code == "type" || problem.Code == "format"
		return !decoded || problem.Code == "format" && isNaming.MatchString(problem.Path)
	})
}

func TestFilledObjectsHaveNoProblems(t *testing.T) {
	for _, kind := range builtIn(t) {
		object := filled(t, kind)
		for _, problem := range Validate("1.37", object) {
			// The filling has no texts of enumerations.
			if problem.Code != "enum" && problem.Code != "deprecated-api" {
				t.Errorf("%s: %v", kind, problem)
			}
		}
	}
}

// A damaged object has problems exactly when the API server cannot decode it.
func TestDamagedObjectsAsTheAPIServer(t *testing.T) {
	random := rand.New(rand.NewSource(1))
	for _, kind := range builtIn(t) {
		object := filled(t, kind)
		places := placesIn(object, nil)
		for range 25 {
			place := places[random.Intn(len(places))]
			undo, what := place.damage(random)
			text, err := json.Marshal(object)
			if err != nil {
				t.Fatal(err)
			}
			_, _, refused := strict.Decode(text, &kind, nil)
			found := shapeProblems(object)
			if (refused != nil) != (len(found) > 0) {
				t.Errorf("%s with %s at %s: API server %v, we %v", kind, what, strings.Join(place.path, "."), refused, found)
			}
			undo()
		}
	}
}

// place is a field of an object that can be damaged.
type place struct {
	owner map[string]any
	name  string
	path  []string
}

func placesIn(value any, path []string) []place {
	var places []place
	switch typed := value.(type) {
	case map[string]any:
		for name, item := range typed {
			if len(path) == 0 && (name == "kind" || name == "apiVersion") {
				continue
			}
			below := append(slices.Clone(path), name)
			places = append(places, place{typed, name, below})
			places = append(places, placesIn(item, below)...)
		}
	case []any:
		for _, item := range typed {
			places = append(places, placesIn(item, append(slices.Clone(path), "0"))...)
		}
	}
	slices.SortFunc(places, func(a, b place) int { return strings.Compare(strings.Join(a.path, "."), strings.Join(b.path, ".")) })
	return places
}

func (p place) damage(random *rand.Rand) (undo func(), what string) {
	values := []any{map[string]any{}, map[string]any{"strange": "x"}, []any{"x"}, "x", "", "5", "2Gi", true, int64(7), int64(1) << 40, 1.5, nil}
	if random.Intn(4) == 0 {
		p.owner["strange"] = "x"
		return func() { delete(p.owner, "strange") }, "an additional field beside it"
	}
	before, value := p.owner[p.name], values[random.Intn(len(values))]
	p.owner[p.name] = value
	return func() { p.owner[p.name] = before }, fmt.Sprintf("%#v", value)
}
