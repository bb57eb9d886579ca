package documents

import (
	"strings"
	"testing"
)

func TestRefuseBombs(t *testing.T) {
	var bomb strings.Builder
	bomb.WriteString("a: &a [x, x, x, x, x, x, x, x, x, x]\n")
	for letter := 'b'; letter < 'j'; letter++ {
		aliases := strings.TrimSuffix(strings.Repeat("*"+string(letter-1)+", ", 10), ", ")
		bomb.WriteString(string(letter) + ": &" + string(letter) + " [" + aliases + "]\n")
	}
	for name, test := range map[string]struct{ stream, want string }{
		"bomb":          {bomb.String(), "the aliases of the document expand to more than a million nodes"},
		"second":        {"a: b\n---\n" + bomb.String(), "line 3: the aliases"},
		"itself":        {"a: &a {b: *a}\n", `line 1: anchor "a" contains itself`},
		"fair use":      {"a: &a {b: c}\nd: *a\n", ""},
		"no alias":      {"a: x & y * z\n", ""},
		"not even YAML": {"a: &a [\nb: *c", ""},
	} {
		err := RefuseBombs([]byte(test.stream))
		if (err == nil) != (test.want == "") || (err != nil && !strings.Contains(err.Error(), test.want)) {
			t.Errorf("%s: error %v, want %q", name, err, test.want)
		}
	}
}
