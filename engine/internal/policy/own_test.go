package policy

import (
	"context"
	"encoding/json"
	"strings"
	"testing"
)

const deployment = `{
  "apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "web", "namespace": "apps", "labels": {"team": "a"}},
  "spec": {"replicas": 2, "template": {"spec": {"containers": [
    {"name": "web", "image": "nginx:latest", "args": ["--token", "opaque-0123456789ab"], "resources": {"limits": {"memory": "2Gi"}}}],
    "hostname": "x-opaque-0123456789ab"}}}}`

func run(t testing.TB, expression, message string) (string, string, string) {
	t.Helper()
	var asked evaluateParams
	encoded, _ := json.Marshal(map[string]any{
		"policies":   []map[string]string{{"expression": expression, "message_expression": message}},
		"objects":    []map[string]any{{"object": json.RawMessage(deployment), "namespace": "apps", "unit": map[string]string{"kind": "Kustomization"}, "file": "apps/web.yaml"}},
		"namespaces": map[string]any{"apps": json.RawMessage(`{"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "apps"}}`)},
		"pairs":      [][]int{{0, 0}},
	})
	if err := json.Unmarshal(encoded, &asked); err != nil {
		t.Fatal(err)
	}
	result, err := evaluate(context.Background(), asked)
	if err != nil {
		t.Fatal(err)
	}
	if len(result.Results) == 0 {
		return "", "", result.Errors[0]
	}
	return result.Results[0].Outcome, result.Results[0].Message, result.Errors[0]
}

const containers = "object.spec.template.spec.containers"

func TestOwnPolicy(t *testing.T) {
	cases := map[string]string{
		containers + `.all(c, !c.image.endsWith(':latest'))`:                                     "denied",
		`object.spec.replicas == 2 && object.metadata.labels.team == 'a'`:                        "",
		`quantity(` + containers + `[0].resources.limits.memory).isLessThan(quantity('1Gi'))`:    "denied",
		`quantity(` + containers + `[0].resources.limits.memory).isGreaterThan(quantity('1Gi'))`: "",
		`isURL('https://a.example') && ip('10.0.0.1').family() == 4`:                             "",
		`object.metadata.annotations.owner == 'a'`:                                               "failed",
		`object.?metadata.?annotations.owner.orValue('') != ''`:                                  "denied",
		`namespaceObject.metadata.labels['kubernetes.io/metadata.name'] == 'apps'`:               "",
		`unit.kind == 'HelmRelease'`:                                                             "denied",
		`file.startsWith('apps/')`:                                                               "",
		`object.spec.template.spec.hostname.startsWith('y')`:                                     "unknown",
		`'--debug' in ` + containers + `[0].args`:                                                "unknown",
		containers + `.exists(c, c.name == 'web')`:                                               "",
		`object.spec.replicas`:                                                                   "failed",
	}
	for expression, want := range cases {
		if found, message, failure := run(t, expression, ""); found != want || failure != "" {
			t.Errorf("%s: found %q (%s, %s), want %q", expression, found, message, failure, want)
		}
	}
}

func TestOwnPolicyMessage(t *testing.T) {
	cases := map[string]string{
		`'image of ' + object.metadata.name`: "image of web",
		`"a\n  b"`:                           "a b",
		`object.missing`:                     "",
		`object.spec.template.spec.hostname`: "",
	}
	for expression, want := range cases {
		if _, found, failure := run(t, "false", expression); found != want || failure != "" {
			t.Errorf("%s: found %q (%s), want %q", expression, found, failure, want)
		}
	}
}

func TestOwnPolicyDoesNotCompile(t *testing.T) {
	cases := map[string]string{
		"object.":                        "1:8: Syntax error",
		"objekt.kind == 'Pod'":           "1:1: undeclared reference to 'objekt'",
		"true &&\n  namespaceObject.nam": "2:18: undefined field 'nam'",
		"1 + 1":                          "must evaluate to bool but evaluates to int",
		"authorizer.path('/x')":          "undeclared reference to 'authorizer'",
		strings.Repeat(" ", 70_000):      "longer than",
	}
	for expression, want := range cases {
		if _, _, failure := run(t, expression, ""); !strings.Contains(failure, want) {
			t.Errorf("%.40s: found %q, want %q", expression, failure, want)
		}
	}
	if _, _, failure := run(t, "false", "1"); !strings.Contains(failure, "messageExpression: must evaluate to string") {
		t.Errorf("found %q", failure)
	}
}

func TestOwnPolicyIsBounded(t *testing.T) {
	list := "[" + strings.Repeat("1,", 300) + "1]"
	found, message, _ := run(t, list+".all(a, "+list+".all(b, "+list+".all(c, a + b + c > 0)))", "")
	if found != "failed" || !strings.Contains(message, "cost limit") {
		t.Errorf("found %s %s", found, message)
	}
}
