// Command elysium-engine answers requests with the reference libraries of Flux, Kustomize, Helm and Kubernetes.
// Its protocol is described in docs/engine-protocol.md.
package main

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"time"

	"elysium.dev/engine/internal/confine"
	"elysium.dev/engine/internal/rpc"
	"elysium.dev/engine/internal/tree"
)

// version is set by the linker.
var version = "0.1.0"

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "elysium-engine:", err)
		os.Exit(2)
	}
}

func run(arguments []string) error {
	if len(arguments) == 1 && arguments[0] == "version" {
		fmt.Println(version)
		return nil
	}
	if len(arguments) == 0 || arguments[0] != "serve" {
		return errors.New("usage: elysium-engine serve [--memory-limit BYTES] [--deadline SECONDS] | version")
	}
	flags := flag.NewFlagSet("serve", flag.ContinueOnError)
	memory := flags.Uint64("memory-limit", 0, "memory that a request may take, in bytes (0: no bound)")
	deadline := flags.Float64("deadline", 0, "seconds that a request may take (0: no bound)")
	if err := flags.Parse(arguments[1:]); err != nil {
		return err
	}
	return serve(rpc.Bounds{Memory: *memory, Deadline: time.Duration(*deadline * float64(time.Second))})
}

// serve wires the methods and answers until the input ends.
func serve(bounds rpc.Bounds) error {
	if err := confine.Process(bounds.Memory); err != nil {
		return fmt.Errorf("confine the process: %w", err)
	}
	server := rpc.NewServer(bounds)
	trees := tree.NewRegistry()
	register(server, trees)
	return server.Serve(os.Stdin, os.Stdout)
}
