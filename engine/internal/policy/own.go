package policy

import (
	"context"
	"fmt"
	"strings"

	"github.com/google/cel-go/cel"
	"github.com/google/cel-go/common/types"
	"github.com/google/cel-go/common/types/ref"

	"elysium.dev/engine/internal/rpc"
)

// ownPolicy is a policy of the repository: an expression that must be true, and one for the message if it is not.
type ownPolicy struct {
	Expression        string `json:"expression"`
	MessageExpression string `json:"message_expression"`
}

// subject is an object with what is known of its origin.
type subject struct {
	Object    object            `json:"object"`
	Namespace string            `json:"namespace"`
	Unit      map[string]string `json:"unit"`
	File      string            `json:"file"`
}

type evaluateParams struct {
	Policies   []ownPolicy       `json:"policies"`
	Objects    []subject         `json:"objects"`
	Namespaces map[string]object `json:"namespaces"`
	// Pairs are the policies and objects (by index) to evaluate.
	Pairs [][2]int `json:"pairs"`
}

type evaluateResult struct {
	// Errors are why policies do not compile, empty for those that do.
	Errors []string `json:"errors"`
	// Results are the pairs that do not hold.
	Results []outcome `json:"results"`
}

// outcome is what became of a pair that does not hold: "denied", "failed" (it cannot be evaluated) or "unknown".
type outcome struct {
	Policy  int    `json:"policy"`
	Object  int    `json:"object"`
	Outcome string `json:"outcome"`
	Message string `json:"message"`
}

// program is a compiled policy; nil where it does not compile.
type program struct{ rule, message cel.Program }

func evaluate(ctx context.Context, asked evaluateParams) (*evaluateResult, error) {
	env, err := ownEnvironment()
	if err != nil {
		return nil, err
	}
	result := &evaluateResult{Errors: make([]string, len(asked.Policies)), Results: []outcome{}}
	programs := make([]*program, len(asked.Policies))
	for index, policy := range asked.Policies {
		if programs[index], err = compileOwn(env, policy); err != nil {
			result.Errors[index] = err.Error()
		}
	}
	inputs := newInputs(asked)
	for _, pair := range asked.Pairs {
		number, item := pair[0], pair[1]
		if number < 0 || number >= len(programs) || item < 0 || item >= len(asked.Objects) {
			return nil, rpc.InvalidParams("pairs: there is no pair %v", pair)
		}
		if programs[number] == nil {
			continue
		}
		if found := programs[number].run(ctx, inputs.of(item)); found != nil {
			found.Policy, found.Object = number, item
			result.Results = append(result.Results, *found)
		}
	}
	return result, ctx.Err()
}

func compileOwn(env *cel.Env, policy ownPolicy) (*program, error) {
	rule, err := compile(env, policy.Expression, cel.BoolType)
	if err != nil {
		return nil, err
	}
	compiled := &program{rule: rule}
	if policy.MessageExpression != "" {
		if compiled.message, err = compile(env, policy.MessageExpression, cel.StringType); err != nil {
			return nil, fmt.Errorf("messageExpression: %w", err)
		}
	}
	return compiled, nil
}

// run evaluates a policy; nil when it holds.
func (p *program) run(ctx context.Context, variables map[string]any) *outcome {
	value, _, err := p.rule.ContextEval(ctx, variables)
	switch {
	case types.IsUnknown(value):
		return &outcome{Outcome: "unknown"}
	case err != nil:
		return &outcome{Outcome: "failed", Message: err.Error()}
	case value == types.True:
		return nil
	case value != types.False:
		return &outcome{Outcome: "failed", Message: "the value is not a bool"}
	}
	return &outcome{Outcome: "denied", Message: p.say(ctx, variables)}
}

// say is the message of the policy's expression; empty where that has none, like in the API server when it fails.
func (p *program) say(ctx context.Context, variables map[string]any) string {
	if p.message == nil {
		return ""
	}
	value, _, err := p.message.ContextEval(ctx, variables)
	if text, isText := value.(types.String); err == nil && isText {
		return strings.Join(strings.Fields(string(text)), " ")
	}
	return ""
}

// inputs are the variables of each object, made when somebody asks.
type inputs struct {
	asked      evaluateParams
	variables  []map[string]any
	namespaces map[string]ref.Val
}

func newInputs(asked evaluateParams) *inputs {
	return &inputs{asked: asked, variables: make([]map[string]any, len(asked.Objects)), namespaces: map[string]ref.Val{}}
}

func (i *inputs) of(index int) map[string]any {
	if i.variables[index] == nil {
		found := i.asked.Objects[index]
		i.variables[index] = map[string]any{
			"object": objectValue(found.Object), "namespaceObject": i.namespace(found.Namespace), "unit": found.Unit, "file": found.File,
		}
	}
	return i.variables[index]
}

// namespace is null for what lives in none, as in the API server, and unknown where the Namespace is made elsewhere.
func (i *inputs) namespace(name string) ref.Val {
	if name == "" {
		return types.NullValue
	}
	if known, found := i.namespaces[name]; found {
		return known
	}
	i.namespaces[name] = unknown()
	if declared, isDeclared := i.asked.Namespaces[name]; isDeclared {
		if namespace, err := readNamespace(declared); err == nil {
			i.namespaces[name] = namespaceValue(namespace)
		}
	}
	return i.namespaces[name]
}
