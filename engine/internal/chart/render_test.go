package chart

import (
	"reflect"
	"slices"
	"strings"
	"testing"

	"elysium.dev/engine/internal/objects"
)

const metadata = "apiVersion: v2\nname: web\nversion: 1.2.3\nappVersion: '4.5'\n"

// chartOf makes a chart of templates, each under templates/.
func chartOf(templates map[string]string) map[string]string {
	files := map[string]string{"c/Chart.yaml": metadata, "c/values.yaml": "{}\n"}
	for name, text := range templates {
		files["c/templates/"+name] = text
	}
	return files
}

func configMap(name, data string) string {
	return "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: " + name + "\ndata:\n  value: " + data + "\n"
}

// value renders an expression and returns what it gives.
func value(t *testing.T, expression string, changed parameters) string {
	t.Helper()
	result := open(t, chartOf(map[string]string{"a.yaml": configMap("a", "{{ "+expression+" | quote }}")})).must(changed)
	return objects.Text(result.Objects[0].Object, "data", "value")
}

// names lists the objects as Kind/name.
func names(result *renderResult) []string {
	list := []string{}
	for _, rendered := range result.Objects {
		list = append(list, objects.Text(rendered.Object, "kind")+"/"+objects.Text(rendered.Object, "metadata", "name"))
	}
	return list
}

var release = parameters{"name": "app", "namespace": "apps"}

func TestBuiltInObjects(t *testing.T) {
	for expression, expected := range map[string]string{
		`.Release.Name`: "app", `.Release.Namespace`: "apps", `.Release.Service`: "Helm", `.Release.Revision`: "1",
		`.Release.IsInstall`: "true", `.Release.IsUpgrade`: "false", `.Chart.Name`: "web", `.Chart.Version`: "1.2.3", `.Chart.AppVersion`: "4.5",
		`.Template.Name`: "web/templates/a.yaml", `.Template.BasePath`: "web/templates", `.Capabilities.KubeVersion.Version`: "v1.37.0",
		`.Capabilities.KubeVersion.Minor`: "37", `.Capabilities.HelmVersion.Version`: "v4.2",
		`.Capabilities.APIVersions.Has "apps/v1/Deployment"`: "true", `.Capabilities.APIVersions.Has "policy/v1beta1"`: "false",
		`.Capabilities.APIVersions.Has "monitoring.coreos.com/v1/ServiceMonitor"`: "false", `getHostByName "example.org"`: "",
		`lookup "v1" "Secret" "a" "b" | len`: "0", `env "HOME"`: "",
	} {
		if strings.HasPrefix(expression, "env") {
			failed := open(t, chartOf(map[string]string{"a.yaml": "{{ " + expression + " }}"})).failure(nil)
			if !strings.Contains(failed.Message, `function "env" not defined`) {
				t.Errorf("%s: %s", expression, failed.Message)
			}
			continue
		}
		if got := value(t, expression, parameters{"release": release}); got != expected {
			t.Errorf("%s gives %q, expected %q", expression, got, expected)
		}
	}
}

func TestDeclaredCluster(t *testing.T) {
	changed := parameters{
		"release":    parameters{"name": "app", "namespace": "apps", "upgrade": true, "revision": 7},
		"kubernetes": "v1.33.4-gke.1", "apis": []string{"monitoring.coreos.com/v1", "monitoring.coreos.com/v1/ServiceMonitor"},
	}
	for expression, expected := range map[string]string{
		`.Release.IsInstall`: "false", `.Release.IsUpgrade`: "true", `.Release.Revision`: "7",
		`.Capabilities.KubeVersion.Version`: "v1.33.4-gke.1", `.Capabilities.KubeVersion.Minor`: "33",
		`.Capabilities.APIVersions.Has "monitoring.coreos.com/v1/ServiceMonitor"`: "true",
		`semverCompare ">=1.30-0" .Capabilities.KubeVersion.Version`:              "true",
	} {
		if got := value(t, expression, changed); got != expected {
			t.Errorf("%s gives %q, expected %q", expression, got, expected)
		}
	}
}

func TestUses(t *testing.T) {
	for expression, expected := range map[string]uses{
		`.Values.a`:                          {},
		`.Capabilities.KubeVersion.Version`:  {Capabilities: true},
		`lookup "v1" "Secret" "a" "b" | len`: {Lookup: true},
		`randAlpha 3`:                        {Random: true},
		`now`:                                {Time: true},
		`if false }}{{ lookup "" "" "" "" }}{{ end`: {},
	} {
		text := "{{ " + expression + " }}\n"
		result := open(t, chartOf(map[string]string{"a.yaml": "# " + text})).must(nil)
		if result.Uses != expected {
			t.Errorf("%s uses %+v", expression, result.Uses)
		}
	}
}

func TestOrderOriginsAndPartials(t *testing.T) {
	result := open(t, chartOf(map[string]string{
		"b.yaml":       configMap("b", "1") + "---\n" + strings.ReplaceAll(configMap("ns", "1"), "ConfigMap", "Namespace"),
		"sub/a.yaml":   configMap("a", "1"),
		"_partial.yml": configMap("partial", "1"),
		"empty.yaml":   "{{ if false }}x{{ end }}\n# a comment\n",
		"z.yaml":       "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: z}\n---apiVersion: v1\nkind: Service\nmetadata: {name: glued}\n",
		"w.yaml":       "apiVersion: example.org/v1\nkind: Widget\nmetadata: {name: w}\n",
		"list.yaml":    "apiVersion: v1\nkind: List\nitems:\n- apiVersion: v1\n  kind: Secret\n  metadata: {name: s}\n",
		"NOTES.txt":    "Thank you for {{ .Release.Name }}",
	})).must(nil)
	expected := []string{"Namespace/ns", "ConfigMap/b", "ConfigMap/a", "Service/glued", "Deployment/z", "Secret/s", "Widget/w"}
	if got := names(result); !reflect.DeepEqual(got, expected) {
		t.Errorf("got %v", got)
	}
	if got := result.Objects[2].Origin; got != (origin{File: "templates/sub/a.yaml", Chart: "web"}) {
		t.Errorf("origin %+v", got)
	}
	if result.Notes != "Thank you for app" {
		t.Errorf("notes %q", result.Notes)
	}
	if got := result.Chart; got != (chartSummary{Name: "web", Version: "1.2.3", AppVersion: "4.5"}) {
		t.Errorf("chart %+v", got)
	}
}

func TestNamespaces(t *testing.T) {
	result := open(t, chartOf(map[string]string{
		"a.yaml": configMap("a", "1"),
		"b.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: b, namespace: other}\n",
		"c.yaml": "apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata: {name: c}\n",
		"d.yaml": "apiVersion: example.org/v1\nkind: Widget\nmetadata: {name: d}\n",
		"e.yaml": "apiVersion: example.org/v1\nkind: Gadget\nmetadata: {name: e}\n",
	})).must(parameters{"release": release, "scopes": parameters{"example.org/Widget": "Namespaced"}})
	got := map[string]string{}
	for _, rendered := range result.Objects {
		got[objects.Text(rendered.Object, "metadata", "name")] = objects.Text(rendered.Object, "metadata", "namespace")
	}
	if expected := map[string]string{"a": "apps", "b": "other", "c": "", "d": "apps", "e": ""}; !reflect.DeepEqual(got, expected) {
		t.Errorf("got %v", got)
	}
}

func hookOf(name, annotations string) string {
	return "apiVersion: batch/v1\nkind: Job\nmetadata:\n  name: " + name + "\n  annotations: {" + annotations + "}\n"
}

func TestHooks(t *testing.T) {
	opened := open(t, chartOf(map[string]string{
		"a.yaml": hookOf("before", `helm.sh/hook: "pre-install, pre-upgrade", helm.sh/hook-weight: "-5", helm.sh/hook-delete-policy: "hook-succeeded,before-hook-creation"`),
		"b.yaml": hookOf("tests", "helm.sh/hook: test"),
		"c.yaml": hookOf("both", `helm.sh/hook: "test-success,post-install"`),
		"d.yaml": hookOf("unknown", "helm.sh/hook: crd-install"),
		"e.yaml": hookOf("odd-weight", `helm.sh/hook: pre-delete, helm.sh/hook-weight: "heavy"`),
		"f.yaml": configMap("plain", "1"),
	}))
	for _, test := range []struct {
		changed  parameters
		expected []string
	}{
		{nil, []string{"ConfigMap/plain", "Job/before", "Job/both", "Job/odd-weight"}},
		{parameters{"enable_tests": true}, []string{"ConfigMap/plain", "Job/before", "Job/tests", "Job/both", "Job/odd-weight"}},
		{parameters{"disable_hooks": true}, []string{"ConfigMap/plain"}},
		{parameters{"disable_hooks": true, "enable_tests": true}, []string{"ConfigMap/plain", "Job/tests", "Job/both"}},
	} {
		if got := names(opened.must(test.changed)); !reflect.DeepEqual(got, test.expected) {
			t.Errorf("%v: got %v", test.changed, got)
		}
	}
	before := opened.must(nil).Objects[1].Hook
	expected := &hook{Events: []string{"pre-install", "pre-upgrade"}, Weight: -5, DeletePolicies: []string{"hook-succeeded", "before-hook-creation"}}
	if !reflect.DeepEqual(before, expected) {
		t.Errorf("got %+v", before)
	}
	if !slices.ContainsFunc(opened.must(nil).Warnings, func(w Warning) bool { return strings.Contains(w.Message, "unknown hook") }) {
		t.Error("no warning of an unknown hook")
	}
}

func TestFailures(t *testing.T) {
	for name, test := range map[string]struct {
		template string
		stage    string
		line     int
		message  string
	}{
		"fail":           {"a: b\n{{ fail \"no way\" }}", "template", 2, "execution error at (web/templates/a.yaml:2:3): no way"},
		"required":       {"\n\n{{ required \"set it\" .Values.x }}", "template", 3, "execution error at (web/templates/a.yaml:3:3): set it"},
		"syntax":         {"a\n{{ if }}", "template", 2, "parse error at (web/templates/a.yaml:2)"},
		"no function":    {"{{ nothing }}", "template", 1, `function "nothing" not defined`},
		"nil pointer":    {"\n{{ .Values.a.b.c }}", "template", 2, "nil pointer evaluating"},
		"no template":    {"\n{{ include \"nothing\" . }}", "template", 2, `no template "nothing"`},
		"endless":        {"{{ define \"x\" }}{{ include \"x\" . }}{{ end }}{{ include \"x\" . }}", "template", 1, "nested reference name"},
		"YAML":           {"a: b\nc: {\n", "parse", 2, "YAML parse error on web/templates/a.yaml"},
		"no object":      {"just text\n", "parse", 0, "YAML parse error on web/templates/a.yaml"},
		"no kind":        {"apiVersion: v1\nmetadata: {name: a}\n", "parse", 0, "Object 'Kind' is missing"},
		"odd annotation": {"apiVersion: v1\nkind: A\nmetadata: {name: a, annotations: {a: [1]}}\n", "parse", 0, "annotations"},
	} {
		t.Run(name, func(t *testing.T) {
			failed := open(t, chartOf(map[string]string{"a.yaml": test.template})).failure(nil)
			if failed.Stage != test.stage || failed.File != "templates/a.yaml" || failed.Line != test.line || !strings.Contains(failed.Message, test.message) {
				t.Errorf("stage %s, %s:%d: %s", failed.Stage, failed.File, failed.Line, failed.Message)
			}
		})
	}
}

func TestFailureInsideAnIncludedTemplate(t *testing.T) {
	failed := open(t, chartOf(map[string]string{
		"a.yaml":       "\n{{ include \"x\" . }}",
		"_helpers.tpl": "{{ define \"x\" }}\n\n{{ .Values.a.b.c }}{{ end }}",
	})).failure(nil)
	if failed.Template != "templates/a.yaml" || failed.File != "templates/_helpers.tpl" || failed.Line != 3 {
		t.Errorf("template %s, %s:%d", failed.Template, failed.File, failed.Line)
	}
}

func TestRefusedReleases(t *testing.T) {
	for name, test := range map[string]struct {
		files   map[string]string
		changed parameters
		stage   string
		message string
	}{
		"release name": {nil, parameters{"release": parameters{"name": "Upper", "namespace": "a"}}, "chart", "invalid release name"},
		"kubeVersion":  {map[string]string{"c/Chart.yaml": metadata + "kubeVersion: '>=2.0'\n"}, nil, "chart", "chart requires kubeVersion: >=2.0 which is incompatible with Kubernetes v1.37.0"},
		"schema": {map[string]string{"c/values.schema.json": `{"properties": {"port": {"type": "integer"}}}`}, parameters{"values": parameters{"port": "x"}},
			"schema", "values don't meet the specifications of the schema(s) in the following chart(s):\nweb:\n- at '/port': got string, want integer"},
		"values":     {nil, parameters{"values_from": []any{parameters{"text": "a: {"}}}, "values", "valuesFrom[0]"},
		"Chart.yaml": {map[string]string{"c/Chart.yaml": "name: [\n"}, nil, "chart", "cannot load Chart.yaml"},
		"no version": {map[string]string{"c/Chart.yaml": "apiVersion: v2\nname: web\n"}, nil, "chart", "chart.metadata.version is required"},
		"no chart":   {nil, parameters{"chart": parameters{"tree": "t", "path": "nowhere"}}, "chart", "no chart found"},
		"metadata":   {nil, parameters{"metadata": "a b"}, "chart", "build metadata"},
	} {
		t.Run(name, func(t *testing.T) {
			files := chartOf(nil)
			for file, text := range test.files {
				files[file] = text
			}
			failed := open(t, files).failure(test.changed)
			if failed.Stage != test.stage || !strings.Contains(failed.Message, test.message) {
				t.Errorf("stage %s: %s", failed.Stage, failed.Message)
			}
		})
	}
}

func TestSameBytes(t *testing.T) {
	opened := open(t, chartOf(map[string]string{
		"a.yaml": configMap("a", `{{ randAlphaNum 10 }}-{{ now | date "2006" }}-{{ uuidv4 }}`) + "  ca: {{ (genCA \"a\" 1).Cert | quote }}\n",
		"b.yaml": configMap("b", `{{ keys (dict "a" 1 "b" 2 "c" 3 "d" 4) | join "-" }}`),
	}))
	first := opened.must(nil)
	for range 5 {
		if again := opened.must(nil); !reflect.DeepEqual(again.Objects, first.Objects) {
			t.Fatal("another run gives other objects")
		}
	}
	if other := opened.must(parameters{"seed": "other"}); reflect.DeepEqual(other.Objects, first.Objects) {
		t.Error("the seed does not matter")
	}
	if got := objects.Text(first.Objects[0].Object, "data", "value"); !strings.Contains(got, "-2026-") {
		t.Errorf("got %q", got)
	}
}
