package resourceset

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"hash"
	"maps"
	"slices"
	"strings"

	"elysium.dev/engine/internal/schema"
)

const (
	checksumFromAnnotation = "fluxcd.controlplane.io/checksumFrom"
	checksumAnnotation     = "fluxcd.controlplane.io/checksum"
)

// clusterAnnotations are those whose effect needs live objects.
var clusterAnnotations = map[string]string{
	"fluxcd.controlplane.io/copyFrom":              "its data are copied from an object in the cluster",
	"fluxcd.controlplane.io/convertKubeConfigFrom": "its data are made from a kubeconfig in the cluster",
}

// resolver looks up the objects that checksums are made from.
type resolver struct {
	known   map[string]map[string]any
	unknown *[]Unknown
}

// resolve fills in checksums and lists what depends on the cluster. An object of the ResourceSet itself comes before one that was
// rendered elsewhere.
func resolve(result *Result, referenced []map[string]any) {
	resolver := &resolver{known: map[string]map[string]any{}, unknown: &result.Unknown}
	for _, object := range referenced {
		resolver.known[referenceTo(object)] = object
	}
	for _, step := range result.Steps {
		for _, expanded := range step.Objects {
			resolver.known[referenceTo(expanded.Object)] = expanded.Object
		}
	}
	for _, step := range result.Steps {
		for _, expanded := range step.Objects {
			for _, name := range slices.Sorted(maps.Keys(clusterAnnotations)) {
				if annotation(expanded.Object, name) != "" {
					resolver.report(expanded.Object, clusterAnnotations[name])
				}
			}
			resolver.visit(expanded.Object, expanded.Object)
		}
	}
}

func referenceTo(object map[string]any) string {
	found := identify(object)
	return found.Kind + "/" + found.Namespace + "/" + found.Name
}

func (r *resolver) report(object map[string]any, reason string) {
	*r.unknown = append(*r.unknown, Unknown{Object: identify(object), Reason: reason})
}

// visit finds every metadata.annotations of an object, those of pod templates among them.
func (r *resolver) visit(owner map[string]any, value any) {
	switch typed := value.(type) {
	case map[string]any:
		if metadata, isMap := typed["metadata"].(map[string]any); isMap {
			if annotations, isMap := metadata["annotations"].(map[string]any); isMap {
				r.checksum(owner, annotations)
			}
		}
		for _, name := range slices.Sorted(maps.Keys(typed)) {
			r.visit(owner, typed[name])
		}
	case []any:
		for _, item := range typed {
			r.visit(owner, item)
		}
	}
}

// checksum writes the digest of the referenced data beside the reference. Where the data are unknown a token takes its place.
func (r *resolver) checksum(owner, annotations map[string]any) {
	references := text(annotations[checksumFromAnnotation])
	if references == "" {
		return
	}
	digest := sha256.New()
	for reference := range strings.SplitSeq(references, ",") {
		reference = strings.TrimSpace(reference)
		object := r.known[reference]
		if object == nil || unknownData(object) {
			r.report(owner, fmt.Sprintf("the checksum of %s needs its data", reference))
			annotations[checksumAnnotation] = token(references, "checksum")
			return
		}
		add(digest, object)
	}
	annotations[checksumAnnotation] = "sha256:" + hex.EncodeToString(digest.Sum(nil))
}

// unknownData tells whether only the cluster has the final data of an object.
func unknownData(object map[string]any) bool {
	for name := range clusterAnnotations {
		if annotation(object, name) != "" {
			return true
		}
	}
	return schema.HoldsToken(object["data"]) || schema.HoldsToken(object["stringData"])
}

// add puts the data of a ConfigMap or Secret into a digest, by key.
func add(digest hash.Hash, object map[string]any) {
	values := map[string]string{}
	for _, field := range []string{"data", "binaryData", "stringData"} {
		content, _ := object[field].(map[string]any)
		encoded := field == "binaryData" || field == "data" && text(object["kind"]) == "Secret"
		for name, value := range content {
			values[name] = text(value)
			if decoded, err := base64.StdEncoding.DecodeString(text(value)); encoded && err == nil {
				values[name] = string(decoded)
			}
		}
	}
	for _, name := range slices.Sorted(maps.Keys(values)) {
		fmt.Fprintf(digest, "%d:%s%d:%s", len(name), name, len(values[name]), values[name])
	}
}
