package documents

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

// A long stream is read by several processors: the order, the numbers and the first problem stay what they are for a short one.
func TestALongStreamIsReadInOrder(t *testing.T) {
	var stream strings.Builder
	for number := range 3 * long {
		if number%10 == 3 {
			stream.WriteString("# empty\n---\n")
			continue
		}
		fmt.Fprintf(&stream, "kind: Thing\nmetadata: {name: n%d}\n---\n", number)
	}
	documents, problems := Index([]byte(stream.String()), true)
	if len(problems) != 0 || len(documents) == 0 {
		t.Fatalf("%d documents, %v", len(documents), problems)
	}
	lines := strings.Split(stream.String(), "\n")
	for _, document := range documents {
		if document.Name != fmt.Sprintf("n%d", document.Index) || lines[document.Line-1] != "kind: Thing" {
			t.Fatalf("document %d is %s, on line %d", document.Index, document.Name, document.Line)
		}
	}
	bodies, problems := Bodies([]byte(stream.String()))
	if len(problems) != 0 || len(bodies) != len(documents) {
		t.Errorf("%d bodies of %d documents, %v", len(bodies), len(documents), problems)
	}
	broken := strings.Replace(stream.String(), "{name: n100}", "{name: n100", 1)
	before, problems := Index([]byte(strings.Replace(broken, "{name: n150}", "[", 1)), true)
	if len(problems) != 1 || before[len(before)-1].Name != "n99" {
		t.Errorf("the last document before the first problem is %s; %v", before[len(before)-1].Name, problems)
	}
}

func TestBodiesSaysWhatIndexSays(t *testing.T) {
	for _, stream := range []string{
		"a: 1\n---\n---\nb: yes\n", "", "# nothing\n", "a: [\n", "a: 1\na: 2\n", "a: &x [1]\nb: *x\n", "a: \xff", "null\n---\n~\n",
		"a: &x [b]\nc: &y [*x,*x,*x,*x,*x,*x,*x,*x,*x,*x]\nd: [*y,*y]\n", "? {a: b}\n: c\n", "a: \t b\n", "--- |\n text\n---\n5\n",
	} {
		documents, wanted := Index([]byte(stream), true)
		bodies, problems := Bodies([]byte(stream))
		var first, second []string
		for _, document := range documents {
			first = append(first, fmt.Sprintf("%s", document.Body))
		}
		for _, body := range bodies {
			second = append(second, fmt.Sprintf("%s", body))
		}
		refused := func(problem Problem) bool { return !problem.Tolerable() }
		same := strings.Join(first, "\n") == strings.Join(second, "\n")
		if !same || slices.ContainsFunc(wanted, refused) != slices.ContainsFunc(problems, refused) {
			t.Errorf("%q: %s and %v, not %s and %v", stream, second, problems, first, wanted)
		}
	}
}
