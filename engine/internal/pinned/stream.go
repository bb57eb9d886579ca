package pinned

import (
	"crypto/sha256"
	"fmt"
	"math/rand/v2"
)

// stream is the randomness of one call.
type stream struct {
	*rand.Rand
	source *rand.ChaCha8
}

// stream makes the randomness of a call from the seed, the function, its arguments and how often the same call came before. A call
// added elsewhere in a chart does not change the others, so that a comparison shows what changed and no more.
func (p *Pin) stream(function string, arguments ...any) *stream {
	p.Uses.Random = true
	call := fmt.Sprintf("%s%q", function, fmt.Sprint(arguments...))
	count := p.calls[call]
	p.calls[call]++
	source := rand.NewChaCha8(sha256.Sum256(fmt.Appendf(nil, "%q %s %d", p.seed, call, count)))
	return &stream{Rand: rand.New(source), source: source}
}

// Read yields random bytes, without end.
func (s *stream) Read(into []byte) (int, error) { return s.source.Read(into) }

func (s *stream) fill(into []byte) { _, _ = s.source.Read(into) }
