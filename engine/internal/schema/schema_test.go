package schema

import (
	"strings"
	"testing"

	"sigs.k8s.io/yaml"
)

// object reads one YAML document.
func object(t testing.TB, text string) map[string]any {
	t.Helper()
	result := map[string]any{}
	if err := yaml.Unmarshal([]byte(text), &result); err != nil {
		t.Fatal(err)
	}
	return result
}

func summary(problems []Problem) string {
	var lines []string
	for _, problem := range problems {
		lines = append(lines, problem.Code+" "+problem.Path)
	}
	return strings.Join(lines, "\n")
}

const deployment = `
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
  creationTimestamp: null
  labels: {app: web, empty: null}
spec:
  replicas: 2.0
  selector: {matchLabels: {app: web}}
  strategy: {rollingUpdate: {maxSurge: 25%, maxUnavailable: 1}}
  template:
    metadata: {labels: {app: web}, annotations: null}
    spec:
      containers:
      - name: web
        image: nginx:1.29
        env:
        - {name: A, value: "1"}
        - name: B
          valueFrom: {secretKeyRef: {name: s, key: k}}
        ports:
        - {containerPort: 53, protocol: UDP}
        - {containerPort: 53}
        resources:
          limits: {cpu: 1, memory: 1Gi}
          requests: {cpu: 0.1, memory: "128974848"}
        readinessProbe: {httpGet: {path: /, port: http}, periodSeconds: 5}
        securityContext: {}
      volumes:
      - {name: a, emptyDir: {}}
      - {name: b, configMap: {name: c}}
status: {}
`

func TestValidObjectsHaveNoProblems(t *testing.T) {
	for _, minor := range Minors() {
		if found := Validate(minor, object(t, deployment)); len(found) > 0 {
			t.Errorf("%s: %v", minor, found)
		}
	}
}

func TestProblems(t *testing.T) {
	cases := map[string]struct{ before, after, want string }{
		"unknown field":       {"replicas: 2.0", "replica: 2", "unknown-field spec.replica"},
		"wrong type":          {"replicas: 2.0", "replicas: two", "type spec.replicas"},
		"fraction":            {"replicas: 2.0", "replicas: 2.5", "type spec.replicas"},
		"out of range":        {"replicas: 2.0", "replicas: 4294967296", "type spec.replicas"},
		"label not a string":  {"labels: {app: web, empty: null}", "labels: {app: true}", "type metadata.labels.app"},
		"list for object":     {"securityContext: {}", "securityContext: []", "type spec.template.spec.containers[0].securityContext"},
		"missing selector":    {"selector: {matchLabels: {app: web}}", "paused: false", "required spec.selector"},
		"missing image":       {"image: nginx:1.29", "tty: true", "required spec.template.spec.containers[0].image"},
		"bad quantity":        {"memory: 1Gi", "memory: 1 GiB", "format spec.template.spec.containers[0].resources.limits.memory"},
		"port twice":          {"{containerPort: 53, protocol: UDP}", "{containerPort: 53, protocol: TCP}", "duplicate-item spec.template.spec.containers[0].ports[1]"},
		"variable twice":      {"- name: B", "- name: A", "duplicate-item spec.template.spec.containers[0].env[1]"},
		"label value":         {"labels: {app: web, empty: null}", "labels: {app: a b}", "format metadata.labels.app"},
		"label key":           {"labels: {app: web, empty: null}", "labels: {a/b/c: web}", `format metadata.labels["a/b/c"]`},
		"long label of pods":  {"metadata: {labels: {app: web}", "metadata: {labels: {app: " + strings.Repeat("a", 64) + "}", "format spec.template.metadata.labels.app"},
		"annotation key":      {"annotations: null", "annotations: {'a b': x}", `format spec.template.metadata.annotations["a b"]`},
		"name with capitals":  {"name: web\n  creation", "name: Web\n  creation", "format metadata.name"},
		"name with token":     {"name: web\n  creation", "name: Web_opaque-0123456789ab\n  creation", ""},
		"bad namespace":       {"name: web\n  creation", "name: web\n  namespace: a.b\n  creation", "format metadata.namespace"},
		"no name":             {"name: web\n  creation", "creation", "required metadata.name"},
		"removed version":     {"apps/v1", "extensions/v1beta1", "removed-api apiVersion"},
		"unknown kind":        {"kind: Deployment", "kind: Deploymnt", "unknown-kind kind"},
		"unknown version":     {"apps/v1", "apps/v7", "unknown-kind kind"},
		"configuration":       {"apps/v1", "builtin", ""},
		"another group":       {"apps/v1", "apps.example.org/v1", ""},
		"token as number":     {"replicas: 2.0", "replicas: opaque-0123456789ab", ""},
		"base64 of the token": {"replicas: 2.0", "replicas: b3BhcXVlLTAxMjM0NTY3ODlhYg==", ""},
		"token in text":       {"memory: 1Gi", "memory: x-opaque-0123456789ab-y", ""},
		"enum":                {"securityContext: {}", "imagePullPolicy: Sometimes", "enum spec.template.spec.containers[0].imagePullPolicy"},
		"volume without name": {"{name: a, emptyDir: {}}", "{emptyDir: {}}", "required spec.template.spec.volumes[0].name"},
	}
	for name, test := range cases {
		t.Run(name, func(t *testing.T) {
			if !strings.Contains(deployment, test.before) {
				t.Fatalf("the sample has no %q", test.before)
			}
			changed := strings.Replace(deployment, test.before, test.after, 1)
			if found := summary(Validate("1.37", object(t, changed))); found != test.want {
				t.Errorf("found\n%s\nwant\n%s", found, test.want)
			}
		})
	}
}

func TestFreeNames(t *testing.T) {
	const address = "{apiVersion: networking.k8s.io/v1, kind: IPAddress, metadata: {name: '2001:db8::1'}}"
	if found := Validate("1.37", object(t, address)); len(found) > 0 {
		t.Error(found)
	}
}

func TestNamesOfRoles(t *testing.T) {
	const role = "{apiVersion: rbac.authorization.k8s.io/v1, kind: ClusterRole, metadata: {name: 'system:A', labels: {a: ''}}, rules: null}"
	if found := Validate("1.37", object(t, role)); len(found) > 0 {
		t.Error(found)
	}
	if found := summary(Validate("1.37", object(t, strings.Replace(role, "system:A", "a/b", 1)))); found != "format metadata.name" {
		t.Error(found)
	}
}

func BenchmarkDeployment(b *testing.B) {
	sample := object(b, deployment)
	Validate("1.37", sample)
	b.ReportAllocs()
	for b.Loop() {
		Validate("1.37", sample)
	}
}

func BenchmarkLoad(b *testing.B) {
	for b.Loop() {
		if _, err := readCatalogue("1.37"); err != nil {
			b.Fatal(err)
		}
	}
}
