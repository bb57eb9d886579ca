package sops

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"

	"filippo.io/age"
	"go.yaml.in/yaml/v3"
)

// Decrypter opens what was encrypted for its keys. What was encrypted for others becomes opaque tokens, or an error.
type Decrypter struct {
	identities []age.Identity
	opaque     bool

	// Sensitive tells whether plaintext of a secret was seen.
	Sensitive bool
	// Opaque lists the values that stayed unknown.
	Opaque []Token
	// Plain lists the values that were opened: none of them may be shown.
	Plain []Plain
}

// Plain is a plaintext with the token that stands for it wherever something is shown.
type Plain struct {
	Token string `json:"token"`
	Value string `json:"value"`
}

// Token stands for a value that is not known: the value at a path of a file.
type Token struct {
	Token string
	File  string
	Path  string
}

// New makes a decrypter with the given age secret keys.
func New(keys []string, opaque bool) (*Decrypter, error) {
	made := &Decrypter{opaque: opaque}
	for _, key := range keys {
		identities, err := age.ParseIdentities(strings.NewReader(key))
		if err != nil {
			return nil, errors.New("an age key cannot be read") // the library's error quotes the key
		}
		made.identities = append(made.identities, identities...)
	}
	return made, nil
}

// work is the decryption of one document.
type work struct {
	decrypter *Decrypter
	key       []byte // nil: values become tokens
	scope     scope
	file      string
}

// start finds the key of a document.
func (d *Decrypter) start(read *metadata, file string) (*work, error) {
	scope, err := read.scope()
	if err != nil {
		return nil, err
	}
	key, err := read.dataKey(d.identities)
	if err != nil && !d.opaque {
		return nil, err
	}
	if key != nil {
		d.Sensitive = true
	}
	return &work{decrypter: d, key: key, scope: scope, file: file}, nil
}

// value opens one value.
func (w *work) value(text string, path []string) (any, error) {
	if text == "" {
		return "", nil
	}
	value, err := parse(text)
	if err != nil {
		return nil, err
	}
	if w.key == nil {
		return w.token(path), nil
	}
	opened, err := value.open(w.key, strings.Join(path, ":")+":")
	if err == nil {
		token := tokenOf(w.file, strings.Join(path, "."))
		w.decrypter.Plain = append(w.decrypter.Plain, Plain{Token: token, Value: fmt.Sprint(opened)})
	}
	return opened, err
}

// token names a value that stays unknown.
func (w *work) token(path []string) string {
	dotted := strings.Join(path, ".")
	token := tokenOf(w.file, dotted)
	w.decrypter.Opaque = append(w.decrypter.Opaque, Token{Token: token, File: w.file, Path: dotted})
	return token
}

func tokenOf(file, dotted string) string {
	sum := sha256.Sum256([]byte("sops/" + file + "/" + dotted))
	return "opaque-" + hex.EncodeToString(sum[:])[:12]
}

// document decrypts all values of a document in place. The metadata has been taken out.
func (w *work) document(node *yaml.Node, path []string) error {
	switch node.Kind {
	case yaml.MappingNode:
		for index := 0; index+1 < len(node.Content); index += 2 {
			key, value := node.Content[index], node.Content[index+1]
			inside := append(path[:len(path):len(path)], key.Value)
			w.comments(key, path)
			w.comments(key, inside) // where an INI file counts the comment of a section
			if err := w.document(value, inside); err != nil {
				return err
			}
		}
	case yaml.SequenceNode:
		if err := w.list(node, path); err != nil {
			return err
		}
	case yaml.AliasNode:
		return fmt.Errorf("an encrypted document cannot have aliases")
	case yaml.ScalarNode:
		if err := w.scalar(node, path); err != nil {
			return err
		}
	}
	w.comments(node, path)
	return nil
}

func (w *work) scalar(node *yaml.Node, path []string) error {
	if node.Tag == "!!null" || !w.scope.covers(path) {
		return plainStyle(node)
	}
	if node.Tag != "!!str" {
		return errNotEncrypted
	}
	value, err := w.value(node.Value, path)
	if err != nil {
		return err
	}
	return replace(node, value)
}

// replace writes a value as the encoder would, and keeps the comments.
func replace(node *yaml.Node, value any) error {
	head, line, foot := node.HeadComment, node.LineComment, node.FootComment
	if err := node.Encode(value); err != nil {
		return err
	}
	node.HeadComment, node.LineComment, node.FootComment = head, line, foot
	return nil
}

// plainStyle forgets how a scalar was written: SOPS writes a file anew.
func plainStyle(node *yaml.Node) error {
	var value any
	if err := node.Decode(&value); err != nil {
		return err
	}
	return replace(node, value)
}

// list decrypts the items of a list. SOPS keeps a comment between items as an encrypted item of its own.
func (w *work) list(node *yaml.Node, path []string) error {
	var items []*yaml.Node
	var comments []string
	for _, item := range node.Content {
		if value, err := parse(item.Value); err == nil && item.Kind == yaml.ScalarNode && value.kind == "comment" {
			if text, err := w.comment(value, path); err == nil {
				comments = append(comments, text...)
			}
			continue
		}
		if err := w.document(item, path); err != nil {
			return err
		}
		item.HeadComment = strings.Join(append(comments, nonEmpty(item.HeadComment)...), "\n")
		comments = nil
		items = append(items, item)
	}
	if len(comments) > 0 && len(items) > 0 {
		items[len(items)-1].FootComment = strings.Join(comments, "\n")
	}
	node.Content = items
	return nil
}

func nonEmpty(text string) []string {
	if text == "" {
		return nil
	}
	return []string{text}
}

// comment opens an encrypted comment; without the key there is none.
func (w *work) comment(value sealed, path []string) ([]string, error) {
	if w.key == nil {
		return nil, nil
	}
	plain, err := value.open(w.key, strings.Join(path, ":")+":")
	return []string{"#" + fmt.Sprint(plain)}, err
}

// comments decrypts the comments of a node. One that is not encrypted stays; of one whose key is missing nothing is left.
func (w *work) comments(node *yaml.Node, path []string) {
	for _, comment := range []*string{&node.HeadComment, &node.LineComment, &node.FootComment} {
		var lines []string
		for _, line := range nonEmpty(*comment) {
			for part := range strings.SplitSeq(line, "\n") {
				lines = append(lines, w.commentLine(part, path)...)
			}
		}
		*comment = strings.Join(lines, "\n")
	}
}

func (w *work) commentLine(line string, path []string) []string {
	if line == "" {
		return []string{line}
	}
	value, err := parse(strings.TrimSpace(line[1:]))
	if err != nil {
		return []string{line}
	}
	opened, err := w.comment(value, path)
	switch {
	case err != nil:
		return []string{line}
	case line[0] == ';' && len(opened) > 0: // as an INI file has it
		return []string{"; " + opened[0][1:]}
	}
	return opened
}
