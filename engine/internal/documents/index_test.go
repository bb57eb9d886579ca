package documents

import "testing"

func BenchmarkIndex(b *testing.B) {
	stream := []byte("apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: values\n  namespace: app\ndata:\n  a: b\n  values.yaml: |\n    image: {tag: 1.2.3}\n")
	for b.Loop() {
		Index(stream, false)
	}
}
