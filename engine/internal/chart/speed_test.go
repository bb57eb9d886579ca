package chart

import (
	"fmt"
	"testing"
)

// BenchmarkSmallChart renders what most HelmReleases are: seven objects and a page of values.
func BenchmarkSmallChart(b *testing.B) {
	for name, origin := range map[string]any{
		"plain": nil,
		"flux":  parameters{"name": "app", "namespace": "apps"},
	} {
		b.Run(name, func(b *testing.B) {
			opened := open(b, smallChart())
			for b.Loop() {
				opened.must(parameters{"origin": origin, "values": parameters{"replicas": 3}})
			}
		})
	}
}

func smallChart() map[string]string {
	files := map[string]string{
		"c/Chart.yaml":  "apiVersion: v2\nname: web\nversion: 1.0.0\n",
		"c/values.yaml": "replicas: 1\nservice: {port: 8080}\nresources: {requests: {cpu: 50m, memory: 64Mi}}\nenv: {A: b, C: d}\n",
		"c/templates/_helpers.tpl": `{{- define "labels" -}}
app.kubernetes.io/name: {{ .Release.Name }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version }}
{{- end }}`,
		"c/templates/deployment.yaml": `apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ .Release.Name }}
  labels: {{- include "labels" . | nindent 4 }}
spec:
  replicas: {{ .Values.replicas }}
  template:
    metadata:
      labels: {{- include "labels" . | nindent 8 }}
    spec:
      containers:
        - name: app
          env:
            {{- range $name, $value := .Values.env }}
            - {name: {{ $name }}, value: {{ $value | quote }}}
            {{- end }}
          ports: [{name: http, containerPort: {{ .Values.service.port }}}]
          resources: {{- toYaml .Values.resources | nindent 12 }}
`,
	}
	for index := range 6 {
		files[fmt.Sprintf("c/templates/service%d.yaml", index)] = `apiVersion: v1
kind: Service
metadata:
  name: {{ .Release.Name }}-` + fmt.Sprint(index) + `
  labels: {{- include "labels" . | nindent 4 }}
spec:
  ports: [{name: http, port: {{ .Values.service.port }}, targetPort: http}]
`
	}
	return files
}
