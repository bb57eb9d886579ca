package parallel

import (
	"sync/atomic"
	"testing"
)

func TestEachDoesEverythingOnce(t *testing.T) {
	for _, count := range []int{0, 1, 2, 1000} {
		done := make([]atomic.Int32, count)
		Each(count, func(index int) { done[index].Add(1) })
		for index := range done {
			if times := done[index].Load(); times != 1 {
				t.Errorf("of %d, number %d was done %d times", count, index, times)
			}
		}
	}
}

func TestEachPassesPanicsOn(t *testing.T) {
	defer func() {
		if reason := recover(); reason != "broken" {
			t.Errorf("recovered %v", reason)
		}
	}()
	Each(10, func(index int) {
		if index == 3 {
			panic("broken")
		}
	})
}
