package policy

import (
	"fmt"

	"github.com/google/cel-go/common/types"
	"github.com/google/cel-go/common/types/ref"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apiserver/pkg/cel/common"

	"elysium.dev/engine/internal/schema"
)

// unknown is the value of what only the cluster knows. CEL carries it through: what depends on it is unknown, too.
func unknown() *types.Unknown { return types.NewUnknown(1, nil) }

// withUnknowns is a copy of a value in which opaque tokens are unknown. A list that holds one itself is unknown as a whole, because
// `in` and `==` would take an unknown item for a different one.
func withUnknowns(value any) any {
	switch typed := value.(type) {
	case string:
		if schema.HoldsToken(typed) {
			return unknown()
		}
	case map[string]any:
		copied := make(map[string]any, len(typed))
		for key, item := range typed {
			copied[key] = withUnknowns(item)
		}
		return copied
	case []any:
		copied := make([]any, len(typed))
		for index, item := range typed {
			copied[index] = withUnknowns(item)
			if _, isUnknown := copied[index].(*types.Unknown); isUnknown {
				return unknown()
			}
		}
		return copied
	}
	return value
}

// objectValue is an object as the API server gives it to expressions.
func objectValue(object map[string]any) ref.Val {
	return types.DefaultTypeAdapter.NativeToValue(withUnknowns(object))
}

// readNamespace decodes a Namespace and gives it the label that every Namespace has.
func readNamespace(object map[string]any) (*corev1.Namespace, error) {
	namespace := &corev1.Namespace{}
	if err := runtime.DefaultUnstructuredConverter.FromUnstructured(object, namespace); err != nil {
		return nil, fmt.Errorf("namespace: %w", err)
	}
	if namespace.Labels == nil {
		namespace.Labels = map[string]string{}
	}
	namespace.Labels[corev1.LabelMetadataName] = namespace.Name
	return namespace, nil
}

func namespaceValue(namespace *corev1.Namespace) ref.Val {
	return common.SchemalessTypedToVal(namespace)
}
