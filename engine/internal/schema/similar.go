package schema

import (
	"iter"
	"maps"
	"strings"
)

// similar finds the field that a misspelt name most probably means, or "".
func (s *structure) similar(name string) string {
	return Similar(maps.Keys(s.fields), name)
}

// Similar finds the name that a misspelt one most probably means, or "".
func Similar(names iter.Seq[string], name string) string {
	best, bestDistance := "", 3
	for candidate := range names {
		distance := editDistance(strings.ToLower(candidate), strings.ToLower(name))
		if distance*3 > len(name) {
			continue
		}
		if distance < bestDistance || distance == bestDistance && candidate < best {
			best, bestDistance = candidate, distance
		}
	}
	return best
}

// editDistance counts the insertions, deletions and replacements between two names; names of very different length count as far.
func editDistance(a, b string) int {
	if len(a)-len(b) > 2 || len(b)-len(a) > 2 {
		return 3
	}
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := 1
			if a[i] == b[j] {
				cost = 0
			}
			diagonal, row[j+1] = row[j+1], min(diagonal+cost, row[j+1]+1, row[j]+1)
		}
	}
	return row[len(b)]
}
