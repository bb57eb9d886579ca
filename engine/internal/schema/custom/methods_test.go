package custom

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"elysium.dev/engine/internal/rpc"
)

func TestObjectsValidate(t *testing.T) {
	params := fmt.Sprintf(`{"kubernetes": "1.36", "crds": [%s, {"kind": "broken"}], "objects": [%s, %s, %s]}`,
		asJSON(t, widgets), asJSON(t, widget), asJSON(t, strings.Replace(widget, "size: 3", "size: big", 1)),
		`{"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "s", "namespace": "n"}, "data": {"a": 12345}}`)
	answer, err := validateObjects(t.Context(), json.RawMessage(params))
	if err != nil {
		t.Fatal(err)
	}
	text, err := json.Marshal(answer)
	if err != nil {
		t.Fatal(err)
	}
	want := `{"problems":[[],[{"code":"type","path":"spec.size","message":"must be of type integer: \"string\""}],` +
		`[{"code":"type","path":"data.a","message":"expected a string, found a number"}]]}`
	if string(text) != want {
		t.Errorf("found\n%s\nwant\n%s", text, want)
	}
}

func TestObjectsValidateRefuses(t *testing.T) {
	for _, params := range []string{
		`{"kubernetes": "1.10", "objects": []}`, `{"kubernetes": "1.37", "objects": [1]}`, `{"kubernetes": "1.37", "other": 1}`,
	} {
		_, err := validateObjects(t.Context(), json.RawMessage(params))
		if _, isParams := err.(*rpc.ParamsError); !isParams {
			t.Errorf("%s: %v", params, err)
		}
	}
}

// Objects of one request are judged side by side; each gets its own problems, in the order asked.
func TestManyObjectsAreJudgedInOrder(t *testing.T) {
	var objects []string
	for number := range 300 {
		switch number % 3 {
		case 0:
			objects = append(objects, string(asJSON(t, strings.Replace(widget, "name: a,", fmt.Sprintf("name: a%d,", number), 1))))
		case 1:
			objects = append(objects, fmt.Sprintf(`{"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "d", "namespace": "n"}, "spec%d": {}}`, number))
		case 2:
			objects = append(objects, fmt.Sprintf(`{"apiVersion": "cert-manager.io/v1", "kind": "ClusterIssuer", "metadata": {"name": "c"}, "spec": {"f%d": 1}}`, number))
		}
	}
	params := fmt.Sprintf(`{"kubernetes": "1.36", "catalogue": true, "crds": [%s], "objects": [%s]}`, asJSON(t, widgets), strings.Join(objects, ","))
	answer, err := validateObjects(t.Context(), json.RawMessage(params))
	if err != nil {
		t.Fatal(err)
	}
	for number, problems := range answer.(validateResult).Problems {
		text := fmt.Sprint(problems)
		wanted := map[int]string{0: "[]", 1: fmt.Sprintf("spec%d", number), 2: fmt.Sprintf("f%d", number)}[number%3]
		if !strings.Contains(text, wanted) || number%3 == 0 && text != wanted {
			t.Errorf("object %d: %s", number, text)
		}
	}
}
