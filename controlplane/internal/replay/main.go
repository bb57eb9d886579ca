// Package replay applies objects to an API server as Flux's controllers do, and says of each what came of it.
//
// It reads requests from its standard input and answers them on its standard output, a line of JSON each. The protocol
// is docs/replay-protocol.md.
package replay

import (
	"bufio"
	"context"
	"flag"
	"fmt"
	"os"

	"github.com/go-logr/logr"
	"sigs.k8s.io/controller-runtime/pkg/log"

	"elysium.dev/controlplane/internal/replay/connection"
)

// Main serves requests until the end of the input. It gives the exit code.
func Main(arguments []string) int {
	flags := flag.NewFlagSet("replay", flag.ContinueOnError)
	kubeconfig := flags.String("kubeconfig", "", "the file with the server's address and credentials")
	named := flags.String("context", "", "the context of that file, if not its current one")
	parallel := flags.Int("parallel", 4, "how many requests are worked on at a time")
	if err := flags.Parse(arguments); err != nil {
		return 2
	}
	if *kubeconfig == "" || *parallel < 1 {
		fmt.Fprintln(os.Stderr, "replay: --kubeconfig FILE is needed, and --parallel of at least 1")
		return 2
	}
	log.SetLogger(logr.Discard())
	server, err := connection.Open(*kubeconfig, *named)
	if err != nil {
		fmt.Fprintln(os.Stderr, "replay:", err)
		return 2
	}
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	service := &service{methods: methods(ctx, server), log: os.Stderr, out: bufio.NewWriterSize(os.Stdout, 1<<20)}
	if err := service.serve(ctx, os.Stdin, *parallel); err != nil {
		fmt.Fprintln(os.Stderr, "replay:", err)
		return 1
	}
	return 0
}
