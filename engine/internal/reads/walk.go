package reads

import (
	"maps"
	"slices"
	"strings"
	"text/template/parse"
)

const valuesField = "Values"

// walker goes through the nodes of one template. Its dot is the one that the template was given until with or range changes it.
type walker struct {
	result *Template
	paths  *Paths
	define *define
	// shifted tells that the dot is something else; $ stays what it was.
	shifted bool
	// carriers are variables that may hold the template's dot.
	carriers map[string]bool
}

func (w *walker) walkTop(root *parse.ListNode) {
	w.carriers = map[string]bool{"$": true}
	w.list(root)
}

func (w *walker) list(list *parse.ListNode) {
	if list == nil {
		return
	}
	for _, node := range list.Nodes {
		w.node(node)
	}
}

func (w *walker) node(node parse.Node) {
	switch typed := node.(type) {
	case *parse.ActionNode:
		w.pipe(typed.Pipe, true)
	case *parse.IfNode:
		w.pipe(typed.Pipe, false)
		w.list(typed.List)
		w.list(typed.ElseList)
	case *parse.WithNode:
		w.branch(&typed.BranchNode, !w.isCarrier(typed.Pipe))
	case *parse.RangeNode:
		if w.isCarrier(typed.Pipe) {
			w.define.dumps = true
		}
		w.branch(&typed.BranchNode, true)
	case *parse.TemplateNode:
		w.template(typed)
	case *parse.ListNode:
		w.list(typed)
	}
}

func (w *walker) branch(branch *parse.BranchNode, shifts bool) {
	w.pipe(branch.Pipe, false)
	inner := *w
	inner.shifted = inner.shifted || shifts
	inner.list(branch.List)
	w.list(branch.ElseList)
}

func (w *walker) template(node *parse.TemplateNode) {
	if node.Pipe == nil {
		return
	}
	w.pipe(node.Pipe, false)
	if w.isCarrier(node.Pipe) {
		w.define.calls = append(w.define.calls, call{node.Name})
	}
}

// pipe looks at a pipeline. A pipeline that is written out, and is the dot as a whole, dumps it.
func (w *walker) pipe(pipe *parse.PipeNode, written bool) {
	if pipe == nil {
		return
	}
	if len(pipe.Decl) > 0 {
		w.declare(pipe)
	} else if written && w.isCarrier(pipe) {
		w.define.dumps = true
	}
	for index, command := range pipe.Cmds {
		piped := index > 0 && w.carries(pipe.Cmds[index-1])
		w.command(command, piped)
	}
}

// declare notes variables that get the dot, be it inside of something else.
func (w *walker) declare(pipe *parse.PipeNode) {
	for _, command := range pipe.Cmds {
		if !w.carries(command) {
			continue
		}
		w.carriers = maps.Clone(w.carriers)
		for _, variable := range pipe.Decl {
			w.carriers[variable.Ident[0]] = true
		}
	}
}

// carries tells whether an argument of a command may be the dot, so that its result may hold it.
func (w *walker) carries(command *parse.CommandNode) bool {
	function, isFunction := command.Args[0].(*parse.IdentifierNode)
	if isFunction && !carrying[function.Ident] {
		return false
	}
	if isFunction && function.Ident == "dict" && slices.ContainsFunc(rebuilt(command.Args[1:]), func(is bool) bool { return is }) {
		return true
	}
	return slices.ContainsFunc(command.Args, w.isCarrier)
}

func (w *walker) isCarrier(node parse.Node) bool {
	switch typed := node.(type) {
	case *parse.DotNode:
		return !w.shifted
	case *parse.VariableNode:
		return len(typed.Ident) == 1 && w.carriers[typed.Ident[0]]
	case *parse.PipeNode:
		return typed != nil && len(typed.Cmds) > 0 && w.carries(typed.Cmds[len(typed.Cmds)-1])
	}
	return false
}

// carrying functions return what they are given, alone or in a container; what they do with it shows where it is used.
var carrying = setOf("tuple", "list", "dict", "merge", "mergeOverwrite", "mustMerge", "mustMergeOverwrite", "deepCopy", "mustDeepCopy", "default",
	"coalesce", "ternary", "and", "or", "append", "prepend", "concat", "set", "pick", "omit", "required", "index", "first", "last", "get")

// harmless functions look at what they are given and no further, or hand it to a template that is analysed by itself.
var harmless = setOf("include", "tpl", "not", "eq", "ne", "empty", "kindIs", "kindOf", "typeOf", "typeIs", "typeIsLike", "hasKey", "fail", "unset")

// speaking functions only print their texts, which may name values.
var speaking = setOf("required", "fail", "printf", "print", "println")

func setOf(names ...string) map[string]bool {
	set := map[string]bool{}
	for _, name := range names {
		set[name] = true
	}
	return set
}

// command looks at a call. piped tells that its last argument, which comes through the pipe, may be the dot.
func (w *walker) command(command *parse.CommandNode, piped bool) {
	function, isFunction := command.Args[0].(*parse.IdentifierNode)
	arguments := command.Args
	name := ""
	if isFunction {
		name, arguments = function.Ident, command.Args[1:]
	}
	w.result.Tpl = w.result.Tpl || name == "tpl"
	givesDot := piped || isFunction && slices.ContainsFunc(arguments, w.isCarrier)
	if givesDot && !carrying[name] && !harmless[name] {
		w.define.dumps = true
	}
	if name == "include" && givesDot {
		w.define.calls = append(w.define.calls, call{literal(arguments)})
	}
	if path, whole := w.lookup(name, arguments); whole {
		w.read(path)
		return
	}
	skipped := make([]bool, len(arguments))
	if name == "dict" {
		skipped = rebuilt(arguments)
	}
	for index, argument := range arguments {
		if text, isText := argument.(*parse.StringNode); isText && speaking[name] && !strings.Contains(text.Text, "{{") || skipped[index] {
			continue
		}
		w.argument(argument)
	}
}

// rebuilt tells which arguments of dict give all values to a new root: "Values" and what follows it. What reads them there reads them
// as .Values, which shows where it does.
func rebuilt(arguments []parse.Node) []bool {
	marks := make([]bool, len(arguments))
	for index := 0; index+1 < len(arguments); index += 2 {
		key, isText := arguments[index].(*parse.StringNode)
		if isText && key.Text == valuesField && isAllValues(arguments[index+1]) {
			marks[index], marks[index+1] = true, true
		}
	}
	return marks
}

func literal(arguments []parse.Node) string {
	if len(arguments) > 0 {
		if text, isText := arguments[0].(*parse.StringNode); isText {
			return text.Text
		}
	}
	return ""
}

// lookup understands the functions that read one path out of all values: index, get, hasKey and dig with literal keys.
func (w *walker) lookup(function string, arguments []parse.Node) (path []string, understood bool) {
	keys := arguments
	switch {
	case len(arguments) < 2:
		return nil, false
	case function == "index", function == "get", function == "hasKey":
		if !isAllValues(arguments[0]) {
			return nil, false
		}
		keys = arguments[1:]
	case function == "dig":
		if len(arguments) < 3 || !isAllValues(arguments[len(arguments)-1]) {
			return nil, false
		}
		w.argument(arguments[len(arguments)-2])
		keys = arguments[:len(arguments)-2]
	default:
		return nil, false
	}
	for index, key := range keys {
		text, isText := key.(*parse.StringNode)
		if !isText {
			for _, other := range keys[index:] {
				w.argument(other)
			}
			break // what follows is below a path that is read
		}
		path = append(path, text.Text)
	}
	return path, true
}

func isAllValues(node parse.Node) bool {
	names := fields(node)
	return len(names) > 0 && names[len(names)-1] == valuesField
}

// fields are the names of a chain such as .a.Values.b or $x.Values.b.
func fields(node parse.Node) []string {
	switch typed := node.(type) {
	case *parse.FieldNode:
		return typed.Ident
	case *parse.VariableNode:
		return typed.Ident[1:]
	case *parse.ChainNode:
		return typed.Field
	}
	return nil
}

func (w *walker) argument(node parse.Node) {
	switch typed := node.(type) {
	case *parse.PipeNode:
		w.pipe(typed, false)
	case *parse.StringNode:
		if strings.Contains(typed.Text, valuesField) {
			w.paths.All = true // a template in a text, or a key of the root
		}
	case *parse.ChainNode:
		w.argument(typed.Node)
	}
	names := fields(node)
	if slices.Contains(names, "Files") {
		w.result.Files = true
	}
	if index := slices.Index(names, valuesField); index >= 0 {
		if slices.Contains(names[:index], "Subcharts") {
			w.paths.All = true
		}
		w.read(names[index+1:])
	}
}

// read notes a path; the empty one is everything.
func (w *walker) read(path []string) {
	if len(path) == 0 {
		w.paths.All = true
		return
	}
	w.paths.List = append(w.paths.List, path)
}
