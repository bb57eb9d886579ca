package observe

import (
	"context"

	corev1 "k8s.io/api/core/v1"

	"elysium.dev/controlplane/internal/replay/connection"
)

// quotasCounted says whether the controller manager has counted what every quota limits. Until then the server takes
// whatever comes.
func quotasCounted(ctx context.Context, server *connection.Connection) (bool, error) {
	var quotas corev1.ResourceQuotaList
	if err := server.Typed.List(ctx, &quotas); err != nil {
		return false, err
	}
	for index := range quotas.Items {
		if !counted(&quotas.Items[index]) {
			return false, nil
		}
	}
	return true, nil
}

func counted(quota *corev1.ResourceQuota) bool {
	for name, hard := range quota.Spec.Hard {
		known, there := quota.Status.Hard[name]
		if _, used := quota.Status.Used[name]; !there || !used || known.Cmp(hard) != 0 {
			return false
		}
	}
	return true
}
