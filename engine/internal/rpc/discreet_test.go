package rpc

import "testing"

func TestDiscreet(t *testing.T) {
	for message, want := range map[string]string{
		"yaml: unknown anchor 'hunter2hunter2' referenced":                   "yaml: an alias (a value that begins with *) names no anchor",
		"line 4: cannot unmarshal !!str `hunter2...` into int":               "line 4: cannot unmarshal !!str into int",
		"yaml: line 4: did not find expected node content":                   "yaml: line 4: did not find expected node content",
		"cannot decode !!str `a b` as a !!int, cannot decode !!map as !!str": "cannot decode !!str as a !!int, cannot decode !!map as !!str",
	} {
		if got := Discreet(message); got != want {
			t.Errorf("%q: got %q, want %q", message, got, want)
		}
	}
}
