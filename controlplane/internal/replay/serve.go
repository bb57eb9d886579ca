package replay

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"runtime/debug"
	"sync"
	"time"

	"elysium.dev/controlplane/internal/replay/wire"
)

const (
	// requestLimit is how many bytes one request may have.
	requestLimit = 256 << 20
	// deadline is how long one request may take.
	deadline = 120 * time.Second
)

var errTooLarge = errors.New("the request is too large")

// service answers requests, several side by side.
type service struct {
	methods map[string]method
	log     io.Writer

	mutex sync.Mutex
	out   *bufio.Writer
}

// serve answers every line of the input, and returns at its end when all are answered.
func (s *service) serve(ctx context.Context, in io.Reader, parallel int) error {
	reader := bufio.NewReaderSize(in, 1<<20)
	places := make(chan struct{}, parallel)
	var group sync.WaitGroup
	defer group.Wait()
	for {
		line, err := readLine(reader, requestLimit)
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil && !errors.Is(err, errTooLarge) {
			return err
		}
		places <- struct{}{}
		group.Go(func() {
			defer func() { <-places }()
			s.write(s.answer(ctx, line, err))
		})
	}
}

// readLine gives the next line; one that is too long is read to its end and told as such.
func readLine(reader *bufio.Reader, limit int) ([]byte, error) {
	var line []byte
	large := false
	for {
		part, more, err := reader.ReadLine()
		if err != nil {
			return nil, err
		}
		large = large || len(line)+len(part) > limit
		if !large {
			line = append(line, part...)
		}
		if !more && large {
			return nil, errTooLarge
		}
		if !more {
			return line, nil
		}
	}
}

func (s *service) answer(ctx context.Context, line []byte, failure error) (response wire.Response) {
	var request wire.Request
	if failure == nil {
		failure = json.Unmarshal(line, &request)
	}
	response.ID = request.ID
	if len(response.ID) == 0 {
		response.ID = json.RawMessage("null")
	}
	if failure != nil {
		response.Error = &wire.Failure{Message: "not a request: " + failure.Error()}
		return response
	}
	defer func() {
		if trouble := recover(); trouble != nil {
			fmt.Fprintf(s.log, "%s: %v\n%s\n", request.Method, trouble, debug.Stack())
			response.Result = nil
			response.Error = &wire.Failure{Message: fmt.Sprintf("%s failed inside: %v", request.Method, trouble)}
		}
	}()
	ctx, cancel := context.WithTimeout(ctx, deadline)
	defer cancel()
	result, err := s.call(ctx, request)
	if err != nil {
		response.Error = failed(ctx, request.Method, err)
		return response
	}
	response.Result = result
	return response
}

func (s *service) call(ctx context.Context, request wire.Request) (any, error) {
	method, known := s.methods[request.Method]
	if !known {
		return nil, fmt.Errorf("unknown method %q", request.Method)
	}
	if len(request.Params) == 0 {
		request.Params = json.RawMessage("{}")
	}
	return method(ctx, request.Params)
}

func failed(ctx context.Context, method string, err error) *wire.Failure {
	failure := &wire.Failure{Message: err.Error()}
	if ctx.Err() != nil {
		failure.Message = fmt.Sprintf("%s took longer than %s: %s", method, deadline, err)
		failure.Hint = "The API server does not answer in time; its log says why."
	}
	return failure
}

func (s *service) write(response wire.Response) {
	encoded, err := json.Marshal(response)
	if err != nil {
		encoded, _ = json.Marshal(wire.Response{ID: response.ID, Error: &wire.Failure{Message: err.Error()}})
	}
	s.mutex.Lock()
	defer s.mutex.Unlock()
	_, _ = s.out.Write(append(encoded, '\n'))
	_ = s.out.Flush()
}
