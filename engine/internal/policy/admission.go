package policy

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/google/cel-go/cel"
	admissionv1 "k8s.io/api/admissionregistration/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/util/version"
	admission "k8s.io/apiserver/pkg/admission/plugin/cel"
	"k8s.io/apiserver/pkg/cel/environment"
)

// fromCluster are the names of what only the cluster knows when an object is created: who asks, and what that one may do.
var fromCluster = regexp.MustCompile(`\b(authorizer|userInfo)\b`)

var usedVariable = regexp.MustCompile(`\bvariables\.(\w+)`)

// expression is one of a policy with the place in it.
type expression struct {
	name, text string
	path       []any
	types      []*cel.Type
}

func (e *expression) GetExpression() string { return e.text }

func (e *expression) ReturnTypes() []*cel.Type { return e.types }

func (e *expression) GetName() string { return e.name }

// problem is why an expression does not compile.
type problem struct {
	Path    []any  `json:"path"`
	Message string `json:"message"`
}

// admissionPolicy is a compiled ValidatingAdmissionPolicy.
type admissionPolicy struct {
	spec       admissionv1.ValidatingAdmissionPolicySpec
	problems   []problem
	compiler   *admission.CompositedCompiler
	options    admission.OptionalVariableDeclarations
	unknowable map[string]bool
	conditions []*check
	rules      []*check
	messages   []*check
}

// check is a compiled expression; unknowable where only the cluster can tell its value. It may read the Namespace or the parameters.
type check struct {
	expression
	evaluator    admission.ConditionEvaluator
	unknowable   bool
	namespaced   bool
	parametrised bool
}

// compileAdmission reads and compiles a policy as the API server of a minor does when the policy is created.
func compileAdmission(minor uint, body map[string]any) (*admissionPolicy, error) {
	typed := &admissionv1.ValidatingAdmissionPolicy{}
	if err := runtime.DefaultUnstructuredConverter.FromUnstructured(body, typed); err != nil {
		return nil, fmt.Errorf("the policy cannot be read: %w", err)
	}
	compiler, err := admission.NewCompositedCompiler(environment.MustBaseEnvSet(version.MajorMinor(1, minor)))
	if err != nil {
		return nil, err
	}
	policy := &admissionPolicy{spec: typed.Spec, problems: []problem{}, compiler: compiler, unknowable: map[string]bool{}}
	policy.options = admission.OptionalVariableDeclarations{HasParams: typed.Spec.ParamKind != nil, HasAuthorizer: true}
	policy.compileVariables()
	boolean, text := []*cel.Type{cel.BoolType}, []*cel.Type{cel.StringType}
	for index, item := range typed.Spec.MatchConditions {
		policy.conditions = append(policy.conditions, policy.add(item.Expression, boolean, policy.options, "matchConditions", index, "expression"))
	}
	quiet := admission.OptionalVariableDeclarations{HasParams: policy.options.HasParams}
	for index, item := range typed.Spec.Validations {
		policy.rules = append(policy.rules, policy.add(item.Expression, boolean, policy.options, "validations", index, "expression"))
		var message *check
		if item.MessageExpression != "" {
			message = policy.add(item.MessageExpression, text, quiet, "validations", index, "messageExpression")
		}
		policy.messages = append(policy.messages, message)
	}
	for index, item := range typed.Spec.AuditAnnotations {
		policy.add(item.ValueExpression, []*cel.Type{cel.StringType, cel.NullType}, policy.options, "auditAnnotations", index, "valueExpression")
	}
	return policy, nil
}

// compileVariables makes each variable known to those after it.
func (p *admissionPolicy) compileVariables() {
	for index, item := range p.spec.Variables {
		variable := &expression{name: item.Name, text: item.Expression, types: []*cel.Type{cel.AnyType, cel.DynType}}
		variable.path = []any{"spec", "variables", index, "expression"}
		p.note(variable, p.compiler.CompileAndStoreVariable(variable, p.options, environment.NewExpressions))
		p.unknowable[item.Name] = p.isUnknowable(item.Expression)
	}
}

func (p *admissionPolicy) add(text string, types []*cel.Type, options admission.OptionalVariableDeclarations, path ...any) *check {
	made := &check{expression: expression{text: text, types: types, path: append([]any{"spec"}, path...)}}
	made.unknowable = p.isUnknowable(text)
	made.namespaced, made.parametrised = p.reads(text, "namespaceObject"), p.reads(text, "params")
	if len(text) > maximumLength {
		p.problems = append(p.problems, problem{Path: made.path, Message: fmt.Sprintf("longer than %d bytes", maximumLength)})
		return made
	}
	p.note(&made.expression, p.compiler.CompileCELExpression(&made.expression, options, environment.NewExpressions))
	made.evaluator = p.compiler.CompileCondition([]admission.ExpressionAccessor{&made.expression}, options, environment.StoredExpressions)
	return made
}

func (p *admissionPolicy) note(of *expression, compiled admission.CompilationResult) {
	if compiled.Error == nil {
		return
	}
	text := strings.ReplaceAll(compiled.Error.Detail, "ERROR: <input>:", "")
	text, _, _ = strings.Cut(strings.TrimPrefix(text, "compilation failed: "), "\n |")
	p.problems = append(p.problems, problem{Path: of.path, Message: plain(text)})
}

func (p *admissionPolicy) isUnknowable(text string) bool {
	if fromCluster.MatchString(text) {
		return true
	}
	for _, found := range usedVariable.FindAllStringSubmatch(text, -1) {
		if p.unknowable[found[1]] {
			return true
		}
	}
	return false
}

// reads tells whether an expression, or a variable that the policy has, may read a variable of the API server.
func (p *admissionPolicy) reads(text, name string) bool {
	if strings.Contains(text, name) {
		return true
	}
	for _, variable := range p.spec.Variables {
		if strings.Contains(variable.Expression, name) && strings.Contains(text, "variables") {
			return true
		}
	}
	return false
}
