package rpc

import (
	"context"
	"os"
	"runtime/metrics"
	"time"
)

// watchInterval is how often a running request's memory is looked at. What a request can allocate in between
// must fit between the soft and the hard limit.
const watchInterval = 10 * time.Millisecond

// Bounds is what one request may take. A zero field means no bound.
type Bounds struct {
	Deadline time.Duration
	Memory   uint64
}

func (b Bounds) context() (context.Context, context.CancelFunc) {
	if b.Deadline <= 0 {
		return context.WithCancel(context.Background())
	}
	return context.WithTimeout(context.Background(), b.Deadline)
}

// watch reports the first bound that is reached before the context ends otherwise.
func (b Bounds) watch(ctx context.Context) <-chan error {
	exceeded := make(chan error, 1)
	go func() {
		if err := b.wait(ctx); err != nil {
			exceeded <- err
		}
	}()
	return exceeded
}

func (b Bounds) wait(ctx context.Context) error {
	parent := os.Getppid()
	ticker := time.NewTicker(watchInterval)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			if ctx.Err() == context.DeadlineExceeded {
				return Exceeded("time", "the request took longer than %s", b.Deadline)
			}
			return nil
		case <-ticker.C:
			if os.Getppid() != parent {
				os.Exit(0) // the client is gone: nobody waits for the answer
			}
			if used := memoryInUse(); b.Memory > 0 && used > b.Memory {
				return Exceeded("memory", "the request took more than %d MiB of memory", b.Memory>>20)
			}
		}
	}
}

// memoryInUse is the memory that the Go runtime holds and has not returned to the system.
func memoryInUse() uint64 {
	samples := []metrics.Sample{
		{Name: "/memory/classes/total:bytes"},
		{Name: "/memory/classes/heap/released:bytes"},
	}
	metrics.Read(samples)
	return samples[0].Value.Uint64() - samples[1].Value.Uint64()
}
