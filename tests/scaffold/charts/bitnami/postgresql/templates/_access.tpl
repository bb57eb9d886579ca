{{/* Services and the policy of one role. */}}
{{- define "pg.access" -}}
{{- $context := .context }}
{{- $name := printf "%s-%s" (include "pg.name" $context) .role }}
{{- range $suffix, $address := dict "" "" "-hl" "None" }}
apiVersion: v1
kind: Service
metadata:
  name: {{ $name }}{{ $suffix }}
  labels:
    {{- include "pg.labels" $context | nindent 4 }}
    app.kubernetes.io/component: {{ $.role }}
spec:
  {{- with $address }}
  clusterIP: {{ . }}
  {{- end }}
  selector:
    {{- include "pg.labels" $context | nindent 4 }}
    app.kubernetes.io/component: {{ $.role }}
  ports:
    - name: tcp-postgresql
      port: 5432
      targetPort: tcp-postgresql
---
{{- end }}
{{- if $context.Values.metrics.enabled }}
apiVersion: v1
kind: Service
metadata:
  name: {{ $name }}-metrics
  labels:
    {{- include "pg.labels" $context | nindent 4 }}
    app.kubernetes.io/component: metrics
spec:
  selector:
    {{- include "pg.labels" $context | nindent 4 }}
    app.kubernetes.io/component: {{ .role }}
  ports:
    - name: http-metrics
      port: 9187
      targetPort: http-metrics
---
{{- end }}
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: {{ $name }}
spec:
  podSelector:
    matchLabels:
      {{- include "pg.labels" $context | nindent 6 }}
      app.kubernetes.io/component: {{ .role }}
  policyTypes: [Ingress, Egress]
  egress:
    {{- if .values.networkPolicy.allowExternalEgress }}
    - {}
    {{- else }}
    - ports:
        - port: 53
          protocol: UDP
        - port: 53
          protocol: TCP
    - ports:
        - port: 5432
          protocol: TCP
      to:
        - podSelector:
            matchLabels:
              {{- include "pg.labels" $context | nindent 14 }}
    {{- end }}
  ingress:
    - ports:
        - port: 5432
          protocol: TCP
        {{- if $context.Values.metrics.enabled }}
        - port: 9187
          protocol: TCP
        {{- end }}
      {{- if not .values.networkPolicy.allowExternal }}
      from:
        - podSelector:
            matchLabels:
              {{- include "pg.labels" $context | nindent 14 }}
        - podSelector:
            matchLabels:
              {{ $name }}-client: "true"
      {{- end }}
    {{- with .values.networkPolicy.extraIngress }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
{{- end }}
