package pattern

import (
	"reflect"
	"testing"
)

func TestCheck(t *testing.T) {
	texts := []string{"v1.2.3", "latest", "1.2.3-rc.1"}
	cases := map[string]checked{
		`^v?\d+\.\d+\.\d+$`: {Matches: []int{0}},
		`\d`:                {Matches: []int{0, 2}},
		``:                  {Matches: []int{0, 1, 2}},
		"(?P<x":             {Error: "error parsing regexp: invalid named capture: `(?P<x`", Matches: []int{}},
		`(?!rc)`:            {Error: "error parsing regexp: invalid or unsupported Perl syntax: `(?!`", Matches: []int{}},
		`(a)\1`:             {Error: "error parsing regexp: invalid escape sequence: `\\1`", Matches: []int{}},
		`[a-`:               {Error: "error parsing regexp: missing closing ]: `[a-`", Matches: []int{}},
	}
	for pattern, want := range cases {
		found := check(checkParams{Patterns: []string{pattern}, Texts: texts}).Patterns
		if len(found) != 1 || !reflect.DeepEqual(found[0], want) {
			t.Errorf("%s: found %#v, want %#v", pattern, found, want)
		}
	}
}

func TestCheckWithoutTexts(t *testing.T) {
	found := check(checkParams{Patterns: []string{"a", "("}})
	if len(found.Patterns) != 2 || found.Patterns[0].Error != "" || found.Patterns[1].Error == "" {
		t.Errorf("found %#v", found)
	}
}
