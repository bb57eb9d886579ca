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
