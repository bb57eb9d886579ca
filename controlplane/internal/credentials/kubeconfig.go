package credentials

import (
	"encoding/base64"
	"fmt"
)

// kubeconfig is the text of a kubeconfig with one context; the values need no quoting.
func kubeconfig(url string, authority []byte, token string) []byte {
	return fmt.Appendf(nil, `apiVersion: v1
kind: Config
clusters:
- name: rehearsal
  cluster:
    server: %s
    certificate-authority-data: %s
users:
- name: admin
  user:
    token: %s
contexts:
- name: rehearsal
  context:
    cluster: rehearsal
    user: admin
current-context: rehearsal
`, url, base64.StdEncoding.EncodeToString(authority), token)
}
