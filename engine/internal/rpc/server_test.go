package rpc

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"strings"
	"testing"
	"time"
)

func serve(t *testing.T, bounds Bounds, input string) (string, error) {
	t.Helper()
	server := NewServer(bounds)
	server.Handle("echo", func(_ context.Context, params json.RawMessage) (any, error) {
		var asked struct {
			Text string `json:"text"`
		}
		if err := Decode(params, &asked); err != nil {
			return nil, err
		}
		return asked, nil
	})
	server.Handle("nothing", func(context.Context, json.RawMessage) (any, error) { return nil, nil })
	server.Handle("failed", func(context.Context, json.RawMessage) (any, error) {
		return nil, Failed("build", "it %s", "broke").At("a.yaml", 3).On(Object{Kind: "Pod", Name: "p"}).In("t")
	})
	server.Handle("unavailable", func(context.Context, json.RawMessage) (any, error) {
		return nil, Unavailable(map[string]string{"kind": "x", "name": "y"})
	})
	server.Handle("broken", func(context.Context, json.RawMessage) (any, error) { return nil, errors.New("a defect") })
	server.Handle("panic", func(context.Context, json.RawMessage) (any, error) { panic("oh") })
	server.Handle("unencodable", func(context.Context, json.RawMessage) (any, error) { return func() {}, nil })
	server.Handle("endless", func(context.Context, json.RawMessage) (any, error) { select {} })
	server.Handle("greedy", func(context.Context, json.RawMessage) (any, error) {
		var kept [][]byte
		for {
			kept = append(kept, bytes.Repeat([]byte("x"), 1<<20))
			if len(kept) > 2000 {
				return nil, errors.New("nobody stopped it")
			}
			time.Sleep(time.Millisecond)
		}
	})
	var output bytes.Buffer
	err := server.Serve(strings.NewReader(input), &output)
	return output.String(), err
}

func TestAnswers(t *testing.T) {
	for name, test := range map[string]struct{ request, want string }{
		"echo":         {`{"jsonrpc":"2.0","id":1,"method":"echo","params":{"text":"<a> & é"}}`, `{"jsonrpc":"2.0","id":1,"result":{"text":"<a> & é"}}`},
		"no params":    {`{"jsonrpc":"2.0","id":"x","method":"echo"}`, `{"jsonrpc":"2.0","id":"x","result":{"text":""}}`},
		"no result":    {`{"jsonrpc":"2.0","id":1,"method":"nothing"}`, `{"jsonrpc":"2.0","id":1,"result":{}}`},
		"unknown":      {`{"jsonrpc":"2.0","id":1,"method":"what"}`, `{"jsonrpc":"2.0","id":1,"error":{"code":-32601,"message":"unknown method \"what\""}}`},
		"parameter":    {`{"jsonrpc":"2.0","id":1,"method":"echo","params":{"x":1}}`, `{"jsonrpc":"2.0","id":1,"error":{"code":-32602,"message":"parameters: json: unknown field \"x\""}}`},
		"no id":        {`{"jsonrpc":"2.0","method":"echo"}`, `{"jsonrpc":"2.0","id":null,"error":{"code":-32600,"message":"a request needs jsonrpc 2.0, a method and an id"}}`},
		"failed":       {`{"jsonrpc":"2.0","id":1,"method":"failed"}`, `{"jsonrpc":"2.0","id":1,"error":{"code":-32000,"message":"it broke","data":{"stage":"build","file":"a.yaml","line":3,"object":{"apiVersion":"","kind":"Pod","namespace":"","name":"p"},"template":"t"}}}`},
		"unavailable":  {`{"jsonrpc":"2.0","id":1,"method":"unavailable"}`, `{"jsonrpc":"2.0","id":1,"error":{"code":-32002,"message":"unavailable offline: [{\"kind\":\"x\",\"name\":\"y\"}]","data":{"needs":[{"kind":"x","name":"y"}]}}}`},
		"defect":       {`{"jsonrpc":"2.0","id":1,"method":"broken"}`, `{"jsonrpc":"2.0","id":1,"error":{"code":-32603,"message":"a defect"}}`},
		"panic":        {`{"jsonrpc":"2.0","id":1,"method":"panic"}`, `{"jsonrpc":"2.0","id":1,"error":{"code":-32001,"message":"panic: oh","data":{"bound":"panic"}}}`},
		"unencodable":  {`{"jsonrpc":"2.0","id":1,"method":"unencodable"}`, `{"jsonrpc":"2.0","id":1,"error":{"code":-32603,"message":"encode the answer: json: unsupported type: func()"}}`},
		"last line":    {"\n" + `{"jsonrpc":"2.0","id":1,"method":"nothing"}`, `{"jsonrpc":"2.0","id":1,"result":{}}`},
		"empty stream": {"", ""},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := serve(t, Bounds{}, test.request)
			if err != nil || strings.TrimSpace(got) != test.want {
				t.Errorf("%v\ngot  %s\nwant %s", err, got, test.want)
			}
		})
	}
}

func TestGarbageIsAnswered(t *testing.T) {
	got, err := serve(t, Bounds{}, "garbage\n"+`{"jsonrpc":"2.0","id":2,"method":"nothing"}`+"\n")
	if err != nil || !strings.Contains(got, "-32700") || !strings.Contains(got, `"id":2,"result":{}`) {
		t.Errorf("%v\n%s", err, got)
	}
}

func TestDeadline(t *testing.T) {
	started := time.Now()
	got, err := serve(t, Bounds{Deadline: 50 * time.Millisecond}, `{"jsonrpc":"2.0","id":1,"method":"endless"}`+"\n"+`{"jsonrpc":"2.0","id":2,"method":"nothing"}`)
	if !errors.Is(err, ErrBoundReached) || !strings.Contains(got, `"bound":"time"`) || strings.Contains(got, `"id":2`) {
		t.Errorf("%v\n%s", err, got)
	}
	if time.Since(started) > 2*time.Second {
		t.Errorf("it took %s", time.Since(started))
	}
}

func TestMemory(t *testing.T) {
	got, err := serve(t, Bounds{Memory: memoryInUse() + 64<<20}, `{"jsonrpc":"2.0","id":1,"method":"greedy"}`)
	if !errors.Is(err, ErrBoundReached) || !strings.Contains(got, `"bound":"memory"`) {
		t.Errorf("%v\n%s", err, got)
	}
}

func TestLongLines(t *testing.T) {
	text := strings.Repeat("x", 1<<20)
	got, err := serve(t, Bounds{}, `{"jsonrpc":"2.0","id":1,"method":"echo","params":{"text":"`+text+`"}}`+"\n")
	if err != nil || !strings.Contains(got, text) {
		t.Errorf("%v, %d bytes", err, len(got))
	}
	endless := io.LimitReader(zeros{}, MaxRequest+1<<20)
	if err := NewServer(Bounds{}).Serve(endless, io.Discard); err == nil {
		t.Error("a request without end was read")
	}
}

// zeros is an endless line.
type zeros struct{}

func (zeros) Read(buffer []byte) (int, error) {
	for index := range buffer {
		buffer[index] = '0'
	}
	return len(buffer), nil
}
