package documents

import (
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"
)

func BenchmarkIndex(b *testing.B) {
	stream := []byte("apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: values\n  namespace: app\ndata:\n  a: b\n  values.yaml: |\n    image: {tag: 1.2.3}\n")
	for b.Loop() {
		Index(stream, false)
	}
}

func TestDocuments(t *testing.T) {
	const stream = `# a comment
apiVersion: v1
kind: ConfigMap
metadata: {name: one, namespace: here}
data:
  text: |
    ---not a separator
---
---
- a list
--- # with a comment
kind: &kind Secret
metadata:
  name: "two"
sops:
  mac: x

`
	documents, problems := Index([]byte(stream), false)
	if len(problems) != 0 {
		t.Fatalf("problems %+v", problems)
	}
	for index := range documents {
		documents[index].node, documents[index].chunk = nil, chunk{}
	}
	want := []Document{
		{Index: 0, Line: 2, EndLine: 7, APIVersion: "v1", Kind: "ConfigMap", Namespace: "here", Name: "one"},
		{Index: 2, Line: 10, EndLine: 10},
		{Index: 3, Line: 12, EndLine: 16, Kind: "Secret", Name: "two", Sops: true},
	}
	if !reflect.DeepEqual(documents, want) {
		t.Errorf("got  %+v\nwant %+v", documents, want)
	}
}

func TestBodies(t *testing.T) {
	documents, problems := Index([]byte("a: yes\nb: 010\nc: 1e3\nd: &x [1, 2]\ne: *x\na: twice\n"), true)
	if len(documents) != 1 || len(problems) != 1 {
		t.Fatalf("%+v, %+v", documents, problems)
	}
	encoded, err := json.Marshal(documents[0].Body)
	if want := `{"a":"twice","b":8,"c":1000,"d":[1,2],"e":[1,2]}`; err != nil || string(encoded) != want {
		t.Errorf("%s, %v", encoded, err)
	}
}

func TestProblems(t *testing.T) {
	for name, test := range map[string]struct {
		stream string
		want   []Problem
		count  int
	}{
		"syntax": {"a: b\n---\na: b\n c: d\n---\nx: y\n", []Problem{{codeSyntax, 4, 1, "mapping values are not allowed in this context"}}, 1},
		"tab":    {"a:\n\tb: c\n", []Problem{{codeSyntax, 2, 1, "found character that cannot start any token"}}, 0},
		"duplicate keys": {"a: 1\nb:\n  - c: 1\n    d: 2\n    c: 3\na: 2\n", []Problem{
			{codeDuplicateKey, 6, 1, `key "a" is already set on line 1`}, {codeDuplicateKey, 5, 5, `key "c" is already set on line 3`}}, 1},
		"duplicate among many": {many(20) + "k3: again\n", []Problem{{codeDuplicateKey, 21, 1, `key "k3" is already set on line 4`}}, 1},
		"encoding":             {"a: b\nc: \xff\n", []Problem{{codeEncoding, 2, 4, "byte 0xff is not UTF-8"}}, 0},
		"recursive alias":      {"a: &x\n  b: *x\n", []Problem{{codeAliasBomb, 2, 6, `anchor "x" contains itself`}}, 0},
		"unknown alias":        {"a: *x\n", []Problem{{codeSyntax, 1, 1, "an alias (a value that begins with *) names no anchor"}}, 0},
		"empty":                {"", []Problem{}, 0},
		"only comments":        {"# nothing\n---\n# nothing\n", []Problem{}, 0},
	} {
		t.Run(name, func(t *testing.T) {
			documents, problems := Index([]byte(test.stream), true)
			if len(documents) != test.count || !reflect.DeepEqual(problems, test.want) {
				t.Errorf("%d documents, problems %+v\nwant %d, %+v", len(documents), problems, test.count, test.want)
			}
		})
	}
}

// many is a mapping with many keys.
func many(count int) string {
	var text strings.Builder
	for index := range count {
		fmt.Fprintf(&text, "k%d: v\n", index)
	}
	return text.String()
}

func TestAliasBomb(t *testing.T) {
	var stream strings.Builder
	stream.WriteString("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n")
	for level := 1; level < 30; level++ {
		fmt.Fprintf(&stream, "a%d: &a%d [%s]\n", level, level, strings.TrimSuffix(strings.Repeat(fmt.Sprintf("*a%d,", level-1), 10), ","))
	}
	started := time.Now()
	documents, problems := Index([]byte(stream.String()), true)
	if len(documents) != 0 || len(problems) != 1 || problems[0].Code != codeAliasBomb {
		t.Errorf("%d documents, %+v", len(documents), problems)
	}
	if took := time.Since(started); took > 2*time.Second {
		t.Errorf("it took %s", took)
	}
}

func TestDeepNesting(t *testing.T) {
	_, problems := Index([]byte(strings.Repeat("[", 100_000)), true)
	if len(problems) != 1 || problems[0].Code != codeSyntax {
		t.Errorf("%+v", problems)
	}
}

func TestOutline(t *testing.T) {
	if got := Outline([]byte("# comment\n\nkind: X\n")); len(got) != 1 || got[0].Line != 3 {
		t.Errorf("%+v", got)
	}
	if got := Outline([]byte("---\nkind: X\n---\nkind: Y\n")); len(got) != 2 || got[1].Kind != "Y" || got[1].Line != 4 {
		t.Errorf("%+v", got)
	}
}
