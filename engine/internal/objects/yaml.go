package objects

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"

	"sigs.k8s.io/yaml"

	"elysium.dev/engine/internal/documents"
	"elysium.dev/engine/internal/rpc"
)

// Register adds yaml.decode and yaml.encode to the server.
func Register(server *rpc.Server) {
	server.Handle("yaml.decode", handleDecode)
	server.Handle("yaml.encode", handleEncode)
}

func handleDecode(_ context.Context, params json.RawMessage) (any, error) {
	var asked struct {
		Text string `json:"text"`
	}
	if err := rpc.Decode(params, &asked); err != nil {
		return nil, err
	}
	bodies, problems := documents.Bodies([]byte(asked.Text))
	for _, problem := range problems {
		if !problem.Tolerable() {
			return nil, rpc.Failed("parse", "%s", problem.Message).At("", problem.Line)
		}
	}
	return map[string]any{"documents": bodies}, nil
}

func handleEncode(_ context.Context, params json.RawMessage) (any, error) {
	var asked struct {
		Objects []Object `json:"objects"`
	}
	if err := rpc.Decode(params, &asked); err != nil {
		return nil, err
	}
	encoded, err := Encode(asked.Objects)
	if err != nil {
		return nil, err
	}
	return map[string]string{"yaml": string(encoded)}, nil
}

// Encode writes objects as a YAML stream with sorted keys.
func Encode(list []Object) ([]byte, error) {
	var stream bytes.Buffer
	for index, object := range list {
		if index > 0 {
			stream.WriteString("---\n")
		}
		encoded, err := yaml.Marshal(map[string]any(object))
		if err != nil {
			return nil, fmt.Errorf("encode %s: %w", Describe(object), err)
		}
		stream.Write(encoded)
	}
	return stream.Bytes(), nil
}
