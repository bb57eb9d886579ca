// Package parallel spreads independent work over the processors.
package parallel

import (
	"runtime"
	"sync"
	"sync/atomic"
)

// Each does work for each index below count, on every processor there is, and waits for all of it. A panic of the work is one of the
// caller's, once all have ended.
func Each(count int, work func(index int)) {
	var next atomic.Int64
	var waiting sync.WaitGroup
	var failure atomic.Pointer[any]
	for range min(count, runtime.GOMAXPROCS(0)) {
		waiting.Go(func() {
			defer func() {
				if reason := recover(); reason != nil {
					failure.Store(&reason)
				}
			}()
			for index := int(next.Add(1)) - 1; index < count; index = int(next.Add(1)) - 1 {
				work(index)
			}
		})
	}
	waiting.Wait()
	if reason := failure.Load(); reason != nil {
		panic(*reason)
	}
}
