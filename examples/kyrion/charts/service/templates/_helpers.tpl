{{/* Name of every object of the release. */}}
{{- define "service.name" -}}
{{- default .Release.Name .Values.nameOverride | trunc 53 | trimSuffix "-" -}}
{{- end -}}

{{/* Labels that select Pods: they never change. */}}
{{- define "service.selector" -}}
app.kubernetes.io/name: {{ include "service.name" . }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}

{{/* Labels of every object. */}}
{{- define "service.labels" -}}
{{ include "service.selector" . }}
app.kubernetes.io/version: {{ .Values.image.tag | trunc 63 | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" }}
{{- end -}}

{{/* Environment of the main container and of the upgrade Job. */}}
{{- define "service.environment" -}}
{{- with .Values.env }}
env:
  {{- range $name, $value := . }}
  - name: {{ $name }}
    value: {{ $value | toString | quote }}
  {{- end }}
{{- end }}
{{- with .Values.secretNames }}
envFrom:
  {{- range . }}
  - secretRef:
      name: {{ . }}
  {{- end }}
{{- end }}
{{- end -}}

{{/* Mounts of the main container: its volumes, its files and a writable /tmp. */}}
{{- define "service.mounts" -}}
- name: tmp
  mountPath: /tmp
{{- range $name, $volume := .Values.volumes }}
- name: {{ $name }}
  mountPath: {{ $volume.mountPath }}
  {{- with $volume.subPath }}
  subPath: {{ . }}
  {{- end }}
  {{- with $volume.readOnly }}
  readOnly: {{ . }}
  {{- end }}
  {{- with $volume.mountPropagation }}
  mountPropagation: {{ . }}
  {{- end }}
{{- end }}
{{- range $file, $_ := .Values.files.content }}
- name: files
  mountPath: {{ $.Values.files.mountPath }}/{{ $file }}
  subPath: {{ $file }}
  readOnly: true
{{- end }}
{{- end -}}

{{/* Volumes of the Pod. */}}
{{- define "service.volumes" -}}
- name: tmp
  emptyDir: {}
{{- range $name, $volume := .Values.volumes }}
- name: {{ $name }}
  {{- if $volume.existingClaim }}
  persistentVolumeClaim:
    claimName: {{ $volume.existingClaim }}
  {{- else if $volume.size }}
  persistentVolumeClaim:
    claimName: {{ include "service.name" $ }}-{{ $name }}
  {{- else if $volume.configMap }}
  configMap:
    name: {{ $volume.configMap }}
    {{- with $volume.defaultMode }}
    defaultMode: {{ . }}
    {{- end }}
  {{- else if $volume.secret }}
  secret:
    secretName: {{ $volume.secret }}
  {{- else if $volume.hostPath }}
  hostPath:
    path: {{ $volume.hostPath }}
  {{- else }}
  emptyDir: {{ toYaml $volume.emptyDir | nindent 4 }}
  {{- end }}
{{- end }}
{{- if .Values.files.content }}
- name: files
  configMap:
    name: {{ include "service.name" . }}-files
{{- end }}
{{- end -}}

{{/* What a probe asks. */}}
{{- define "service.probe" -}}
{{- if .Values.probe.path }}
httpGet:
  path: {{ .Values.probe.path }}
  port: http
{{- else }}
tcpSocket:
  port: http
{{- end }}
periodSeconds: {{ .Values.probe.periodSeconds }}
{{- end -}}
