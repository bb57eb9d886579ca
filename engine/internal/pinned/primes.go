package pinned

import (
	"crypto/dsa" //nolint:staticcheck // templates may ask for it
	"crypto/sha256"
	"fmt"
	"math/big"
	"math/rand/v2"
)

// candidate is an odd number of the given length, the same in every process: the start of the search for a prime.
func candidate(bits, index int) *big.Int {
	source := rand.NewChaCha8(sha256.Sum256(fmt.Appendf(nil, "pinned prime %d %d", bits, index)))
	content := make([]byte, bits/8)
	_, _ = source.Read(content)
	content[0] |= 0xc0 // the product of two such numbers has twice the length
	content[len(content)-1] |= 1
	return new(big.Int).SetBytes(content)
}

// knownPrime is the first prime at or after the candidate.
func knownPrime(bits, index int) *big.Int {
	start := candidate(bits, index)
	return start.Add(start, big.NewInt(primeOffsets[bits][index]))
}

// knownDSA are parameters with a prime of 2048 and a subgroup of 256 bits.
func knownDSA() dsa.Parameters {
	one := big.NewInt(1)
	q := candidate(256, 0)
	q.Add(q, big.NewInt(dsaSubgroupOffset))
	step := new(big.Int).Lsh(q, 1)
	p := candidate(2048, 0)
	p.Sub(p, new(big.Int).Mod(p, step))
	p.Add(p, one)
	p.Add(p, new(big.Int).Mul(step, big.NewInt(dsaPrimeSteps)))
	cofactor := new(big.Int).Div(new(big.Int).Sub(p, one), q)
	return dsa.Parameters{P: p, Q: q, G: new(big.Int).Exp(big.NewInt(2), cofactor, p)}
}

// primeOffsets lead from the candidates to primes, by the length in bits.
var primeOffsets = map[int][]int64{
	1024: {130, 620, 556, 276, 2026, 2144, 760, 808, 700, 1984, 1016, 8, 738, 526, 326, 160, 838, 1394, 248, 670, 920, 570, 732, 468, 1738, 770, 226, 898, 622, 62, 422, 800},
	2048: {2930, 298, 1258, 1136, 438, 178, 1076, 574, 1372, 2330, 934, 3576, 164, 156, 36, 2858, 406, 988, 868, 280, 1628, 1214, 634, 3392, 1144, 2620, 3554, 228, 968, 1480, 1838, 488},
}

const (
	dsaSubgroupOffset = 52
	dsaPrimeSteps     = 749
)
