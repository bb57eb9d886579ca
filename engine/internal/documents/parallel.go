package documents

import "elysium.dev/engine/internal/parallel"

// long is from how many documents on a stream is read by several processors: that of a whole cluster, not a file of a repository.
const long = 64

// readAll reads documents and gives their results in order; those after one that stops the stream may be missing.
func readAll(parts []chunk, bodies bool) []result {
	results := make([]result, len(parts))
	if len(parts) < long {
		for index, part := range parts {
			results[index] = read(part, bodies)
			if results[index].stopped {
				return results[:index+1]
			}
		}
		return results
	}
	parallel.Each(len(parts), func(index int) { results[index] = read(parts[index], bodies) })
	return results
}
