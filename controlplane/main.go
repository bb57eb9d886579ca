// Command elysium-controlplane runs a throw-away Kubernetes control plane, and replays on it what Flux would apply.
package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"

	_ "k8s.io/component-base/logs/json/register"
	_ "k8s.io/component-base/metrics/prometheus/clientgo"
	_ "k8s.io/component-base/metrics/prometheus/version"
	"k8s.io/component-base/version"

	"elysium.dev/controlplane/internal/programs"
	"elysium.dev/controlplane/internal/replay"
	"elysium.dev/controlplane/internal/serve"
)

const usage = `usage: elysium-controlplane COMMAND

  serve --directory DIRECTORY    run a control plane until standard input ends
  replay --kubeconfig FILE       apply objects as Flux's controllers do (docs/replay-protocol.md)
  version                        print the version of Kubernetes
  kube-apiserver, etcd           be that program; also under that name
`

func main() { os.Exit(run(os.Args)) }

// run is the program: the first of `arguments` is its own name.
func run(arguments []string) int {
	name := strings.TrimSuffix(filepath.Base(arguments[0]), ".exe")
	if code, known := programs.Run(name, arguments[1:]); known {
		return code
	}
	if len(arguments) < 2 {
		fmt.Fprint(os.Stderr, usage)
		return 2
	}
	command, rest := arguments[1], arguments[2:]
	if code, known := programs.Run(command, rest); known {
		return code
	}
	switch command {
	case "serve":
		return serve.Main(rest)
	case "replay":
		return replay.Main(rest)
	case "version":
		fmt.Println(version.Get().GitVersion)
		return 0
	}
	fmt.Fprint(os.Stderr, usage)
	return 2
}
