package policy

import (
	"strings"
)

// table is values by field; a map inside is merged.
type table = map[string]any

// kindDefaults are the defaults of the API server that expressions most often meet (k8s.io/kubernetes, pkg/apis/*/v1/defaults.go).
var kindDefaults = map[string]func() table{
	"apps/Deployment": func() table {
		rolling := table{"maxUnavailable": "25%", "maxSurge": "25%"}
		return table{"replicas": int64(1), "revisionHistoryLimit": int64(10), "progressDeadlineSeconds": int64(600),
			"strategy": table{"type": "RollingUpdate", "rollingUpdate": rolling}}
	},
	"apps/StatefulSet": func() table {
		update := table{"type": "RollingUpdate", "rollingUpdate": table{"partition": int64(0)}}
		return table{"replicas": int64(1), "revisionHistoryLimit": int64(10), "podManagementPolicy": "OrderedReady", "updateStrategy": update}
	},
	"apps/DaemonSet": func() table {
		rolling := table{"maxUnavailable": int64(1), "maxSurge": int64(0)}
		return table{"revisionHistoryLimit": int64(10), "updateStrategy": table{"type": "RollingUpdate", "rollingUpdate": rolling}}
	},
	"apps/ReplicaSet": func() table { return table{"replicas": int64(1)} },
	"batch/Job": func() table {
		return table{"completions": int64(1), "parallelism": int64(1), "backoffLimit": int64(6), "completionMode": "NonIndexed",
			"suspend": false, "podReplacementPolicy": "TerminatingOrFailed"}
	},
	"batch/CronJob": func() table {
		return table{"concurrencyPolicy": "Allow", "suspend": false, "successfulJobsHistoryLimit": int64(3), "failedJobsHistoryLimit": int64(1)}
	},
	"/Pod": func() table {
		return table{"serviceAccountName": "default", "enableServiceLinks": true, "priority": int64(0), "preemptionPolicy": "PreemptLowerPriority"}
	},
	"/Service": func() table {
		return table{"type": "ClusterIP", "sessionAffinity": "None", "internalTrafficPolicy": "Cluster"}
	},
	"/PersistentVolumeClaim":              func() table { return table{"volumeMode": "Filesystem"} },
	"autoscaling/HorizontalPodAutoscaler": func() table { return table{"minReplicas": int64(1)} },
	"/ConfigMap":                          func() table { return table{} },
	"/Secret":                             func() table { return table{} },
	"/Namespace":                          func() table { return table{"finalizers": []any{"kubernetes"}} },
}

// templates are where the pod template of a kind is, below its spec.
var templates = map[string][]string{
	"/Pod": {}, "apps/Deployment": {"template", "spec"}, "apps/StatefulSet": {"template", "spec"}, "apps/DaemonSet": {"template", "spec"},
	"apps/ReplicaSet": {"template", "spec"}, "batch/Job": {"template", "spec"}, "batch/CronJob": {"jobTemplate", "spec", "template", "spec"},
}

// isTabled tells whether what is not in an object of this kind is not in the cluster's, either.
func isTabled(group, kind string) bool {
	_, known := kindDefaults[group+"/"+kind]
	return known
}

// withDefaults adds to an object what the API server does before policies see it.
func withDefaults(item map[string]any, group, kind string) {
	name := group + "/" + kind
	switch name {
	case "/Secret":
		merge(item, table{"type": "Opaque"})
	case "/ConfigMap":
		return
	}
	spec, isMap := item["spec"].(map[string]any)
	if !isMap {
		return
	}
	if defaults, known := kindDefaults[name]; known {
		merge(spec, defaults())
		for _, field := range []string{"strategy", "updateStrategy"} {
			if strategy, isMap := spec[field].(map[string]any); isMap && strategy["type"] != "RollingUpdate" {
				delete(strategy, "rollingUpdate")
			}
		}
	}
	if name == "/Service" {
		each(spec["ports"], func(port map[string]any) { merge(port, table{"protocol": "TCP", "targetPort": port["port"]}) })
	}
	if path, known := templates[name]; known {
		for _, field := range path {
			spec, _ = spec[field].(map[string]any)
		}
		if spec != nil {
			podDefaults(spec, name == "/Pod")
		}
	}
}

func podDefaults(spec map[string]any, alone bool) {
	merge(spec, table{"restartPolicy": "Always", "dnsPolicy": "ClusterFirst", "schedulerName": "default-scheduler",
		"terminationGracePeriodSeconds": int64(30), "securityContext": table{}})
	for _, field := range []string{"initContainers", "containers"} {
		each(spec[field], func(container map[string]any) { containerDefaults(container, alone) })
	}
	each(spec["volumes"], func(volume map[string]any) {
		for _, kind := range []string{"secret", "configMap", "projected", "downwardAPI"} {
			if source, isMap := volume[kind].(map[string]any); isMap {
				merge(source, table{"defaultMode": int64(420)})
			}
		}
	})
}

func containerDefaults(container map[string]any, alone bool) {
	merge(container, table{"terminationMessagePath": "/dev/termination-log", "terminationMessagePolicy": "File",
		"imagePullPolicy": pullPolicy(container["image"]), "resources": table{}})
	each(container["ports"], func(port map[string]any) { merge(port, table{"protocol": "TCP"}) })
	for _, field := range []string{"livenessProbe", "readinessProbe", "startupProbe"} {
		if probe, isMap := container[field].(map[string]any); isMap {
			merge(probe, table{"timeoutSeconds": int64(1), "periodSeconds": int64(10), "successThreshold": int64(1), "failureThreshold": int64(3)})
		}
	}
	resources, _ := container["resources"].(map[string]any)
	if limits, isMap := resources["limits"].(map[string]any); isMap && alone {
		merge(resources, table{"requests": table(limits)})
	}
}

func pullPolicy(image any) string {
	text, _ := image.(string)
	name := text[strings.LastIndex(text, "/")+1:]
	if !strings.Contains(text, "@") && (!strings.Contains(name, ":") || strings.HasSuffix(name, ":latest")) {
		return "Always"
	}
	return "IfNotPresent"
}

// merge adds what is not there.
func merge(into map[string]any, defaults table) {
	for key, value := range defaults {
		current, present := into[key]
		if !present || current == nil {
			into[key] = value
			continue
		}
		inner, isMap := current.(map[string]any)
		if below, alsoMap := value.(table); isMap && alsoMap {
			merge(inner, below)
		}
	}
}

func each(list any, apply func(map[string]any)) {
	items, _ := list.([]any)
	for _, item := range items {
		if entry, isMap := item.(map[string]any); isMap {
			apply(entry)
		}
	}
}
