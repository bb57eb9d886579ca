package chart

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"

	"k8s.io/apimachinery/pkg/runtime"
	utilyaml "k8s.io/apimachinery/pkg/util/yaml"

	"elysium.dev/engine/internal/objects"
)

const crdGroup = "apiextensions.k8s.io"

// readCRDs adds the definitions of crds/ directories. They are no part of the release: origin labels are all that they get.
func (r *render) readCRDs() error {
	if r.asked.CRDs == crdsSkip {
		return nil
	}
	for _, file := range r.chart.CRDObjects() {
		decoded, err := decodeStream(file.File.Data)
		if err != nil {
			failure := fmt.Errorf("failed to parse CustomResourceDefinitions from %s: %w", file.Name, err)
			return r.parseFailure(file.Filename, failure)
		}
		charts, name := splitTemplate(file.Filename)
		for _, object := range decoded {
			if !isCRD(object) {
				r.warnOfStray(file.Filename, object)
				continue
			}
			r.labelOrigin(object)
			r.result.Objects = append(r.result.Objects, &renderedObject{Object: object, Origin: origin{File: name, Chart: charts}, CRD: true})
		}
	}
	return nil
}

func isCRD(object map[string]any) bool {
	return strings.HasPrefix(objects.Text(object, "apiVersion"), crdGroup+"/") && object["kind"] == "CustomResourceDefinition"
}

func (r *render) warnOfStray(file string, object map[string]any) {
	metadata, _ := object["metadata"].(map[string]any)
	r.result.Warnings = append(r.result.Warnings, Warning{
		Code: "crds-ignored", File: strings.TrimPrefix(file, r.chart.Name()+"/"),
		Message: fmt.Sprintf("%v %v in crds/ is no CustomResourceDefinition and is ignored", object["kind"], metadata["name"]),
	})
}

func (r *render) labelOrigin(object map[string]any) {
	metadata, isMap := object["metadata"].(map[string]any)
	if r.asked.Origin == nil || !isMap {
		return
	}
	labels, isMap := metadata["labels"].(map[string]any)
	if !isMap {
		labels = map[string]any{}
		metadata["labels"] = labels
	}
	for key, value := range r.asked.Origin.Labels() {
		labels[key] = value
	}
}

// decodeStream reads the documents of a file that no template engine has touched.
func decodeStream(text []byte) ([]map[string]any, error) {
	var read []map[string]any
	decoder := utilyaml.NewYAMLOrJSONDecoder(bytes.NewReader(text), 4096)
	for {
		var document runtime.RawExtension
		err := decoder.Decode(&document)
		if errors.Is(err, io.EOF) {
			return read, nil
		}
		if err != nil {
			return nil, err
		}
		raw := bytes.TrimSpace(document.Raw)
		if len(raw) == 0 || bytes.Equal(raw, []byte("null")) {
			continue
		}
		decoded, err := decode(raw)
		if err != nil {
			return nil, err
		}
		read = append(read, decoded...)
	}
}
