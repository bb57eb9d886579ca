package documents

import (
	"sync/atomic"

	"elysium.dev/engine/internal/parallel"
)

// Bodies decodes the documents of a stream that are not empty, for who needs neither their places nor to know of equal keys. Where
// it cannot, it says what Index says.
func Bodies(stream []byte) ([]any, []Problem) {
	parts := split(stream)
	decoded := make([]any, len(parts))
	var failed atomic.Bool
	if checkEncoding(stream) == nil && RefuseBombs(stream) == nil {
		parallel.Each(len(parts), func(index int) {
			body, err := decode(parts[index].text)
			if err != nil {
				failed.Store(true)
			}
			decoded[index] = body
		})
	} else {
		failed.Store(true)
	}
	if failed.Load() {
		return indexed(stream)
	}
	bodies := make([]any, 0, len(decoded))
	for _, body := range decoded {
		if text, isText := body.(jsonText); !isText || string(text) != "null" {
			bodies = append(bodies, body)
		}
	}
	return bodies, nil
}

func indexed(stream []byte) ([]any, []Problem) {
	documents, problems := Index(stream, true)
	bodies := make([]any, 0, len(documents))
	for _, document := range documents {
		bodies = append(bodies, document.Body)
	}
	return bodies, problems
}
