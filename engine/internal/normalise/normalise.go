package normalise

import (
	"encoding/base64"
	"strings"
)

const rbac = "rbac.authorization.k8s.io/v1"

// Object normalises an object in place and returns it. As Flux does, it leaves an object that does not fit its type as it is, except
// for the fields that only the API server writes, and Role and ClusterRole altogether.
func Object(object map[string]any) map[string]any {
	apiVersion, _ := object["apiVersion"].(string)
	kind, _ := object["kind"].(string)
	if apiVersion == rbac && (kind == "Role" || kind == "ClusterRole") {
		return object
	}
	if name, builtin := types().kinds[[2]string{apiVersion, kind}]; builtin {
		if made, err := (&form{letter: '@', name: name}).convert(object); err == nil {
			object = made.value.(map[string]any)
			complete(apiVersion, kind, object)
		}
	}
	if metadata, present := object["metadata"].(map[string]any); present {
		delete(metadata, "creationTimestamp")
	}
	if !isDefinition(apiVersion, kind) {
		delete(object, "status")
	}
	return object
}

// isDefinition tells whether the object is a CustomResourceDefinition: its status decides about readiness, so Flux keeps it.
func isDefinition(apiVersion, kind string) bool {
	return strings.EqualFold(kind, "CustomResourceDefinition") && strings.HasPrefix(apiVersion, "apiextensions.k8s.io/")
}

// complete does what Flux does with the typed object.
func complete(apiVersion, kind string, object map[string]any) {
	switch apiVersion + " " + kind {
	case "v1 Pod":
		containerPorts(at(object, "spec"))
	case "apps/v1 Deployment", "apps/v1 StatefulSet", "apps/v1 DaemonSet", "apps/v1 ReplicaSet", "batch/v1 Job":
		containerPorts(at(object, "spec", "template", "spec"))
	case "batch/v1 CronJob":
		containerPorts(at(object, "spec", "jobTemplate", "spec", "template", "spec"))
	case "v1 Service":
		defaultProtocol(at(object, "spec")["ports"])
	case "v1 Secret":
		encodeStringData(object)
	}
}

// at follows keys; the result is nil where there is nothing.
func at(object map[string]any, path ...string) map[string]any {
	for _, key := range path {
		object, _ = object[key].(map[string]any)
	}
	return object
}

func containerPorts(pod map[string]any) {
	containers, _ := pod["containers"].([]any)
	for _, container := range containers {
		if fields, isMap := container.(map[string]any); isMap {
			defaultProtocol(fields["ports"])
		}
	}
}

func defaultProtocol(ports any) {
	list, _ := ports.([]any)
	for _, port := range list {
		fields, isMap := port.(map[string]any)
		if isMap && (fields["protocol"] == nil || fields["protocol"] == "") {
			fields["protocol"] = "TCP"
		}
	}
}

// encodeStringData moves the text of a Secret to its data.
func encodeStringData(secret map[string]any) {
	texts, _ := secret["stringData"].(map[string]any)
	if len(texts) == 0 {
		return
	}
	data, _ := secret["data"].(map[string]any)
	if data == nil {
		data = map[string]any{}
	}
	for key, text := range texts {
		plain, _ := text.(string)
		data[key] = base64.StdEncoding.EncodeToString([]byte(plain))
	}
	secret["data"] = data
	delete(secret, "stringData")
}
