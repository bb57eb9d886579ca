package sops

import (
	"bytes"
	"errors"
	"io"

	"go.yaml.in/yaml/v3"
)

func loadYAML(content []byte) ([]*yaml.Node, error) {
	decoder := yaml.NewDecoder(bytes.NewReader(content))
	var documents []*yaml.Node
	for {
		var document yaml.Node
		err := decoder.Decode(&document)
		if errors.Is(err, io.EOF) {
			return documents, nil
		}
		if err != nil {
			return nil, errors.New("Error unmarshaling input yaml") //nolint:staticcheck // the library's error may quote the file
		}
		if len(document.Content) != 1 || document.Content[0].Kind != yaml.MappingNode {
			return nil, errors.New("YAML documents that are values are not supported") //nolint:staticcheck // as SOPS words it
		}
		documents = append(documents, document.Content[0])
	}
}

// emitYAML writes documents as SOPS does: block style, four spaces.
func emitYAML(documents []*yaml.Node) ([]byte, error) {
	var out bytes.Buffer
	encoder := yaml.NewEncoder(&out)
	encoder.SetIndent(4)
	for _, document := range documents {
		blockStyle(document)
		if err := encoder.Encode(&yaml.Node{Kind: yaml.DocumentNode, Content: []*yaml.Node{document}}); err != nil {
			return nil, err
		}
	}
	err := encoder.Close()
	return out.Bytes(), err
}

func blockStyle(node *yaml.Node) {
	if node.Kind != yaml.ScalarNode {
		node.Style = 0
	}
	for _, child := range node.Content {
		blockStyle(child)
	}
}
