// Package lifetime ends a server together with the process that started it, and takes its directory along.
package lifetime

import (
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"sync"
	"syscall"
	"time"
)

// Failed is the exit code of a server that could not go on.
const Failed = 2

// removals bounds how often the directory is tried again while the storage still writes into it.
const removals = 20

// Lifetime is a directory that lives as long as the process, which lives as long as its standard input is open.
type Lifetime struct {
	directory string
	messages  io.Writer
	once      sync.Once
}

// Begin makes the directory, which must be new or empty, since all of it is removed at the end. Messages of failures
// go to `messages`.
func Begin(directory string, messages io.Writer) (*Lifetime, error) {
	if err := os.MkdirAll(directory, 0o700); err != nil {
		return nil, err
	}
	entries, err := os.ReadDir(directory)
	if err != nil {
		return nil, err
	}
	if len(entries) > 0 {
		return nil, fmt.Errorf("%s is not empty, and would be removed at the end", directory)
	}
	if err := os.Chmod(directory, 0o700); err != nil {
		return nil, err
	}
	return &Lifetime{directory: directory, messages: messages}, nil
}

// Watch ends the process when `input` ends (whoever started it is gone, or has had enough) or a signal says so.
func (l *Lifetime) Watch(input io.Reader) {
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, syscall.SIGTERM, syscall.SIGINT, syscall.SIGHUP)
	go func() {
		<-signals
		l.End(0)
	}()
	go func() {
		_, _ = io.Copy(io.Discard, input)
		l.End(0)
	}()
}

// Fail says why the server cannot go on, and ends the process.
func (l *Lifetime) Fail(err error) {
	fmt.Fprintf(l.messages, "elysium-controlplane: %v\n", err)
	l.End(Failed)
}

// End removes the directory and exits at once: nothing is drained, since nothing is kept.
func (l *Lifetime) End(code int) {
	l.once.Do(func() {
		if err := l.remove(); err != nil {
			fmt.Fprintf(l.messages, "elysium-controlplane: %v\n", err)
		}
		os.Exit(code)
	})
	select {} // another goroutine is about to exit
}

// remove deletes the directory, again when the storage has made a file in between.
func (l *Lifetime) remove() error {
	var problems error
	for range removals {
		problem := os.RemoveAll(l.directory)
		if problem == nil {
			return nil
		}
		problems = errors.Join(problems, problem)
		time.Sleep(5 * time.Millisecond)
	}
	return problems
}
