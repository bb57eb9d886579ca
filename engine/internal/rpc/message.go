package rpc

import (
	"bytes"
	"encoding/json"
	"errors"
)

type request struct {
	Version string          `json:"jsonrpc"`
	ID      json.RawMessage `json:"id"`
	Method  string          `json:"method"`
	Params  json.RawMessage `json:"params"`
}

type answer struct {
	Version string          `json:"jsonrpc"`
	ID      json.RawMessage `json:"id"`
	Result  any             `json:"result,omitempty"`
	Error   *errorAnswer    `json:"error,omitempty"`
}

type errorAnswer struct {
	Code    int    `json:"code"`
	Message string `json:"message"`
	Data    any    `json:"data,omitempty"`
}

// Decode reads parameters into a struct and refuses those that it does not know.
// Absent parameters count as an empty object.
func Decode(params json.RawMessage, into any) error {
	if len(params) == 0 {
		params = json.RawMessage("{}")
	}
	decoder := json.NewDecoder(bytes.NewReader(params))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(into); err != nil {
		return InvalidParams("parameters: %v", err)
	}
	return nil
}

func parseRequest(line []byte) (request, *errorAnswer) {
	var parsed request
	if err := json.Unmarshal(line, &parsed); err != nil {
		return parsed, &errorAnswer{Code: CodeParse, Message: "not a JSON-RPC message: " + err.Error()}
	}
	if parsed.Version != "2.0" || parsed.Method == "" || len(parsed.ID) == 0 {
		return parsed, &errorAnswer{Code: CodeRequest, Message: "a request needs jsonrpc 2.0, a method and an id"}
	}
	return parsed, nil
}

// describe turns a handler's error into the answer that the protocol has for it.
func describe(err error) *errorAnswer {
	var failed *FailedError
	var exceeded *ExceededError
	var unavailable *UnavailableError
	var params *ParamsError
	switch {
	case errors.As(err, &failed):
		return &errorAnswer{Code: CodeFailed, Message: Discreet(err.Error()), Data: failed}
	case errors.As(err, &exceeded):
		return &errorAnswer{Code: CodeExceeded, Message: err.Error(), Data: exceeded}
	case errors.As(err, &unavailable):
		return &errorAnswer{Code: CodeUnavailable, Message: err.Error(), Data: unavailable}
	case errors.As(err, &params):
		return &errorAnswer{Code: CodeParams, Message: err.Error()}
	default:
		return &errorAnswer{Code: CodeInternal, Message: err.Error()}
	}
}

// encode writes an answer as one line.
func encode(message answer) ([]byte, error) {
	var buffer bytes.Buffer
	encoder := json.NewEncoder(&buffer)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(message); err != nil {
		return nil, err
	}
	return buffer.Bytes(), nil
}
