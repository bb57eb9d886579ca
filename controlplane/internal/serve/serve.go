// Package serve runs a throw-away control plane: etcd, kube-apiserver, kube-controller-manager, kube-scheduler and
// simulated nodes, all in this process.
package serve

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"

	"elysium.dev/controlplane/internal/components"
	"elysium.dev/controlplane/internal/controllers"
	"elysium.dev/controlplane/internal/lifetime"
)

// Main runs the control plane until its standard input ends; it does not return unless the arguments are wrong.
func Main(arguments []string) int {
	chosen, err := parseOptions(arguments, os.Stderr)
	if err != nil {
		fmt.Fprintf(os.Stderr, "elysium-controlplane: %v\n", err)
		return lifetime.Failed
	}
	life, err := lifetime.Begin(chosen.directory, os.Stderr)
	if err != nil {
		fmt.Fprintf(os.Stderr, "elysium-controlplane: %v\n", err)
		return lifetime.Failed
	}
	collectLater()
	life.Watch(os.Stdin)
	os.Clearenv() // no proxy, no kubeconfig and no cluster that this process may run in
	answers := os.Stdout
	if err := logTo(chosen.log, life); err != nil {
		life.Fail(err)
	}
	if err := run(chosen, life, answers); err != nil {
		life.Fail(err)
	}
	select {} // the lifetime ends the process
}

// run starts everything and says so on `answers`. Simulation and scheduler come while the API server makes its own
// objects, which it begins with a pause; the controller manager comes last, since it waits long for a server that is
// not ready.
func run(chosen *options, life *lifetime.Lifetime, answers io.Writer) error {
	ctx := context.Background()
	plane, err := prepare(chosen, life)
	if err != nil {
		return err
	}
	if err := plane.startServers(ctx); err != nil {
		return err
	}
	if err := plane.await(ctx, isAnswer); err != nil {
		return err
	}
	if chosen.controllers {
		plane.start("kube-scheduler", func() error { return components.Scheduler(ctx, plane.credentials) })
		if err := controllers.Start(ctx, plane.client); err != nil {
			return err
		}
	}
	if err := plane.await(ctx, isReady); err != nil {
		return err
	}
	if chosen.controllers {
		plane.start("kube-controller-manager", func() error { return components.ControllerManager(ctx, plane.credentials) })
	}
	collectNow()
	return json.NewEncoder(answers).Encode(plane.announcement())
}
