package expression

import (
	"context"
	"encoding/json"
	"errors"
	"reflect"
	"strings"
	"testing"

	"elysium.dev/engine/internal/rpc"
)

const variables = `{
  "self": {"metadata": {"name": "app", "generation": 3, "labels": {"team": "a"}}},
  "dep": {"metadata": {"name": "db", "generation": 2}, "status": {
    "observedGeneration": 2, "conditions": [{"type": "Ready", "status": "True"}], "version": "v1.2.3"}},
  "text": "abc", "number": 4}`

func evaluate(t testing.TB, text string) (*Result, error) {
	t.Helper()
	raw, err := json.Marshal(map[string]any{"expression": text, "variables": json.RawMessage(variables)})
	if err != nil {
		t.Fatal(err)
	}
	result, err := handleEvaluate(context.Background(), raw)
	if err != nil {
		return nil, err
	}
	return result.(*Result), nil
}

func TestEvaluate(t *testing.T) {
	cases := map[string]Result{
		`dep.status.conditions.filter(c, c.type == 'Ready').all(c, c.status == 'True')`: {true, "bool"},
		`dep.metadata.generation == dep.status.observedGeneration`:                      {true, "bool"},
		`self.metadata.generation > 3.5`:                                                {false, "bool"},
		`has(self.metadata.annotations)`:                                                {false, "bool"},
		`self.metadata.?annotations.orValue({}).size() == 0`:                            {true, "bool"},
		`dep.status.version.split('.')[1]`:                                              {"2", "string"},
		`sets.contains(['a', 'b'], [self.metadata.labels.team])`:                        {true, "bool"},
		`base64.encode(b'x')`:                                                           {"eA==", "string"},
		`self.metadata.labels`:                                                          {map[string]any{"team": "a"}, "dyn"},
		`text + 'd'`:                                                                    {"abcd", "string"},
		`number * 2`:                                                                    {float64(8), "int"},
		`[1, 2].map(x, x + 1)`:                                                          {[]any{float64(2), float64(3)}, "list(int)"},
	}
	for text, want := range cases {
		found, err := evaluate(t, text)
		if err != nil {
			t.Errorf("%s: %v", text, err)
		} else if !reflect.DeepEqual(*found, want) {
			t.Errorf("%s: found %#v, want %#v", text, *found, want)
		}
	}
}

func TestEvaluateFails(t *testing.T) {
	cases := map[string]string{
		`dep.status.`:               "does not compile",
		`other == 1`:                "undeclared reference to 'other'",
		`dep.status.missing == 'x'`: "no such key: missing",
		`1 / 0`:                     "division by zero",
		strings.Repeat(" ", 70_000): "longer than",
	}
	for text, want := range cases {
		_, err := evaluate(t, text)
		var failed *rpc.FailedError
		if !errors.As(err, &failed) || failed.Stage != "evaluate" || !strings.Contains(err.Error(), want) {
			t.Errorf("%.40s: found %v, want %s", text, err, want)
		}
	}
}

func TestCostIsBounded(t *testing.T) {
	list := "[" + strings.Repeat("1,", 300) + "1]"
	_, err := evaluate(t, list+".all(a, "+list+".all(b, "+list+".all(c, a + b + c > 0)))")
	var exceeded *rpc.ExceededError
	if !errors.As(err, &exceeded) {
		t.Errorf("found %v", err)
	}
}

func BenchmarkEvaluate(b *testing.B) {
	for b.Loop() {
		if _, err := evaluate(b, `dep.metadata.generation == dep.status.observedGeneration`); err != nil {
			b.Fatal(err)
		}
	}
}
