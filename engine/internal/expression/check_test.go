package expression

import (
	"strings"
	"testing"
)

func TestProblem(t *testing.T) {
	filter := []string{"res", "req"}
	cases := []struct {
		asked question
		want  string
	}{
		{question{Text: "status.conditions.filter(e, e.type == 'Ready').all(e, e.status == 'True')"}, ""},
		{question{Text: "anything.at.all == undeclared"}, ""},
		{question{Text: "status.conditions.filter(e, e.type == 'Ready'"}, "1:46: Syntax error: missing ')' at '<EOF>'"},
		{question{Text: "a == = b"}, "1:6: Syntax error"},
		{question{Text: "res.metadata.name == req.name", Structs: filter, Type: "bool"}, ""},
		{question{Text: "res.metadata.name.split('/').size() > 1", Structs: filter, Type: "bool"}, ""},
		{question{Text: "other.metadata.name == 'x'", Structs: filter, Type: "bool"}, "1:1: undeclared reference to 'other'"},
		{question{Text: "'x'", Structs: filter, Type: "bool"}, "must evaluate to bool but evaluates to string"},
		{question{Text: "event.a + 'x'", Structs: []string{"event"}, Type: "string"}, ""},
		{question{Text: strings.Repeat(" ", maximumLength+1)}, "longer than"},
	}
	for _, one := range cases {
		found := one.asked.problem()
		if found != one.want && (one.want == "" || !strings.HasPrefix(found, one.want)) {
			t.Errorf("%.60s: found %q, want %q", one.asked.Text, found, one.want)
		}
	}
}
