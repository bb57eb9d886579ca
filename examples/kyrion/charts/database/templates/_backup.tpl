{{/* A Pod that dumps every database and uploads the dumps. */}}
{{- define "database.backupPod" -}}
metadata:
  labels:
    app.kubernetes.io/name: {{ .Release.Name }}-backup
    app.kubernetes.io/instance: {{ .Release.Name }}
    app.kubernetes.io/component: backup
spec:
  restartPolicy: Never
  serviceAccountName: {{ .Release.Name }}
  automountServiceAccountToken: false
  securityContext:
    {{- include "database.podSecurity" . | nindent 4 }}
  initContainers:
    - name: dump
      image: "{{ .Values.image.repository }}:{{ .Values.image.tag }}"
      command: [/bin/sh, /scripts/backup.sh]
      env:
        - name: PGHOST
          value: {{ .Release.Name }}-primary
        - name: PGUSER
          value: postgres
        {{- include "database.password" (dict "root" . "variable" "PGPASSWORD") | nindent 8 }}
      resources:
        requests:
          cpu: 100m
          memory: 128Mi
        limits:
          memory: 512Mi
      securityContext:
        {{- include "database.containerSecurity" . | nindent 8 }}
      volumeMounts:
        - name: backup
          mountPath: /backup
        - name: scripts
          mountPath: /scripts
          readOnly: true
  containers:
    - name: upload
      image: "{{ .Values.backup.image.repository }}:{{ .Values.backup.image.tag }}"
      command: [/bin/sh, /scripts/upload.sh]
      env:
        - name: REMOTE
          value: {{ .Values.backup.remote }}
        - name: KEEP_DAILY
          value: {{ .Values.backup.keepDaily | quote }}
        - name: KEEP_WEEKLY
          value: {{ .Values.backup.keepWeekly | quote }}
        - name: RCLONE_CONFIG
          value: /rclone/rclone.conf
      resources:
        requests:
          cpu: 50m
          memory: 64Mi
        limits:
          memory: 256Mi
      securityContext:
        {{- include "database.containerSecurity" . | nindent 8 }}
      volumeMounts:
        - name: backup
          mountPath: /backup
          readOnly: true
        - name: scripts
          mountPath: /scripts
          readOnly: true
        - name: rclone
          mountPath: /rclone
          readOnly: true
  volumes:
    - name: backup
      emptyDir: {}
    - name: scripts
      configMap:
        name: {{ .Release.Name }}-config
    - name: rclone
      secret:
        secretName: {{ .Values.backup.rcloneConfig }}
{{- end -}}
