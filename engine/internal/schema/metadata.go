package schema

import (
	"strings"

	"k8s.io/apimachinery/pkg/util/validation"
)

// maximumAnnotations is the size of all annotations of an object together that the API server accepts, in bytes.
const maximumAnnotations = 256 << 10

// dnsNamed are the groups whose kinds must be named as DNS subdomains. Others, such as those of RBAC, allow more.
var dnsNamed = map[string]bool{
	"": true, "apps": true, "batch": true, "autoscaling": true, "networking.k8s.io": true, "policy": true, "storage.k8s.io": true,
	"scheduling.k8s.io": true, "admissionregistration.k8s.io": true,
}

// freelyNamed are the exceptions among them: an address, a driver in capitals, and a kind whose name nobody looks at.
var freelyNamed = map[string]bool{"IPAddress": true, "CSIDriver": true, "PodDisruptionBudget": true}

// isDNSNamed tells whether the API server demands a DNS subdomain as the name of a kind.
func (k *kindEntry) isDNSNamed() bool {
	return dnsNamed[group(k.apiVersion)] && !freelyNamed[k.kind]
}

// identity checks the name and the namespace of an object: nothing can be applied without a name.
func (w *walk) identity(dnsName bool, object map[string]any) {
	metadata, isMap := object["metadata"].(map[string]any)
	if !isMap && object["metadata"] != nil {
		return
	}
	root := path{index: -1}
	parent := root.field("metadata")
	name, isText := metadata["name"].(string)
	if metadata["name"] == nil && metadata["generateName"] == nil {
		here := parent.field("name")
		w.report("required", &here, "an object needs a name")
	}
	if isText {
		w.name(dnsName, name, &parent)
	}
	if namespace, _ := metadata["namespace"].(string); namespace != "" {
		here := parent.field("namespace")
		w.formatOf(namespace, validation.IsDNS1123Label, &here)
	}
}

func (w *walk) name(dnsName bool, name string, parent *path) {
	here := parent.field("name")
	check := isPathSegment
	if dnsName {
		check = validation.IsDNS1123Subdomain
	}
	w.formatOf(name, check, &here)
}

// isPathSegment is the least that every name must be: a part of a URL.
func isPathSegment(name string) []string {
	if name == "" || name == "." || name == ".." || strings.ContainsAny(name, "/%") {
		return []string{`a name may not be empty, ".", "..", or contain "/" or "%"`}
	}
	return nil
}

// labelled checks what the API server demands of labels and annotations, of an object itself and of its pods.
func (w *walk) labelled(metadata map[string]any, at *path) {
	labels, _ := metadata["labels"].(map[string]any)
	parent := at.field("labels")
	for name, value := range labels {
		here := parent.field(name)
		w.formatOf(name, validation.IsQualifiedName, &here)
		if text, isText := value.(string); isText {
			w.formatOf(text, validation.IsValidLabelValue, &here)
		}
	}
	annotations, _ := metadata["annotations"].(map[string]any)
	parent, size := at.field("annotations"), 0
	for name, value := range annotations {
		text, _ := value.(string)
		size += len(name) + len(text)
		here := parent.field(name)
		w.formatOf(strings.ToLower(name), validation.IsQualifiedName, &here)
	}
	if size > maximumAnnotations {
		w.report("format", &parent, "the annotations have %d bytes, more than %d", size, maximumAnnotations)
	}
}

func (w *walk) formatOf(text string, check func(string) []string, at *path) {
	if isPlainName(text) {
		return
	}
	if wrong := check(text); len(wrong) > 0 && !isOpaque(text) {
		reason, _, _ := strings.Cut(wrong[0], " (e.g.")
		w.report("format", at, "%s: %s", quoted(text), reason)
	}
}

// isPlainName recognises most of what is valid as any sort of name or label, without the cost of a regular expression.
func isPlainName(text string) bool {
	if text == "" || len(text) > validation.LabelValueMaxLength || text[0] == '-' || text[len(text)-1] == '-' {
		return false
	}
	for index := range len(text) {
		char := text[index]
		if (char < 'a' || char > 'z') && (char < '0' || char > '9') && char != '-' {
			return false
		}
	}
	return true
}
