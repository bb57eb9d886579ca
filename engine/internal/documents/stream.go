// Package documents parses YAML streams into nodes that know where they stand, and answers questions about them.
package documents

import (
	"bytes"
)

// chunk is the text of one document of a stream.
type chunk struct {
	text   []byte
	offset int // lines before it
}

// split cuts a stream at its separators: lines that start with "---", as Kubernetes and Kustomize do.
func split(stream []byte) []chunk {
	var chunks []chunk
	start, startLine, line := 0, 0, 0
	for position := 0; position < len(stream); line++ {
		end := lineEnd(stream, position)
		if isSeparator(stream[position:end]) && position > start {
			chunks = append(chunks, chunk{stream[start:position], startLine})
			start, startLine = position, line
		}
		position = end
	}
	return append(chunks, chunk{stream[start:], startLine})
}

func lineEnd(stream []byte, position int) int {
	if newline := bytes.IndexByte(stream[position:], '\n'); newline >= 0 {
		return position + newline + 1
	}
	return len(stream)
}

func isSeparator(line []byte) bool {
	if !bytes.HasPrefix(line, []byte("---")) {
		return false
	}
	return len(line) == 3 || bytes.IndexByte([]byte(" \t\r\n"), line[3]) >= 0
}

// lastLine is the line of the last text in a chunk, counted from 1 in the stream.
func (c chunk) lastLine() int {
	trimmed := bytes.TrimRight(c.text, " \t\r\n")
	return c.offset + bytes.Count(trimmed, []byte("\n")) + 1
}

// firstLine is the first line that says something: no comment, no separator, no blank.
func firstLine(stream []byte) int {
	line := 1
	for position := 0; position < len(stream); line++ {
		end := lineEnd(stream, position)
		text := bytes.TrimSpace(stream[position:end])
		if len(text) > 0 && text[0] != '#' && text[0] != '%' && !isSeparator(stream[position:end]) {
			return line
		}
		position = end
	}
	return 1
}
