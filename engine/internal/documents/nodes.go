package documents

import (
	"iter"

	"go.yaml.in/yaml/v3"
)

// pairs yields keys and values of a mapping; anything else has none.
func pairs(node *yaml.Node) iter.Seq2[*yaml.Node, *yaml.Node] {
	return func(yield func(key, value *yaml.Node) bool) {
		node = dereference(node)
		if node.Kind != yaml.MappingNode {
			return
		}
		for index := 0; index+1 < len(node.Content); index += 2 {
			if !yield(node.Content[index], node.Content[index+1]) {
				return
			}
		}
	}
}

// dereference follows an alias.
func dereference(node *yaml.Node) *yaml.Node {
	if node.Kind == yaml.AliasNode {
		return node.Alias
	}
	return node
}

// scalar is the text of a scalar; anything else, null included, has none.
func scalar(node *yaml.Node) string {
	node = dereference(node)
	if node.Kind != yaml.ScalarNode || node.Tag == "!!null" {
		return ""
	}
	return node.Value
}
