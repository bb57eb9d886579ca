// Package promql parses PromQL with Prometheus' own parser.
package promql

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/prometheus/prometheus/promql/parser"

	"elysium.dev/engine/internal/rpc"
)

// maximumLength bounds the text of an expression: the parser's work grows with it.
const maximumLength = 256 << 10

// Register adds promql.check to the server.
func Register(server *rpc.Server) {
	server.Handle("promql.check", func(_ context.Context, params json.RawMessage) (any, error) {
		var asked checkParams
		if err := rpc.Decode(params, &asked); err != nil {
			return nil, err
		}
		return check(asked), nil
	})
}

type checkParams struct {
	Expressions []string `json:"expressions"`
}

type checkResult struct {
	// Errors are why expressions cannot be parsed, empty for those that can.
	Errors []string `json:"errors"`
}

// check parses with everything switched on that a server may have switched on by feature flags.
func check(asked checkParams) checkResult {
	language := parser.NewParser(parser.Options{
		EnableExperimentalFunctions: true, ExperimentalDurationExpr: true, EnableExtendedRangeSelectors: true, EnableBinopFillModifiers: true,
	})
	result := checkResult{Errors: make([]string, 0, len(asked.Expressions))}
	for _, expression := range asked.Expressions {
		result.Errors = append(result.Errors, problem(language, expression))
	}
	return result
}

func problem(language parser.Parser, expression string) string {
	if len(expression) > maximumLength {
		return fmt.Sprintf("longer than %d bytes", maximumLength)
	}
	_, err := language.ParseExpr(expression)
	var all parser.ParseErrors
	if errors.As(err, &all) && len(all) > 0 {
		err = &all[0]
	}
	if err != nil {
		return err.Error()
	}
	return ""
}
