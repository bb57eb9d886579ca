{{- define "one.selector" -}}
app.kubernetes.io/name: onechart
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{/* The container: what the values name, with the fields of .Values.container on top. */}}
{{- define "one.container" -}}
name: {{ .Release.Name }}
image: "{{ .Values.image.repository }}:{{ .Values.image.tag }}"
imagePullPolicy: {{ .Values.image.pullPolicy }}
securityContext:
  {{- toYaml .Values.securityContext | nindent 2 }}
ports:
  {{- range .Values.ports | default (list (dict "name" "http" "containerPort" .Values.containerPort)) }}
  - name: {{ .name }}
    containerPort: {{ .containerPort }}
    protocol: TCP
  {{- end }}
resources:
  {{- toYaml .Values.resources | nindent 2 }}
{{- with .Values.vars }}
envFrom:
  - configMapRef:
      name: {{ $.Release.Name }}
{{- end }}
{{- with .Values.volumes }}
volumeMounts:
  {{- range . }}
  {{- if not (hasPrefix "init-" .name) }}
  - name: {{ .name }}
    mountPath: {{ .path }}
  {{- end }}
  {{- end }}
{{- end }}
{{- end }}

{{/* The pod: the same, with the fields of .Values.podSpec on top. */}}
{{- define "one.pod" -}}
{{- with .Values.imagePullSecrets }}
imagePullSecrets:
  {{- range . }}
  - name: {{ . }}
  {{- end }}
{{- end }}
securityContext:
  {{- toYaml .Values.podSecurityContext | nindent 2 }}
containers:
  {{- $container := include "one.container" . | fromYaml }}
  - {{- toYaml (mergeOverwrite $container .Values.container) | nindent 4 }}
{{- with .Values.volumes }}
volumes:
  {{- range . }}
  - name: {{ .name }}
    {{- if .emptyDir }}
    emptyDir: {}
    {{- else if .existingConfigMap }}
    configMap:
      name: {{ .existingConfigMap }}
    {{- else }}
    persistentVolumeClaim:
      claimName: {{ .existingClaim | default (printf "%s-%s" $.Release.Name .name) }}
    {{- end }}
  {{- end }}
{{- end }}
{{- end }}
