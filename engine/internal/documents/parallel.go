package documents

import (
	"runtime"
	"sync"
	"sync/atomic"
)

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
	sideBySide(len(parts), func(index int) { results[index] = read(parts[index], bodies) })
	return results
}

// sideBySide does work for each index below count, on every processor there is.
func sideBySide(count int, work func(index int)) {
	var next atomic.Int64
	var waiting sync.WaitGroup
	for range min(count, runtime.GOMAXPROCS(0)) {
		waiting.Go(func() {
			for index := int(next.Add(1)) - 1; index < count; index = int(next.Add(1)) - 1 {
				work(index)
			}
		})
	}
	waiting.Wait()
}
