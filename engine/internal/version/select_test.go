package version

import (
	"reflect"
	"testing"
)

func TestChoose(t *testing.T) {
	tags := []string{"1.2.3", "v1.3.0", "1.10.0", "2.0.0-rc.1", "latest", "1.4", "1.10.0+b", "0.9.0"}
	for name, test := range map[string]struct {
		asked    selectParams
		expected string
		invalid  []string
	}{
		"highest":         {selectParams{Range: "*"}, "1.10.0", []string{"latest", "1.4"}},
		"range":           {selectParams{Range: ">=1.0 <1.5"}, "v1.3.0", []string{"latest", "1.4"}},
		"caret":           {selectParams{Range: "^0.9"}, "0.9.0", []string{"latest", "1.4"}},
		"pre-releases":    {selectParams{Range: ">=1.0.0", Prerelease: true}, "2.0.0-rc.1", []string{"latest", "1.4"}},
		"by range":        {selectParams{Range: ">=1.0.0-0"}, "2.0.0-rc.1", []string{"latest", "1.4"}},
		"filter":          {selectParams{Range: "*", Filter: `^v`}, "v1.3.0", []string{}},
		"none":            {selectParams{Range: ">=3"}, "", []string{"latest", "1.4"}},
		"exact with meta": {selectParams{Range: "1.2.3"}, "1.2.3", []string{"latest", "1.4"}},
	} {
		test.asked.Versions = tags
		result, err := choose(test.asked)
		if err != nil {
			t.Fatal(err)
		}
		got := ""
		if result.Version != nil {
			got = *result.Version
		}
		if got != test.expected || !reflect.DeepEqual(result.Invalid, test.invalid) {
			t.Errorf("%s: %q, invalid %v", name, got, result.Invalid)
		}
	}
	for _, asked := range []selectParams{{Range: "not a range"}, {Range: "*", Filter: "("}} {
		if _, err := choose(asked); err == nil {
			t.Errorf("%+v is accepted", asked)
		}
	}
}
