{{- define "pg.name" -}}
{{ .Values.fullnameOverride | default .Release.Name }}
{{- end }}

{{- define "pg.labels" -}}
app.kubernetes.io/name: postgresql
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{- define "pg.image" -}}
{{- $foreign := not (hasPrefix "bitnami/" .image.repository) }}
{{- if and $foreign (not .context.Values.global.security.allowInsecureImages) }}
{{- fail "images of others need global.security.allowInsecureImages" }}
{{- end }}
{{- printf "%s/%s:%s" .image.registry .image.repository .image.tag }}
{{- end }}
