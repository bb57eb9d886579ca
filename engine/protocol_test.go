package main

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"elysium.dev/engine/internal/rpc"
	"elysium.dev/engine/internal/tree"
)

var record = flag.Bool("record", false, "write the answers of the recorded pairs anew")

// pairs is one file of recorded exchanges.
type pairs struct {
	Files     map[string]string `json:"files"`
	Exchanges []exchange        `json:"exchanges"`
}

type exchange struct {
	Request struct {
		Method string          `json:"method"`
		Params json.RawMessage `json:"params"`
	} `json:"request"`
	Answer map[string]any `json:"answer"`
}

// TestPairs sends every recorded request and compares the answers, which must fit the schema too.
func TestPairs(t *testing.T) {
	files, err := filepath.Glob("protocol/pairs/*.json")
	if err != nil || len(files) == 0 {
		t.Fatalf("no pairs: %v", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".json"), func(t *testing.T) {
			recorded := readPairs(t, file)
			answers := ask(t, recorded)
			for index, answer := range answers {
				exchange := &recorded.Exchanges[index]
				checkSchema(t, exchange, answer)
				if *record {
					exchange.Answer = keepAnything(exchange.Answer, answer).(map[string]any)
				} else if !matches(exchange.Answer, answer) {
					t.Errorf("%s (number %d):\ngot  %s\nwant %s", exchange.Request.Method, index, text(answer), text(exchange.Answer))
				}
			}
			if *record {
				writePairs(t, file, recorded)
			}
		})
	}
}

func readPairs(t *testing.T, file string) *pairs {
	t.Helper()
	content, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var read pairs
	if err := json.Unmarshal(content, &read); err != nil {
		t.Fatal(err)
	}
	return &read
}

func writePairs(t *testing.T, file string, recorded *pairs) {
	t.Helper()
	var encoded bytes.Buffer
	encoder := json.NewEncoder(&encoded)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", " ")
	if err := encoder.Encode(recorded); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, encoded.Bytes(), 0o644); err != nil {
		t.Fatal(err)
	}
}

// ask sends the requests of a file to a server with all methods.
func ask(t *testing.T, recorded *pairs) []map[string]any {
	t.Helper()
	root := t.TempDir()
	for name, content := range recorded.Files {
		file := filepath.Join(root, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	var requests bytes.Buffer
	for index, exchange := range recorded.Exchanges {
		encoded, err := json.Marshal(map[string]any{
			"jsonrpc": "2.0", "id": index, "method": exchange.Request.Method, "params": exchange.Request.Params})
		if err != nil {
			t.Fatal(err)
		}
		requests.Write(append(bytes.ReplaceAll(encoded, []byte("$ROOT"), []byte(filepath.ToSlash(root))), '\n'))
	}
	server := rpc.NewServer(rpc.Bounds{})
	register(server, tree.NewRegistry())
	var output bytes.Buffer
	if err := server.Serve(&requests, &output); err != nil {
		t.Fatal(err)
	}
	var answers []map[string]any
	for line := range bytes.Lines(bytes.ReplaceAll(output.Bytes(), []byte(filepath.ToSlash(root)), []byte("$ROOT"))) {
		var answer map[string]any
		if err := json.Unmarshal(line, &answer); err != nil {
			t.Fatal(err)
		}
		answers = append(answers, answer)
	}
	if len(answers) != len(recorded.Exchanges) {
		t.Fatalf("%d answers to %d requests", len(answers), len(recorded.Exchanges))
	}
	return answers
}

// matches compares an answer with the recorded one, in which "*" stands for anything, also as a key.
func matches(want, got any) bool {
	if want == "*" {
		return true
	}
	wanted, isMap := want.(map[string]any)
	given, alsoMap := got.(map[string]any)
	if !isMap || !alsoMap {
		return reflect.DeepEqual(want, got)
	}
	if _, anyKey := wanted["*"]; anyKey {
		return true
	}
	for key := range given {
		if _, known := wanted[key]; !known {
			return false
		}
	}
	for key, value := range wanted {
		if item, given := given[key]; !given || !matches(value, item) {
			return false
		}
	}
	return true
}

// keepAnything records an answer, except where "*" stood before.
func keepAnything(before, answer any) any {
	if before == "*" {
		return before
	}
	known, isMap := before.(map[string]any)
	given, alsoMap := answer.(map[string]any)
	if _, anyKey := known["*"]; anyKey {
		return before
	}
	if isMap && alsoMap {
		for key, value := range given {
			given[key] = keepAnything(known[key], value)
		}
	}
	return answer
}

func text(value any) string {
	encoded, _ := json.Marshal(value)
	return string(encoded)
}

// checkSchema holds an exchange against the schema of its method. Requests that are refused need not fit.
func checkSchema(t *testing.T, exchange *exchange, answer map[string]any) {
	t.Helper()
	validate(t, "answer", answer)
	result, answered := answer["result"]
	if !answered {
		return
	}
	var params any
	if err := json.Unmarshal(exchange.Request.Params, &params); err != nil {
		t.Fatal(err)
	}
	validate(t, exchange.Request.Method+".params", params)
	validate(t, exchange.Request.Method+".result", result)
}

func validate(t *testing.T, definition string, value any) {
	t.Helper()
	compiled, err := jsonschema.NewCompiler().Compile("protocol/schema.json#/$defs/" + definition)
	if err != nil {
		t.Fatal(err)
	}
	if err := compiled.Validate(value); err != nil {
		t.Errorf("%s: %v\nof %s", definition, err, text(value))
	}
}

// TestEveryMethodHasPairs keeps the recorded pairs complete.
func TestEveryMethodHasPairs(t *testing.T) {
	server := rpc.NewServer(rpc.Bounds{})
	register(server, tree.NewRegistry())
	shown := map[string]bool{}
	files, _ := filepath.Glob("protocol/pairs/*.json")
	for _, file := range files {
		for _, exchange := range readPairs(t, file).Exchanges {
			if _, answered := exchange.Answer["result"]; answered {
				shown[exchange.Request.Method] = true
			}
		}
	}
	for _, method := range server.Methods() {
		if !shown[method] {
			t.Errorf("%s has no recorded answer", method)
		}
	}
}
