package rpc

import (
	"encoding/json"
	"fmt"
)

// Codes of the error answers, see docs/engine-protocol.md.
const (
	CodeFailed      = -32000
	CodeExceeded    = -32001
	CodeUnavailable = -32002
	CodeParse       = -32700
	CodeRequest     = -32600
	CodeMethod      = -32601
	CodeParams      = -32602
	CodeInternal    = -32603
)

// Object names a Kubernetes object in an error.
type Object struct {
	APIVersion string `json:"apiVersion"`
	Kind       string `json:"kind"`
	Namespace  string `json:"namespace"`
	Name       string `json:"name"`
}

// FailedError says that Flux itself would refuse this input, and where.
type FailedError struct {
	Stage    string  `json:"stage"`
	File     string  `json:"file,omitempty"`
	Line     int     `json:"line,omitempty"`
	Object   *Object `json:"object,omitempty"`
	Template string  `json:"template,omitempty"`
	// Undefined lists every variable of a build that has no value, where substitution failed.
	Undefined []string `json:"undefined,omitempty"`
	// Lookup tells that a template had asked the cluster for an object, and was told that there is none.
	Lookup  bool   `json:"lookup,omitempty"`
	Message string `json:"-"`
}

// Failed makes the error of an input that Flux would refuse in the given stage.
func Failed(stage, format string, arguments ...any) *FailedError {
	return &FailedError{Stage: stage, Message: fmt.Sprintf(format, arguments...)}
}

// At adds the place: a file relative to the root of the tree, and a line (0 when unknown).
func (e *FailedError) At(file string, line int) *FailedError {
	e.File, e.Line = file, line
	return e
}

// On adds the object that the failure is about.
func (e *FailedError) On(object Object) *FailedError {
	e.Object = &object
	return e
}

// In adds the template that failed.
func (e *FailedError) In(template string) *FailedError {
	e.Template = template
	return e
}

func (e *FailedError) Error() string { return e.Message }

// ExceededError says that a bound was reached. Bound is time, memory, size or panic.
type ExceededError struct {
	Bound   string `json:"bound"`
	Message string `json:"-"`
}

// Exceeded makes the error of a request that reached a bound.
func Exceeded(bound, format string, arguments ...any) *ExceededError {
	return &ExceededError{Bound: bound, Message: fmt.Sprintf(format, arguments...)}
}

func (e *ExceededError) Error() string { return e.Message }

// UnavailableError lists what a request needs and cannot have offline.
type UnavailableError struct {
	Needs []map[string]string `json:"needs"`
}

// Unavailable makes the error of a request that needs what is not there; each need has a "kind".
func Unavailable(needs ...map[string]string) *UnavailableError {
	return &UnavailableError{Needs: needs}
}

func (e *UnavailableError) Error() string {
	encoded, _ := json.Marshal(e.Needs)
	return "unavailable offline: " + string(encoded)
}

// ParamsError says that the client sent parameters that the method does not take.
type ParamsError struct {
	Message string
}

// InvalidParams makes the error of parameters that the method does not take: a defect of the client.
func InvalidParams(format string, arguments ...any) *ParamsError {
	return &ParamsError{Message: fmt.Sprintf(format, arguments...)}
}

func (e *ParamsError) Error() string { return e.Message }
