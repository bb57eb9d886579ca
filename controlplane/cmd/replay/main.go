// Command replay applies objects to an API server as Flux's controllers do. It has no server of its own.
package main

import (
	"os"

	"elysium.dev/controlplane/internal/replay"
)

func main() { os.Exit(replay.Main(os.Args[1:])) }
