package wire

import (
	"encoding/json"
	"errors"
	"testing"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
)

func TestAReferenceIsTakenAsOneOrAsAnObject(t *testing.T) {
	want := Reference{Group: "apps", Version: "v1", Kind: "Deployment", Namespace: "a", Name: "b"}
	for _, text := range []string{
		`{"group": "apps", "version": "v1", "kind": "Deployment", "namespace": "a", "name": "b"}`,
		`{"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"namespace": "a", "name": "b"}}`,
	} {
		var reference Reference
		if err := json.Unmarshal([]byte(text), &reference); err != nil || reference != want {
			t.Errorf("%s: %v %v", text, reference, err)
		}
	}
}

func TestIntegersStayIntegers(t *testing.T) {
	var object Object
	if err := json.Unmarshal([]byte(`{"spec": {"replicas": 3}}`), &object); err != nil {
		t.Fatal(err)
	}
	if replicas, found, err := unstructured.NestedInt64(object.Object, "spec", "replicas"); replicas != 3 || !found || err != nil {
		t.Error(replicas, found, err)
	}
}

func TestOnlyCompleteObjectsAreSendable(t *testing.T) {
	whole := `{"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "a"}}`
	for text, sendable := range map[string]bool{
		whole: true,
		`{}`:  false,
		`{"apiVersion": "v1", "kind": "ConfigMap"}`:                                  false,
		`{"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "a/b"}}`:     false,
		`{"apiVersion": "v1/2/3", "kind": "ConfigMap", "metadata": {"name": "a"}}`:   false,
		`{"apiVersion": ["v1"], "kind": "ConfigMap", "metadata": {"name": "a"}}`:     false,
		`{"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": ["a"]}}`:     false,
		`{"apiVersion": "v1", "kind": "ConfigMap", "metadata": [{"name": ["a"]}]}`:   false,
		`{"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"generateName": 1}}`: false,
	} {
		var object Object
		if err := json.Unmarshal([]byte(text), &object); err != nil {
			t.Fatal(err)
		}
		if err := Sendable(&object.Unstructured); (err == nil) != sendable {
			t.Errorf("%s: %v", text, err)
		}
	}
}

func TestARefusalTellsAllOfTheStatus(t *testing.T) {
	cause := metav1.StatusCause{Type: metav1.CauseTypeFieldValueInvalid, Field: "spec.size", Message: "too big"}
	refusal := &apierrors.StatusError{ErrStatus: metav1.Status{
		Message: "is invalid", Reason: metav1.StatusReasonInvalid, Code: 422,
		Details: &metav1.StatusDetails{Causes: []metav1.StatusCause{cause}},
	}}
	entry := Entry{Action: Created}.Refused(refusal)
	if entry.Action != Rejected || entry.Message != "is invalid" || entry.Reason != "Invalid" || entry.Code != 422 {
		t.Error(entry)
	}
	if len(entry.Causes) != 1 || entry.Causes[0].Field != "spec.size" || entry.Causes[0].Message != "too big" {
		t.Error(entry.Causes)
	}
	unknown := &meta.NoKindMatchError{GroupKind: schema.GroupKind{Group: "x", Kind: "Y"}, SearchedVersions: []string{"v1"}}
	if entry := (Entry{}).Refused(unknown); entry.Reason != ReasonNoKindMatch {
		t.Error(entry)
	}
	if entry := (Entry{}).Refused(errors.New("else")); entry.Message != "else" || entry.Reason != "" {
		t.Error(entry)
	}
}
