// Package rpc is the transport of the engine: JSON-RPC 2.0, one message a line, requests answered in order and
// each within a bound of time and memory.
package rpc

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"runtime/debug"
	"slices"
)

// MaxRequest is the size of the longest request line that is read.
const MaxRequest = 256 << 20

// Handler answers one method.
type Handler func(ctx context.Context, params json.RawMessage) (any, error)

// Server reads requests and writes answers.
type Server struct {
	handlers map[string]Handler
	bounds   Bounds
}

// NewServer makes a server without methods.
func NewServer(bounds Bounds) *Server {
	return &Server{handlers: map[string]Handler{}, bounds: bounds}
}

// Handle registers the handler of a method. A second handler of one method is a defect of the engine.
func (s *Server) Handle(method string, handler Handler) {
	if _, known := s.handlers[method]; known {
		panic("two handlers for " + method)
	}
	s.handlers[method] = handler
}

// Methods lists the methods that have a handler, sorted.
func (s *Server) Methods() []string { return slices.Sorted(maps.Keys(s.handlers)) }

// ErrBoundReached ends Serve after a request was answered with CodeExceeded: what it started cannot be stopped.
var ErrBoundReached = errors.New("a request reached a bound")

// Serve answers requests until the input ends, or until one of them reaches a bound.
func (s *Server) Serve(input io.Reader, output io.Writer) error {
	lines := newLineReader(input)
	for {
		line, err := lines.next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if len(line) == 0 {
			continue
		}
		if err := s.serveOne(line, output); err != nil {
			return err
		}
	}
}

// serveOne answers one request while a watch looks at its bounds.
func (s *Server) serveOne(line []byte, output io.Writer) error {
	parsed, malformed := parseRequest(line)
	if malformed != nil {
		return s.write(output, answer{ID: idOrNull(parsed.ID), Error: malformed})
	}
	handler, known := s.handlers[parsed.Method]
	if !known {
		return s.write(output, answer{ID: parsed.ID, Error: &errorAnswer{
			Code: CodeMethod, Message: fmt.Sprintf("unknown method %q", parsed.Method)}})
	}
	ctx, cancel := s.bounds.context()
	defer cancel()
	done := make(chan []byte, 1)
	go func() { done <- s.call(ctx, handler, parsed) }()
	exceeded := s.bounds.watch(ctx)
	select {
	case encoded := <-done:
		_, err := output.Write(encoded)
		return err
	case reached := <-exceeded:
		_ = s.write(output, answer{ID: parsed.ID, Error: describe(reached)})
		return ErrBoundReached
	}
}

// call runs a handler and encodes its answer; a panic becomes an answer too.
func (s *Server) call(ctx context.Context, handler Handler, parsed request) (encoded []byte) {
	defer func() {
		if reason := recover(); reason != nil {
			fmt.Fprintf(os.Stderr, "panic in %s: %v\n%s\n", parsed.Method, reason, debug.Stack())
			encoded, _ = encode(finished(parsed, nil, Exceeded("panic", "%s: %v", parsed.Method, reason)))
		}
	}()
	result, err := handler(ctx, parsed.Params)
	encoded, encodingError := encode(finished(parsed, result, err))
	if encodingError != nil {
		encoded, _ = encode(finished(parsed, nil, fmt.Errorf("encode the answer: %w", encodingError)))
	}
	return encoded
}

func finished(parsed request, result any, err error) answer {
	message := answer{Version: "2.0", ID: parsed.ID, Result: result}
	if err != nil {
		message.Result, message.Error = nil, describe(err)
	} else if result == nil {
		message.Result = struct{}{}
	}
	return message
}

func (s *Server) write(output io.Writer, message answer) error {
	message.Version = "2.0"
	encoded, err := encode(message)
	if err != nil {
		return err
	}
	_, err = output.Write(encoded)
	return err
}

func idOrNull(id json.RawMessage) json.RawMessage {
	if len(id) == 0 || !json.Valid(id) {
		return json.RawMessage("null")
	}
	return id
}

// lineReader yields lines without their end, and refuses lines that are too long.
type lineReader struct {
	reader *bufio.Reader
}

func newLineReader(input io.Reader) *lineReader {
	return &lineReader{reader: bufio.NewReaderSize(input, 64<<10)}
}

func (r *lineReader) next() ([]byte, error) {
	var line []byte
	for {
		part, err := r.reader.ReadSlice('\n')
		line = append(line, part...)
		switch {
		case err == nil:
			return line[:len(line)-1], nil
		case errors.Is(err, bufio.ErrBufferFull):
			if len(line) > MaxRequest {
				return nil, fmt.Errorf("a request is longer than %d bytes", MaxRequest)
			}
		case errors.Is(err, io.EOF) && len(line) > 0:
			return line, nil
		default:
			return nil, err
		}
	}
}
