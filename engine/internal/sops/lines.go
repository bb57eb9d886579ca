package sops

import (
	"bytes"
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"
)

// loadDotenv reads lines KEY=VALUE. The metadata stands in keys that start with "sops_".
func loadDotenv(content []byte) ([]*yaml.Node, error) {
	document := &yaml.Node{Kind: yaml.MappingNode, Tag: "!!map"}
	flat := map[string]string{}
	var comments []string
	for _, line := range strings.Split(string(content), "\n") {
		switch key, value, found := strings.Cut(line, "="); {
		case line == "":
		case line[0] == '#':
			comments = append(comments, line)
		case !found:
			return nil, errors.New("invalid dotenv input line")
		case strings.HasPrefix(key, "sops_"):
			flat[strings.TrimPrefix(key, "sops_")] = unescaped(value)
		default:
			name := textNode(key)
			name.HeadComment = strings.Join(comments, "\n")
			comments = nil
			document.Content = append(document.Content, name, textNode(unescaped(value)))
		}
	}
	document.FootComment = strings.Join(comments, "\n")
	return withMetadata(document, flat)
}

func unescaped(value string) string { return strings.ReplaceAll(value, `\n`, "\n") }

// withMetadata gives a document the metadata that a format without nesting had to flatten.
func withMetadata(document *yaml.Node, flat map[string]string) ([]*yaml.Node, error) {
	nested := &yaml.Node{}
	if err := nested.Encode(unflatten(flat)); err != nil {
		return nil, err
	}
	document.Content = append(document.Content, textNode("sops"), nested)
	return []*yaml.Node{document}, nil
}

var listKey = regexp.MustCompile(`^age__list_(\d+)__map_(.+)$`)

// unflatten rebuilds the fields of the metadata that decryption needs.
func unflatten(flat map[string]string) map[string]any {
	nested := map[string]any{}
	recipients := map[int]map[string]string{}
	for key, value := range flat {
		match := listKey.FindStringSubmatch(key)
		if match == nil {
			nested[key] = value
			continue
		}
		index, err := strconv.Atoi(match[1])
		if err != nil {
			continue
		}
		if recipients[index] == nil {
			recipients[index] = map[string]string{}
		}
		recipients[index][match[2]] = value
	}
	ordered := []map[string]string{}
	for index := range len(recipients) {
		ordered = append(ordered, recipients[index])
	}
	nested["age"] = ordered
	return nested
}

func emitDotenv(document *yaml.Node) ([]byte, error) {
	var out bytes.Buffer
	for index := 0; index+1 < len(document.Content); index += 2 {
		key, value := document.Content[index], document.Content[index+1]
		if value.Kind != yaml.ScalarNode {
			return nil, fmt.Errorf("cannot use complex value in dotenv file; offending key %s", key.Value)
		}
		if key.HeadComment != "" {
			out.WriteString(key.HeadComment + "\n")
		}
		out.WriteString(key.Value + "=" + strings.ReplaceAll(value.Value, "\n", `\n`) + "\n")
	}
	if document.FootComment != "" {
		out.WriteString(document.FootComment + "\n")
	}
	return out.Bytes(), nil
}

// loadINI reads sections of KEY = VALUE. The metadata is the section "sops".
func loadINI(content []byte) ([]*yaml.Node, error) {
	document := &yaml.Node{Kind: yaml.MappingNode, Tag: "!!map"}
	flat := map[string]string{}
	section := &yaml.Node{Kind: yaml.MappingNode, Tag: "!!map"}
	inMetadata := false
	var comments []string
	for _, line := range strings.Split(string(content), "\n") {
		line = strings.TrimSpace(line)
		switch key, value, found := strings.Cut(line, "="); {
		case line == "":
		case line[0] == '#' || line[0] == ';':
			comments = append(comments, line)
		case line[0] == '[' && strings.HasSuffix(line, "]"):
			name := line[1 : len(line)-1]
			if inMetadata = name == "sops"; !inMetadata {
				section = &yaml.Node{Kind: yaml.MappingNode, Tag: "!!map"}
				document.Content = append(document.Content, commented(textNode(name), &comments), section)
			}
		case !found:
			return nil, errors.New("invalid INI line")
		case inMetadata:
			flat[strings.TrimSpace(key)] = unescaped(unquoted(value))
		default:
			name := commented(textNode(strings.TrimSpace(key)), &comments)
			section.Content = append(section.Content, name, textNode(unquoted(value)))
		}
	}
	return withMetadata(document, flat)
}

func commented(node *yaml.Node, comments *[]string) *yaml.Node {
	node.HeadComment = strings.Join(*comments, "\n")
	*comments = nil
	return node
}

func unquoted(value string) string {
	value = strings.TrimSpace(value)
	if len(value) >= 2 && (value[0] == '`' || value[0] == '"') && value[len(value)-1] == value[0] {
		return value[1 : len(value)-1]
	}
	return value
}

// emitINI writes sections with their keys aligned, as SOPS does.
func emitINI(document *yaml.Node) ([]byte, error) {
	var out bytes.Buffer
	for index := 0; index+1 < len(document.Content); index += 2 {
		name, section := document.Content[index], document.Content[index+1]
		if section.Kind != yaml.MappingNode {
			return nil, fmt.Errorf("sops INI files need sections; offending key %s", name.Value)
		}
		writeComment(&out, name.HeadComment)
		out.WriteString("[" + name.Value + "]\n")
		width := 0
		for key := 0; key < len(section.Content); key += 2 {
			width = max(width, len(section.Content[key].Value))
		}
		for key := 0; key+1 < len(section.Content); key += 2 {
			writeComment(&out, section.Content[key].HeadComment)
			fmt.Fprintf(&out, "%-*s = %s\n", width, section.Content[key].Value, section.Content[key+1].Value)
		}
		if index+2 < len(document.Content) {
			out.WriteByte('\n')
		}
	}
	return out.Bytes(), nil
}

func writeComment(out *bytes.Buffer, comment string) {
	if comment != "" {
		out.WriteString(comment + "\n")
	}
}
