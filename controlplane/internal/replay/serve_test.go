package replay

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"strings"
	"testing"

	"elysium.dev/controlplane/internal/replay/wire"
)

// answers gives what a service with three methods answers to some lines, by id.
func answers(t *testing.T, lines ...string) map[string]wire.Response {
	t.Helper()
	var out bytes.Buffer
	service := &service{log: io.Discard, out: bufio.NewWriter(&out), methods: map[string]method{
		"echo":  take(func(_ context.Context, asked struct{ Text string }) (string, error) { return asked.Text, nil }),
		"fail":  take(func(context.Context, nothing) (nothing, error) { return nothing{}, errors.New("no") }),
		"panic": func(context.Context, json.RawMessage) (any, error) { panic("hostile") },
	}}
	if err := service.serve(t.Context(), strings.NewReader(strings.Join(lines, "\n")+"\n"), 2); err != nil {
		t.Fatal(err)
	}
	answered := map[string]wire.Response{}
	for line := range strings.Lines(out.String()) {
		var response wire.Response
		if err := json.Unmarshal([]byte(line), &response); err != nil {
			t.Fatal(err)
		}
		answered[string(response.ID)] = response
	}
	return answered
}

func TestEveryRequestIsAnsweredWhateverItIs(t *testing.T) {
	answered := answers(t,
		`{"id": 1, "method": "echo", "params": {"text": "hello"}}`,
		`{"id": 2, "method": "fail"}`,
		`{"id": 3, "method": "panic"}`,
		`{"id": 4, "method": "dance"}`,
		`{"id": 5, "method": "echo", "params": {"text": 7}}`,
		`no json`,
	)
	if answered["1"].Result != "hello" {
		t.Errorf("echo: %v", answered["1"])
	}
	for id, words := range map[string]string{
		"2": "no", "3": "hostile", "4": "unknown method", "5": "parameters", "null": "not a request",
	} {
		if failure := answered[id].Error; failure == nil || !strings.Contains(failure.Message, words) {
			t.Errorf("%s: %v does not say %q", id, failure, words)
		}
	}
}

func TestALineThatIsTooLongIsReadToItsEnd(t *testing.T) {
	long := strings.Repeat("x", 200_000)
	reader := bufio.NewReader(strings.NewReader(long + "\nnext\n"))
	if _, err := readLine(reader, 100); !errors.Is(err, errTooLarge) {
		t.Fatal(err)
	}
	if line, err := readLine(reader, 100); err != nil || string(line) != "next" {
		t.Fatal(string(line), err)
	}
}

func TestPatienceIsBounded(t *testing.T) {
	if limit := (patience{Limit: 1 << 40}).durations().Limit; limit >= deadline {
		t.Error(limit)
	}
	if asked := (patience{Quiet: 100, Limit: 200}).durations(); asked.Quiet.Milliseconds() != 100 || asked.Limit.Milliseconds() != 200 {
		t.Error(asked)
	}
}
