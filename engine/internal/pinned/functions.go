// Package pinned replaces the functions of Helm templates whose answer changes from run to run: random values, certificates, the
// time, and the order of map keys. The answers are valid ones, and they depend on nothing but the seed, the time and the call.
package pinned

import (
	"crypto/rand"
	"encoding/base64"
	"fmt"
	"math/big"
	"text/template"
	"time"

	"github.com/Masterminds/sprig/v3"
)

// Uses tells which kinds of pinned functions a render has called.
type Uses struct {
	Random bool
	Time   bool
}

// Pin is the randomness and the time of one render.
type Pin struct {
	Uses  Uses
	seed  string
	now   time.Time
	calls map[string]int
	sprig template.FuncMap
}

// New makes a pin. The zone is UTC, as in the controller's container.
func New(seed string, now time.Time) *Pin {
	return &Pin{seed: seed, now: now.UTC(), calls: map[string]int{}, sprig: sprig.TxtFuncMap()}
}

// Functions returns what replaces Helm's functions of the same name.
func (p *Pin) Functions() template.FuncMap {
	functions := template.FuncMap{"keys": sortedKeys, "values": sortedValues}
	for _, group := range []template.FuncMap{p.randomFunctions(), p.cryptoFunctions(), p.timeFunctions()} {
		for name, function := range group {
			functions[name] = function
		}
	}
	return functions
}

func (p *Pin) randomFunctions() template.FuncMap {
	return template.FuncMap{
		"randAlphaNum": func(count int) string { return p.characters("randAlphaNum", digits+letters, count) },
		"randAlpha":    func(count int) string { return p.characters("randAlpha", letters, count) },
		"randNumeric":  func(count int) string { return p.characters("randNumeric", digits, count) },
		"randAscii":    func(count int) string { return p.characters("randAscii", printable(), count) },
		"randBytes":    p.randomBytes,
		"randInt":      p.randomInt,
		"shuffle":      p.shuffle,
		"uuidv4":       p.uuid,
	}
}

const (
	digits  = "0123456789"
	letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
)

// printable is what sprig's randAscii chooses from: space to tilde.
func printable() string {
	all := make([]byte, 0, 127-32)
	for character := byte(32); character < 127; character++ {
		all = append(all, character)
	}
	return string(all)
}

func (p *Pin) characters(function, alphabet string, count int) string {
	stream := p.stream(function, count)
	if count <= 0 {
		return ""
	}
	text := make([]byte, count)
	for index := range text {
		text[index] = alphabet[stream.IntN(len(alphabet))]
	}
	return string(text)
}

func (p *Pin) randomBytes(count int) (string, error) {
	content := make([]byte, count)
	p.stream("randBytes", count).fill(content)
	return base64.StdEncoding.EncodeToString(content), nil
}

func (p *Pin) randomInt(low, high int) int {
	stream := p.stream("randInt", low, high)
	if high <= low {
		panic("invalid argument to Intn") // as math/rand does for sprig
	}
	return stream.IntN(high-low) + low
}

func (p *Pin) shuffle(text string) string {
	stream := p.stream("shuffle", text)
	runes := []rune(text)
	stream.Shuffle(len(runes), func(i, j int) { runes[i], runes[j] = runes[j], runes[i] })
	return string(runes)
}

func (p *Pin) uuid() string {
	var id [16]byte
	p.stream("uuidv4").fill(id[:])
	id[6] = id[6]&0x0f | 0x40
	id[8] = id[8]&0x3f | 0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", id[0:4], id[4:6], id[6:8], id[8:10], id[10:16])
}

// withRandomness runs a function of the library while crypto/rand yields the stream. A worker answers one request at a time.
func withRandomness(stream *stream, call func()) {
	original := rand.Reader
	rand.Reader = stream
	defer func() { rand.Reader = original }()
	call()
}

// below draws a number under a bound.
func (s *stream) below(bound *big.Int) *big.Int {
	wide := make([]byte, len(bound.Bytes())+16) // wide enough that the remainder is even
	s.fill(wide)
	return new(big.Int).Mod(new(big.Int).SetBytes(wide), bound)
}
