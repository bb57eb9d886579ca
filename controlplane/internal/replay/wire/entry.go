package wire

import "k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

// Action says what came of an object.
type Action string

// What can come of an object.
const (
	Created    Action = "created"
	Configured Action = "configured"
	Unchanged  Action = "unchanged"
	Recreated  Action = "recreated"
	Pruned     Action = "pruned"
	Orphaned   Action = "orphaned"
	Rejected   Action = "rejected"
	Skipped    Action = "skipped"
)

// Step says in which list of the request the object was.
type Step string

// The lists of a request.
const (
	StepApply   Step = "apply"
	StepCRDs    Step = "crds"
	StepHook    Step = "hook"
	StepRelease Step = "release"
	StepPrune   Step = "prune"
)

// Cause is one of the reasons in the server's Status.
type Cause struct {
	Reason  string `json:"reason,omitempty"`
	Field   string `json:"field,omitempty"`
	Message string `json:"message,omitempty"`
}

// Entry says what came of one object.
type Entry struct {
	Object   Reference `json:"object"`
	Index    int       `json:"index"`
	Step     Step      `json:"step"`
	Action   Action    `json:"action"`
	Message  string    `json:"message,omitempty"`
	Reason   string    `json:"reason,omitempty"`
	Code     int       `json:"code,omitempty"`
	Causes   []Cause   `json:"causes,omitempty"`
	Warnings []string  `json:"warnings,omitempty"`
}

// Entries say what came of the objects of one unit.
type Entries struct {
	Entries []Entry `json:"entries"`
	Stage   string  `json:"stage,omitempty"`
	Failed  string  `json:"failed,omitempty"`
}

// NewEntry says what came of the object at that place of the request.
func NewEntry(object *unstructured.Unstructured, index int, step Step, action Action) Entry {
	return Entry{Object: ReferenceTo(object), Index: index, Step: step, Action: action}
}

// Refused tells an entry as rejected, with all that the error says.
func (e Entry) Refused(err error) Entry {
	e.Action = Rejected
	e.Message, e.Reason, e.Code, e.Causes = describe(err)
	return e
}

// Noted tells an entry with a message of its own.
func (e Entry) Noted(action Action, message string) Entry {
	e.Action, e.Message = action, message
	return e
}
