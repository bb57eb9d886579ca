{{- define "side" }}
- name: {{ .name }}
  image: registry.k8s.io/sig-storage/{{ .image }}
  args:
    - --csi-address=/csi/csi.sock
    - --v={{ .level }}
  securityContext:
    capabilities:
      drop: [ALL]
  resources: {{- toYaml .resources | nindent 4 }}
  volumeMounts:
    - name: plugin
      mountPath: /csi
{{- end }}

{{- define "rclone" }}
- name: rclone
  image: ghcr.io/veloxpack/csi-driver-rclone:v{{ .version }}
  args:
    - -v={{ .level }}
    - --endpoint=unix:///csi/csi.sock
    {{- if .metrics }}
    - --metrics-addr=:5572
  ports:
    - name: metrics
      containerPort: 5572
      protocol: TCP
    {{- end }}
  livenessProbe:
    httpGet:
      host: localhost
      path: /healthz
      port: {{ .health }}
    initialDelaySeconds: 30
    periodSeconds: 30
  securityContext:
    privileged: true
  resources: {{- toYaml .resources | nindent 4 }}
  volumeMounts:
    - name: plugin
      mountPath: /csi
    - name: pods
      mountPath: /var/lib/kubelet/pods
      mountPropagation: Bidirectional
{{- end }}
