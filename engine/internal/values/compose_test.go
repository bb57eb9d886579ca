package values

import (
	"reflect"
	"strings"
	"testing"

	"sigs.k8s.io/yaml"
)

func parse(t *testing.T, text string) map[string]any {
	t.Helper()
	document := map[string]any{}
	if err := yaml.Unmarshal([]byte(text), &document); err != nil {
		t.Fatal(err)
	}
	return document
}

func root(text string) Reference     { return Reference{Text: text} }
func at(path, text string) Reference { return Reference{TargetPath: path, Text: text} }
func verbatim(path, text string) Reference {
	return Reference{TargetPath: path, Text: text, Literal: true}
}

// compositions are pairs of sources and what helm-controller makes of them. The first eight say whether inline or targetPath wins.
var compositions = []struct {
	name       string
	references []Reference
	inline     string
	expected   string
	origins    map[string]string // of leaves whose source is worth a word
}{
	{"i: a scalar at the root: inline", []Reference{at("a", "path")}, "a: inline", "a: inline", map[string]string{"a": "values"}},
	{"ii: only inline has the map: path", []Reference{at("m.a", "path")}, "m: {a: inline}", "m: {a: path}", map[string]string{"m.a": "valuesFrom[0]"}},
	{"iii: an earlier reference has the map: inline", []Reference{root("m: {a: earlier}"), at("m.a", "path")}, "m: {a: inline}", "m: {a: inline}",
		map[string]string{"m.a": "values"}},
	{"iv: a later reference sets it too: the later", []Reference{at("m.a", "path"), root("m: {a: later}")}, "", "m: {a: later}",
		map[string]string{"m.a": "valuesFrom[1]"}},
	{"v: the same, inline has the key: path", []Reference{at("m.a", "path"), root("m: {a: later}")}, "m: {a: inline}", "m: {a: path}",
		map[string]string{"m.a": "valuesFrom[0]"}},
	{"vi: an earlier reference has the map above: path", []Reference{root("top: {x: 1}"), at("top.m.a", "path")}, "top: {m: {a: inline}}",
		"top: {x: 1, m: {a: path}}", map[string]string{"top.m.a": "valuesFrom[1]", "top.x": "valuesFrom[0]"}},
	{"vii: a new key beside those of inline", []Reference{at("m.b", "path")}, "m: {a: inline}", "m: {a: inline, b: path}",
		map[string]string{"m.a": "values", "m.b": "valuesFrom[0]"}},
	{"viii: into a list of inline: path", []Reference{at("l[0].a", "path")}, "l: [{a: inline, b: 1}]", "l: [{a: path, b: 1}]", nil},

	{"order", []Reference{root("a: 1\nb: 1\nc: 1"), root("b: 2\nc: 2")}, "c: 3", "{a: 1, b: 2, c: 3}",
		map[string]string{"a": "valuesFrom[0]", "b": "valuesFrom[1]", "c": "values"}},
	{"lists are replaced", []Reference{root("l: [1, 2, 3]")}, "l: [4]", "l: [4]", nil},
	{"a scalar replaces a map and the reverse", []Reference{root("a: {x: 1}\nb: 1")}, "a: 1\nb: {x: 1}", "a: 1\nb: {x: 1}", nil},
	{"null stays", []Reference{root("a: {x: 1}")}, "a: null", "a: null", nil},
	{"nothing", nil, "", "{}", nil},
	{"empty texts", []Reference{root(""), root("# nothing\n"), root("null")}, "a: 1", "a: 1", nil},
	{"YAML 1.1", []Reference{root("n: 1\nx: yes\ny: 0777\nz: 1_000")}, "", "{\"false\": 1, x: true, \"true\": 511, z: 1000}", nil},

	{"types of a path", []Reference{at("b", "true"), at("i", "17"), at("n", "null"), at("o", "007"), at("l", "{a,b}"), at("s", "1.5")}, "",
		`{b: true, i: 17, "n": null, o: "007", l: [a, b], s: "1.5"}`, map[string]string{"l": "valuesFrom[4]"}},
	{"quotes make a string", []Reference{at("a", `"true"`), at("b", `'17'`), at("c", `"x`)}, "", `{a: "true", b: "17", c: "\"x"}`, nil},
	{"an escaped dot", []Reference{at(`a.b\.c`, "x")}, "", `a: {"b.c": x}`, nil},
	{"commas are syntax", []Reference{at("a", "x,b=y")}, "", `{a: x, b: "y"}`, nil},
	{"unless it is literal", []Reference{verbatim("a", `x,b=y{[\]}`), verbatim(`m.b\.c`, "true")}, "", `{a: 'x,b=y{[\]}', m: {"b.c": "true"}}`,
		map[string]string{"a": "valuesFrom[0]"}},
	{"literal keeps lines", []Reference{verbatim("a", "one\ntwo: 'x'\n")}, "", `a: "one\ntwo: 'x'\n"`, nil},
	{"a list grows", []Reference{at("l[1]", "x")}, "", "l: [null, x]", nil},
}

func TestCompose(t *testing.T) {
	for _, test := range compositions {
		t.Run(test.name, func(t *testing.T) {
			composed, err := Compose(test.references, parse(t, test.inline))
			if err != nil {
				t.Fatal(err)
			}
			got, _ := yaml.Marshal(composed)
			expected, _ := yaml.Marshal(parse(t, test.expected))
			if string(got) != string(expected) {
				t.Errorf("got\n%s\nexpected\n%s", got, expected)
			}
		})
	}
}

func TestOrigins(t *testing.T) {
	for _, test := range compositions {
		if test.origins == nil {
			continue
		}
		t.Run(test.name, func(t *testing.T) {
			origins, err := Origins(test.references, parse(t, test.inline), nil, parse(t, test.expected))
			if err != nil {
				t.Fatal(err)
			}
			found := map[string]string{}
			for _, origin := range origins {
				var steps []string
				for _, step := range origin.Path {
					steps = append(steps, step.(string))
				}
				found[strings.Join(steps, ".")] = origin.Source
			}
			for path, source := range test.origins {
				if found[path] != source {
					t.Errorf("%s comes from %q, expected %q", path, found[path], source)
				}
			}
		})
	}
}

func TestOriginsOfDefaults(t *testing.T) {
	files := Merge(Tag(parse(t, "a: 1\nm: {x: 1, k: 1}"), "valuesFiles[0]").(map[string]any), Tag(parse(t, "m: {k: 2}\nl: [1]"), "valuesFiles[1]").(map[string]any))
	origins, err := Origins([]Reference{root("m: {z: 1}")}, parse(t, "own: {k: 1}"), files,
		parse(t, "a: 1\nm: {x: 1, k: 2, z: 1}\nl: [1]\nown: {k: 1}\nsub: {d: 1}\ne: {}"))
	if err != nil {
		t.Fatal(err)
	}
	expected := []Origin{
		{[]any{"a"}, float64(1), "valuesFiles[0]"}, {[]any{"e"}, map[string]any{}, "chart"},
		{[]any{"l"}, []any{float64(1)}, "valuesFiles[1]"}, {[]any{"m", "k"}, float64(2), "valuesFiles[1]"},
		{[]any{"m", "x"}, float64(1), "valuesFiles[0]"}, {[]any{"m", "z"}, float64(1), "valuesFrom[0]"},
		{[]any{"own", "k"}, float64(1), "values"}, {[]any{"sub", "d"}, float64(1), "chart"},
	}
	if !reflect.DeepEqual(origins, expected) {
		t.Errorf("got %v", origins)
	}
}

func TestErrorsTellNoValues(t *testing.T) {
	for name, reference := range map[string]Reference{
		"no map":     root("just secret"),
		"syntax":     root("password: \"secret"),
		"bad list":   at("a[x]", "secret"),
		"open brace": at("a", "{secret"),
		"no value":   at("a", "b,secret"),
		"huge index": at("a[99999999]", "secret"),
	} {
		t.Run(name, func(t *testing.T) {
			_, err := Compose([]Reference{root("fine: 1"), reference}, map[string]any{})
			if err == nil || !strings.HasPrefix(err.Error(), "valuesFrom[1]: ") || strings.Contains(err.Error(), "secret") {
				t.Errorf("got %v", err)
			}
		})
	}
}

func TestMergeSharesWhatOneSideHas(t *testing.T) {
	a, b := parse(t, "both: {a: 1}\nmine: {x: 1}"), parse(t, "both: {b: 1}\nyours: {x: 1}")
	merged := Merge(a, b)
	merged["mine"].(map[string]any)["x"] = 2
	merged["yours"].(map[string]any)["x"] = 2
	merged["both"].(map[string]any)["a"] = 2
	if a["mine"].(map[string]any)["x"] != 2 || b["yours"].(map[string]any)["x"] != 2 {
		t.Error("a map of one side is copied")
	}
	if a["both"].(map[string]any)["a"] == 2 {
		t.Error("a merged map is shared")
	}
}
