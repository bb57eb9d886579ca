package custom

import (
	"strings"
	"testing"
)

// withRule is the sample definition with another rule for its specification.
func withRule(rule string) string {
	return strings.Replace(widgets, "self.size <= self.limit", rule, 1)
}

func TestRulesThatCompareWithTheObjectBeforeAreSkipped(t *testing.T) {
	for _, rule := range []string{"self.size == oldSelf.size", "self.size > oldSelf.size"} {
		if found := problemsWith(t, withRule(rule), widget); len(found) != 0 {
			t.Errorf("%s: %v", rule, found)
		}
	}
}

// A rule may cost as much as the API server allows, and no more.
func TestARuleThatCostsTooMuchIsStopped(t *testing.T) {
	endless := "self.text.all(a, self.text.all(b, self.text.all(c, self.text.all(d, a + b + c + d != ''))))"
	var entries []string
	for number := range 200 {
		entries = append(entries, strings.Repeat("a", number+1)+": b")
	}
	object := strings.Replace(widget, "text: {a: b}", "text: {"+strings.Join(entries, ", ")+"}", 1)
	found := problemsWith(t, withRule(endless), object)
	if len(found) != 1 || found[0].Code != "cel" || !strings.Contains(found[0].Message, "budget") && !strings.Contains(found[0].Message, "cost") {
		t.Errorf("found %v", found)
	}
}
