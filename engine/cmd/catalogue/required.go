package main

// requiredFields are the fields without which the API server refuses an object, by type.
//
// The list is written by hand. The `required` lists of the published OpenAPI document are no help: they say which fields a client
// will always find, not which the server demands (it never checks built-in kinds against that document), and defaults fill many
// of them. Each entry is a "Required value" or an equally certain refusal in the validation of that type at every supported
// minor, whatever the other fields are. Doubtful cases are left out on purpose.
var requiredFields = map[string][]string{
	"admissionregistration/v1.MutatingWebhook":    {"name", "clientConfig", "sideEffects", "admissionReviewVersions"},
	"admissionregistration/v1.ServiceReference":   {"namespace", "name"},
	"admissionregistration/v1.ValidatingWebhook":  {"name", "clientConfig", "sideEffects", "admissionReviewVersions"},
	"admissionregistration/v1.RuleWithOperations": {"operations", "apiGroups", "apiVersions", "resources"},

	"apiextensions/v1.CustomResourceDefinition":        {"spec"},
	"apiextensions/v1.CustomResourceDefinitionNames":   {"plural", "kind"},
	"apiextensions/v1.CustomResourceDefinitionSpec":    {"group", "names", "scope", "versions"},
	"apiextensions/v1.CustomResourceDefinitionVersion": {"name"},
	"apiregistration/v1.APIServiceSpec":                {"groupPriorityMinimum", "versionPriority", "version"},

	"apps/v1.DaemonSet":       {"spec"},
	"apps/v1.DaemonSetSpec":   {"selector", "template"},
	"apps/v1.Deployment":      {"spec"},
	"apps/v1.DeploymentSpec":  {"selector", "template"},
	"apps/v1.ReplicaSet":      {"spec"},
	"apps/v1.ReplicaSetSpec":  {"selector", "template"},
	"apps/v1.StatefulSet":     {"spec"},
	"apps/v1.StatefulSetSpec": {"selector", "template"},

	"autoscaling/v1.CrossVersionObjectReference": {"kind", "name"},
	"autoscaling/v1.HorizontalPodAutoscaler":     {"spec"},
	"autoscaling/v1.HorizontalPodAutoscalerSpec": {"scaleTargetRef", "maxReplicas"},
	"autoscaling/v2.CrossVersionObjectReference": {"kind", "name"},
	"autoscaling/v2.HorizontalPodAutoscaler":     {"spec"},
	"autoscaling/v2.HorizontalPodAutoscalerSpec": {"scaleTargetRef", "maxReplicas"},
	"autoscaling/v2.HPAScalingPolicy":            {"type", "value", "periodSeconds"},
	"autoscaling/v2.MetricSpec":                  {"type"},

	"batch/v1.CronJob":         {"spec"},
	"batch/v1.CronJobSpec":     {"schedule", "jobTemplate"},
	"batch/v1.Job":             {"spec"},
	"batch/v1.JobSpec":         {"template"},
	"batch/v1.JobTemplateSpec": {"spec"},

	"core/v1.CSIVolumeSource":                   {"driver"},
	"core/v1.ConfigMapKeySelector":              {"key"},
	"core/v1.ConfigMapVolumeSource":             {"name"},
	"core/v1.Container":                         {"name", "image"},
	"core/v1.ContainerPort":                     {"containerPort"},
	"core/v1.EnvVar":                            {"name"},
	"core/v1.GRPCAction":                        {"port"},
	"core/v1.HTTPGetAction":                     {"port"},
	"core/v1.HostPathVolumeSource":              {"path"},
	"core/v1.KeyToPath":                         {"key", "path"},
	"core/v1.LimitRangeItem":                    {"type"},
	"core/v1.NFSVolumeSource":                   {"server", "path"},
	"core/v1.NodeSelector":                      {"nodeSelectorTerms"},
	"core/v1.NodeSelectorRequirement":           {"key", "operator"},
	"core/v1.ObjectFieldSelector":               {"fieldPath"},
	"core/v1.PersistentVolume":                  {"spec"},
	"core/v1.PersistentVolumeClaimVolumeSource": {"claimName"},
	"core/v1.PersistentVolumeSpec":              {"capacity", "accessModes"},
	"core/v1.Pod":                               {"spec"},
	"core/v1.PodAffinityTerm":                   {"topologyKey"},
	"core/v1.PodSpec":                           {"containers"},
	"core/v1.PodTemplateSpec":                   {"spec"},
	"core/v1.ResourceFieldSelector":             {"resource"},
	"core/v1.SecretKeySelector":                 {"key"},
	"core/v1.SecretVolumeSource":                {"secretName"},
	"core/v1.ServiceAccountTokenProjection":     {"path"},
	"core/v1.ServicePort":                       {"port"},
	"core/v1.Sysctl":                            {"name"},
	"core/v1.TCPSocketAction":                   {"port"},
	"core/v1.TopologySpreadConstraint":          {"maxSkew", "topologyKey", "whenUnsatisfiable"},
	"core/v1.Volume":                            {"name"},
	"core/v1.VolumeDevice":                      {"name", "devicePath"},
	"core/v1.VolumeMount":                       {"name", "mountPath"},

	"discovery/v1.Endpoint":      {"addresses"},
	"discovery/v1.EndpointSlice": {"addressType"},

	"meta/v1.LabelSelectorRequirement": {"key", "operator"},

	"networking/v1.HTTPIngressPath":       {"pathType", "backend"},
	"networking/v1.HTTPIngressRuleValue":  {"paths"},
	"networking/v1.IngressServiceBackend": {"name", "port"},

	"node/v1.RuntimeClass": {"handler"},

	"rbac/v1.ClusterRoleBinding": {"roleRef"},
	"rbac/v1.PolicyRule":         {"verbs"},
	"rbac/v1.RoleBinding":        {"roleRef"},
	"rbac/v1.RoleRef":            {"kind", "name"},
	"rbac/v1.Subject":            {"kind", "name"},

	"storage/v1.StorageClass": {"provisioner"},
}
