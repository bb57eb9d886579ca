package promql

import (
	"strings"
	"testing"
)

func TestCheck(t *testing.T) {
	cases := map[string]string{
		`up == 0`: "",
		`sum by (job) (rate(http_requests_total{code=~"5.."}[5m])) / on (job) group_left () up > 0.1`: "",
		`histogram_quantile(0.9, sum(rate(x_bucket[5m])) by (le))`:                                    "",
		`limitk(2, up)`:              "",
		`{"http.requests", job="a"}`: "",
		`rate(x[step()])`:            "",
		`x offset 5m`:                "",
		`sum(rate(x[5m])`:            "1:16: parse error: unclosed left parenthesis",
		`rate(x)`:                    "1:6: parse error: expected type range vector in call to function \"rate\", got instant vector",
		`up{job="a"`:                 "1:11: parse error: unexpected end of input inside braces",
		`unknown_function(up)`:       "1:1: parse error: unknown function with name \"unknown_function\"",
		`x[5]`:                       "",
		"up ==\n  == 0":              "2:3: parse error: unexpected <op:==>",
		``:                           "unknown position: parse error: no expression found in input",
		`x{a=~"("}`:                  "1:3: parse error: error parsing regexp: missing closing ): `(`",
	}
	for expression, want := range cases {
		found := check(checkParams{Expressions: []string{expression}}).Errors
		if len(found) != 1 || found[0] != want && (want == "" || !strings.HasPrefix(found[0], want)) {
			t.Errorf("%s: found %q, want %q", expression, found, want)
		}
	}
	if found := check(checkParams{Expressions: []string{strings.Repeat("(", maximumLength+1)}}).Errors[0]; !strings.Contains(found, "longer than") {
		t.Errorf("found %q", found)
	}
}
