{{- define "headlamp.labels" -}}
app.kubernetes.io/name: headlamp
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}
