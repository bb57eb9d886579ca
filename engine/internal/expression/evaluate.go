// Package expression evaluates CEL as Flux's controllers do, for readiness expressions.
package expression

import (
	"context"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"

	"elysium.dev/engine/internal/rpc"
	"github.com/google/cel-go/cel"
	"github.com/google/cel-go/common/types/ref"
	"github.com/google/cel-go/ext"
	"google.golang.org/protobuf/types/known/structpb"
	celconfig "k8s.io/apiserver/pkg/apis/cel"
)

// maximumLength bounds the text of an expression: the parser's work grows with it.
const maximumLength = 64 << 10

// Result is the value of an expression and the type that it has by declaration: Flux refuses a readiness expression whose
// declared type is not "bool", even where its value happens to be one.
type Result struct {
	Value any    `json:"value"`
	Type  string `json:"type"`
}

// Evaluate compiles an expression and evaluates it with the given variables, within a limit of cost.
func Evaluate(ctx context.Context, text string, variables map[string]any) (*Result, error) {
	if len(text) > maximumLength {
		return nil, rpc.Failed("evaluate", "the expression is longer than %d bytes", maximumLength)
	}
	environment, err := cel.NewEnv(options(variables)...)
	if err != nil {
		return nil, rpc.Failed("evaluate", "the variables %v: %v", slices.Sorted(maps.Keys(variables)), err)
	}
	parsed, issues := environment.Compile(text)
	if issues != nil {
		return nil, rpc.Failed("evaluate", "the expression %q does not compile: %v", text, issues)
	}
	program, err := environment.Program(parsed,
		cel.EvalOptions(cel.OptOptimize),
		cel.InterruptCheckFrequency(celconfig.CheckFrequency),
		cel.CostLimit(celconfig.PerCallLimit))
	if err != nil {
		return nil, rpc.Failed("evaluate", "the expression %q: %v", text, err)
	}
	value, _, err := program.ContextEval(ctx, variables)
	if err != nil {
		if strings.Contains(err.Error(), "actual cost limit exceeded") {
			return nil, rpc.Exceeded("time", "the expression %q costs too much", text)
		}
		return nil, rpc.Failed("evaluate", "the expression %q: %v", text, err)
	}
	native, err := toJSON(value)
	if err != nil {
		return nil, rpc.Failed("evaluate", "the expression %q has a value that is no JSON: %v", text, err)
	}
	return &Result{Value: native, Type: parsed.OutputType().String()}, nil
}

// options are the language as Flux's controllers set it up. Objects are declared as structures of dynamic content.
func options(variables map[string]any) []cel.EnvOption {
	result := []cel.EnvOption{
		cel.HomogeneousAggregateLiterals(), cel.EagerlyValidateDeclarations(true), cel.DefaultUTCTimeZone(true),
		cel.CrossTypeNumericComparisons(true), cel.OptionalTypes(), ext.Strings(), ext.Sets(), ext.Encoders(),
	}
	for _, name := range slices.Sorted(maps.Keys(variables)) {
		switch variables[name].(type) {
		case map[string]any:
			result = append(result, cel.Variable(name, cel.ObjectType("google.protobuf.Struct")))
		case string:
			result = append(result, cel.Variable(name, cel.StringType))
		default:
			result = append(result, cel.Variable(name, cel.DynType))
		}
	}
	return result
}

func toJSON(value ref.Val) (any, error) {
	converted, err := value.ConvertToNative(reflect.TypeFor[*structpb.Value]())
	if err != nil {
		return nil, err
	}
	message, isValue := converted.(*structpb.Value)
	if !isValue {
		return nil, fmt.Errorf("unexpected %T", converted)
	}
	return message.AsInterface(), nil
}
