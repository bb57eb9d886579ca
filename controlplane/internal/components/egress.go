package components

import "os"

// egress sends every connection that the API server would make for somebody (webhooks, aggregated APIs, conversion,
// logs, proxies) to a socket that does not exist: untrusted objects name the addresses. Only etcd is left out.
const egress = `apiVersion: apiserver.k8s.io/v1beta1
kind: EgressSelectorConfiguration
egressSelections:
- name: cluster
  connection:
    proxyProtocol: HTTPConnect
    transport: {uds: {udsName: closed.sock}}
- name: controlplane
  connection:
    proxyProtocol: HTTPConnect
    transport: {uds: {udsName: closed.sock}}
`

// egressFile is in the working directory.
const egressFile = "egress.yaml"

func writeEgress() error { return os.WriteFile(egressFile, []byte(egress), 0o600) }
