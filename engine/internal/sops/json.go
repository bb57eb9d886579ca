package sops

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"go.yaml.in/yaml/v3"
)

// loadJSON reads JSON with its keys in order.
func loadJSON(content []byte) ([]*yaml.Node, error) {
	decoder := json.NewDecoder(bytes.NewReader(content))
	decoder.UseNumber()
	document, err := readJSON(decoder)
	if err != nil || document.Kind != yaml.MappingNode {
		return nil, errors.New("could not unmarshal input data") // the library's error may quote the file
	}
	return []*yaml.Node{document}, nil
}

func readJSON(decoder *json.Decoder) (*yaml.Node, error) {
	token, err := decoder.Token()
	if err != nil {
		return nil, err
	}
	switch token := token.(type) {
	case json.Delim:
		return readJSONContainer(decoder, token)
	case string:
		return textNode(token), nil
	case json.Number:
		tag := "!!int"
		if strings.ContainsAny(token.String(), ".eE") {
			tag = "!!float"
		}
		return &yaml.Node{Kind: yaml.ScalarNode, Tag: tag, Value: token.String()}, nil
	case bool:
		return &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!bool", Value: fmt.Sprint(token)}, nil
	}
	return &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!null", Value: "null"}, nil
}

func readJSONContainer(decoder *json.Decoder, opening json.Delim) (*yaml.Node, error) {
	container := &yaml.Node{Kind: yaml.SequenceNode, Tag: "!!seq"}
	if opening == '{' {
		container = &yaml.Node{Kind: yaml.MappingNode, Tag: "!!map"}
	}
	for decoder.More() {
		item, err := readJSON(decoder)
		if err != nil {
			return nil, err
		}
		container.Content = append(container.Content, item)
	}
	_, err := decoder.Token()
	return container, err
}

func textNode(text string) *yaml.Node {
	return &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: text}
}

// emitJSON writes a document as SOPS does: keys in order, indented by a tab.
func emitJSON(document *yaml.Node) ([]byte, error) {
	var compact, indented bytes.Buffer
	if err := writeJSON(&compact, document); err != nil {
		return nil, err
	}
	if err := json.Indent(&indented, compact.Bytes(), "", "\t"); err != nil {
		return nil, err
	}
	indented.WriteByte('\n')
	return indented.Bytes(), nil
}

func writeJSON(out *bytes.Buffer, node *yaml.Node) error {
	switch node.Kind {
	case yaml.MappingNode:
		out.WriteByte('{')
		for index := 0; index+1 < len(node.Content); index += 2 {
			if index > 0 {
				out.WriteByte(',')
			}
			if err := writeScalar(out, node.Content[index].Value); err != nil {
				return err
			}
			out.WriteByte(':')
			if err := writeJSON(out, node.Content[index+1]); err != nil {
				return err
			}
		}
		out.WriteByte('}')
		return nil
	case yaml.SequenceNode:
		out.WriteByte('[')
		for index, item := range node.Content {
			if index > 0 {
				out.WriteByte(',')
			}
			if err := writeJSON(out, item); err != nil {
				return err
			}
		}
		out.WriteByte(']')
		return nil
	}
	var value any
	if err := node.Decode(&value); err != nil {
		return err
	}
	return writeScalar(out, value)
}

func writeScalar(out *bytes.Buffer, value any) error {
	encoded, err := json.Marshal(value)
	out.Write(encoded)
	return err
}
