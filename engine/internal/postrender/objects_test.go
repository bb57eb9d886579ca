package postrender

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"

	"k8s.io/apimachinery/pkg/util/json"
	"sigs.k8s.io/yaml"
)

var flux = Spec{
	CommonMetadata: &Metadata{Labels: map[string]string{"team": "red", "on": "yes"}, Annotations: map[string]string{"note": "1.0"}},
	Origin:         &Origin{Name: "app", Namespace: "apps"},
}

// throughStream is what Labelled has to agree with: Run, and its result read as Helm's client reads it.
func throughStream(t *testing.T, files map[string]string, spec Spec) ([]Object, error) {
	t.Helper()
	rendered, err := Run(files, Combined, Build(spec))
	if err != nil {
		return nil, err
	}
	objects := []Object{}
	names := []string{}
	for name := range rendered {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		for _, document := range Documents(rendered[name]) {
			converted, err := yaml.YAMLToJSON([]byte(document))
			if err != nil {
				return nil, err
			}
			var body map[string]any
			if err := json.Unmarshal(converted, &body); err != nil {
				return nil, err
			}
			objects = append(objects, Object{File: name, Body: body})
		}
	}
	return objects, nil
}

func requireSame(t *testing.T, files map[string]string, spec Spec) bool {
	t.Helper()
	fast, ordinary := Labelled(files, spec)
	if !ordinary {
		return false
	}
	slow, err := throughStream(t, files, spec)
	if err != nil {
		t.Fatalf("the stream fails where Labelled does not: %v\n%v", err, files)
	}
	if !reflect.DeepEqual(slow, append([]Object{}, fast...)) {
		t.Fatalf("different results for\n%v\nstream: %#v\nparsed: %#v", files, slow, fast)
	}
	return true
}

// oddScalars are written into templates as they stand.
var oddScalars = []string{
	"yes", "no", "on", "Off", "y", "n", "true", "True", "null", "~", "''", "0777", "0o777", "0x1F", "1_000", "1e3", "1.0", "-0.0", "1.50", ".5", "5.",
	"12345678901234567890", "123456789012345678901234567890", "9223372036854775807", "-9223372036854775808", "1e400", ".inf", "NaN",
	"2020-01-01", "2020-01-01T00:00:00Z", "12:30:45", "1:20", "'yes'", `"no"`, `"1"`, "'0777'", `"a\nb"`, `"a\n"`, `"\na"`, `" a"`, `"a "`,
	"a: b", "'a: b'", "'#x'", "a#b", "'- a'", "'*a'", "'&a'", "'!x'", "'%x'", "'@x'", "'`x'", "'a''b'", `"a\"b"`, `"a\\b"`, "'{a}'", "'[a]'", "é", "'日本'",
	"|\n      line one\n      line two", "|-\n      line one\n        indented", ">\n      folded\n      text\n\n      more", "|+\n      kept\n\n",
	"|\n      #!/bin/sh\n      set -e\n      echo \"$A\" | grep ': x'", strings.Repeat("long words ", 30) + "end", `"` + strings.Repeat("long words ", 30) + `end"`,
	"'" + strings.Repeat("x", 200) + "'", "[]", "{}", "[a, 1, yes]", "{a: 1, b: [x]}", "[{a: null}]", "[null]", "&x y", "!!str 1", "!!int '1'", "<<", "=",
}

func TestLabelledAgreesWithTheStreamOnScalars(t *testing.T) {
	taken := 0
	for _, scalar := range oddScalars {
		files := map[string]string{"c/templates/a.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\ndata:\n    key: " + scalar + "\n    other: x\n"}
		if requireSame(t, files, flux) {
			taken++
		}
	}
	if taken < len(oddScalars)/2 {
		t.Errorf("only %d of %d documents were taken: the quick way is of no use", taken, len(oddScalars))
	}
}

func TestLabelledAgreesWithTheStreamOnRandomDocuments(t *testing.T) {
	const rounds = 400
	taken := 0
	random := rand.New(rand.NewPCG(1, 2))
	for range rounds {
		files := map[string]string{}
		for file := range 1 + random.IntN(3) {
			var text strings.Builder
			for range 1 + random.IntN(3) {
				fmt.Fprintf(&text, "---\n# a comment\napiVersion: v1\nkind: %s\nmetadata:\n  name: n%d\n", pick(random, "ConfigMap", "Job", "Widget"), random.IntN(1000))
				text.WriteString(pick(random, "", "  labels: {a: b}\n", "  annotations: {x: \"1\"}\n", "  namespace: default\n", "  labels:\n    team: blue\n", "  annotations:\n", "  annotations: {}\n", "  labels: {}\n", "  labels:\n"))
				text.WriteString("spec:\n")
				writeRandom(random, &text, 4, 0)
			}
			files[fmt.Sprintf("c/templates/f%d.yaml", file)] = text.String()
		}
		if requireSame(t, files, flux) {
			taken++
		}
	}
	if taken < rounds/4 {
		t.Errorf("only %d of %d were taken: the comparison says nothing", taken, rounds)
	}
}

func pick(random *rand.Rand, choices ...string) string { return choices[random.IntN(len(choices))] }

func writeRandom(random *rand.Rand, text *strings.Builder, indent, depth int) {
	padding := strings.Repeat(" ", indent)
	for field := range 1 + random.IntN(4) {
		switch {
		case depth < 3 && random.IntN(4) == 0:
			fmt.Fprintf(text, "%sfield%d:\n", padding, field)
			writeRandom(random, text, indent+2, depth+1)
		case depth < 3 && random.IntN(5) == 0:
			fmt.Fprintf(text, "%sfield%d:\n%s- name: %s\n%s  value: \"%d\"\n", padding, field, padding, randomText(random, indent+6), padding, random.IntN(9))
		default:
			fmt.Fprintf(text, "%sfield%d: %s\n", padding, field, randomText(random, indent+2))
		}
	}
}

// randomText writes a scalar in a random style.
func randomText(random *rand.Rand, indent int) string {
	alphabet := []rune("abc XYZ019_-.:/#'\"\\,[]{}&*!|>%@`\n\té“日😀")
	plain := make([]rune, 1+random.IntN(90))
	for index := range plain {
		plain[index] = alphabet[random.IntN(len(alphabet))]
	}
	quoted, _ := json.Marshal(string(plain))
	if random.IntN(3) == 0 {
		if random.IntN(2) == 0 {
			block := pick(random, "x", "\nx", "\n\nx", "  x", "x \n\ty \n") + string(plain) + pick(random, "", "\n", " \n", " \n\n")
			return pick(random, "|", "|-", "|+", ">", ">-", "|2", "|2-", "|2+") + strings.ReplaceAll("\n"+block, "\n", "\n"+strings.Repeat(" ", indent))
		}
		return pick(random, "true", "17", "2.5", "null", "word", "two words", "8080", "'quoted'")
	}
	return string(quoted)
}

func TestLabelledLeavesTheUnusualToTheStream(t *testing.T) {
	const head = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\n"
	for name, text := range map[string]string{
		"list":              "apiVersion: v1\nkind: List\nitems:\n- " + strings.ReplaceAll(strings.TrimSpace(head), "\n", "\n  "),
		"kind of a list":    "apiVersion: v1\nkind: ConfigMapList\nmetadata: {name: a}\nitems: []\n",
		"no name":           "apiVersion: v1\nkind: ConfigMap\nmetadata: {}\n",
		"no kind":           "apiVersion: v1\nmetadata: {name: a}\n",
		"no metadata":       "apiVersion: v1\nkind: ConfigMap\n",
		"twice":             head + "---\n" + head,
		"default namespace": head + "---\n" + head + "  namespace: default\n",
		"anchor":            head + "data: {a: &x 1, b: *x}\n",
		"timestamp":         head + "data: {a: 2020-01-01}\n",
		"null in list":      head + "data: [null]\n",
		"number as label":   head + "  labels: {a: 1}\n",
		"a list as labels":  head + "  labels: []\n",
		"note of a tool":    head + "  annotations: {config.kubernetes.io/index: \"0\"}\n",
		"number as key":     head + "data: {1: a}\n",
		"duplicate key":     head + "data: {a: 1, a: 2}\n",
		"syntax":            head + "data: {a\n",
		"scalar":            "just text",
		"sequence":          "- a\n",
		"control":           head + "data: {a: \"x\\u0007y\"}\n",
		"no-break space":    head + "data: {a: \"x\u00a0y\"}\n",
		"windows":           strings.ReplaceAll(head, "\n", "\r\n"),
		"JSON":              `{"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "a"}}`,
	} {
		t.Run(name, func(t *testing.T) {
			if _, ordinary := Labelled(map[string]string{"c/templates/a.yaml": text}, flux); ordinary {
				t.Errorf("taken: %s", text)
			}
		})
	}
}

func TestLabelledTakesOnlyMetadata(t *testing.T) {
	if _, ordinary := Labelled(nil, Spec{Origin: flux.Origin, PostRenderers: []PostRenderer{{}}}); ordinary {
		t.Error("a post-renderer was passed over")
	}
	if _, ordinary := Labelled(nil, Spec{}); ordinary {
		t.Error("a release without origin was taken")
	}
}
