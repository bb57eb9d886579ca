{{/* A StatefulSet of one role: primary or read. */}}
{{- define "pg.instance" -}}
{{- $values := .values }}
{{- $context := .context }}
{{- $name := printf "%s-%s" (include "pg.name" $context) .role }}
apiVersion: apps/v1
kind: StatefulSet
metadata:
  name: {{ $name }}
  labels:
    {{- include "pg.labels" $context | nindent 4 }}
    app.kubernetes.io/component: {{ .role }}
spec:
  replicas: {{ .replicas }}
  serviceName: {{ $name }}-hl
  selector:
    matchLabels:
      {{- include "pg.labels" $context | nindent 6 }}
      app.kubernetes.io/component: {{ .role }}
  template:
    metadata:
      labels:
        {{- include "pg.labels" $context | nindent 8 }}
        app.kubernetes.io/component: {{ .role }}
    spec:
      serviceAccountName: {{ include "pg.name" $context }}
      automountServiceAccountToken: false
      securityContext:
        {{- toYaml $values.podSecurityContext | nindent 8 }}
      {{- if $context.Values.tls.enabled }}
      initContainers:
        - name: copy-certs
          image: {{ include "pg.image" (dict "image" $context.Values.volumePermissions.image "context" $context) }}
          command: [/bin/sh, -ec, cp /tmp/certs/* /opt/bitnami/postgresql/certs/]
          resources:
            {{- toYaml $values.resources | nindent 12 }}
          securityContext:
            {{- toYaml $values.containerSecurityContext | nindent 12 }}
          volumeMounts:
            - name: raw-certificates
              mountPath: /tmp/certs
            - name: certificates
              mountPath: /opt/bitnami/postgresql/certs
      {{- end }}
      containers:
        - name: postgresql
          image: {{ include "pg.image" (dict "image" $context.Values.image "context" $context) }}
          env:
            - name: POSTGRES_PASSWORD_FILE
              value: /opt/bitnami/postgresql/secrets/postgres-password
            {{- if and (eq .role "primary") $values.initdb.postgresqlWalDir }}
            - name: POSTGRES_INITDB_WALDIR
              value: {{ $values.initdb.postgresqlWalDir }}
            {{- end }}
          ports:
            - name: tcp-postgresql
              containerPort: 5432
          {{- if $values.startupProbe.enabled }}
          startupProbe:
            exec:
              command: [pg_isready, -h, 127.0.0.1]
            {{- toYaml (omit $values.startupProbe "enabled") | nindent 12 }}
          {{- end }}
          livenessProbe:
            exec:
              command: [pg_isready, -h, 127.0.0.1]
            initialDelaySeconds: 30
          readinessProbe:
            exec:
              command: [pg_isready, -h, 127.0.0.1]
          resources:
            {{- toYaml $values.resources | nindent 12 }}
          securityContext:
            {{- toYaml $values.containerSecurityContext | nindent 12 }}
          volumeMounts:
            - name: data
              mountPath: /bitnami/postgresql
            - name: passwords
              mountPath: /opt/bitnami/postgresql/secrets
            {{- if $context.Values.tls.enabled }}
            - name: certificates
              mountPath: /opt/bitnami/postgresql/certs
            {{- end }}
            {{- if and (eq .role "primary") $values.pgHbaConfiguration }}
            - name: configuration
              mountPath: /bitnami/postgresql/conf
            {{- end }}
            {{- with $values.extraVolumeMounts }}
            {{- toYaml . | nindent 12 }}
            {{- end }}
        {{- if $context.Values.metrics.enabled }}
        - name: metrics
          image: {{ include "pg.image" (dict "image" $context.Values.metrics.image "context" $context) }}
          ports:
            - name: http-metrics
              containerPort: 9187
          livenessProbe:
            httpGet:
              path: /
              port: http-metrics
            initialDelaySeconds: 15
          readinessProbe:
            httpGet:
              path: /
              port: http-metrics
          resources:
            {{- toYaml $context.Values.metrics.resources | nindent 12 }}
          securityContext:
            allowPrivilegeEscalation: false
            readOnlyRootFilesystem: true
            runAsNonRoot: true
            runAsUser: 1001
            capabilities:
              drop: [ALL]
            seccompProfile:
              type: RuntimeDefault
        {{- end }}
      volumes:
        - name: passwords
          secret:
            secretName: {{ include "pg.name" $context }}
        {{- if $context.Values.tls.enabled }}
        - name: raw-certificates
          secret:
            secretName: {{ $context.Values.tls.certificatesSecret | default (printf "%s-crt" (include "pg.name" $context)) }}
            items:
              - key: {{ $context.Values.tls.certFilename | default "tls.crt" }}
                path: tls.crt
              - key: {{ $context.Values.tls.certKeyFilename | default "tls.key" }}
                path: tls.key
        - name: certificates
          emptyDir: {}
        {{- end }}
        {{- if and (eq .role "primary") $values.pgHbaConfiguration }}
        - name: configuration
          configMap:
            name: {{ include "pg.name" $context }}-configuration
        {{- end }}
        {{- with $values.extraVolumes }}
        {{- toYaml . | nindent 8 }}
        {{- end }}
  volumeClaimTemplates:
    - metadata:
        name: data
      spec:
        accessModes: [ReadWriteOnce]
        {{- with $values.persistence.storageClass }}
        storageClassName: {{ . }}
        {{- end }}
        resources:
          requests:
            storage: {{ $values.persistence.size }}
{{- end }}
