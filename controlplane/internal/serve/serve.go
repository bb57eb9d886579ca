// Package serve runs a throw-away control plane: etcd, kube-apiserver, kube-controller-manager, kube-scheduler and
// simulated nodes, all in this process.
package serve

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"

	"k8s.io/component-base/version"

	"elysium.dev/controlplane/internal/components"
	"elysium.dev/controlplane/internal/controllers"
	"elysium.dev/controlplane/internal/credentials"
	"elysium.dev/controlplane/internal/lifetime"
)

// announcement is the one line that says where the server is, once it is ready.
type announcement struct {
	URL         string `json:"url"`
	Kubeconfig  string `json:"kubeconfig"`
	Version     string `json:"version"`
	Controllers bool   `json:"controllers"`
	PID         int    `json:"pid"`
}

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

// run starts everything and says so on `answers`.
func run(chosen *options, life *lifetime.Lifetime, answers io.Writer) error {
	if err := os.Chdir(chosen.directory); err != nil {
		return err
	}
	listener, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		return err
	}
	url := "https://" + listener.Addr().String()
	set, err := credentials.Make(chosen.directory, url)
	if err != nil {
		return err
	}
	storage, err := components.StartStorage(filepath.Join(chosen.directory, "etcd"), chosen.log)
	if err != nil {
		return fmt.Errorf("etcd: %w", err)
	}
	fail := func(component string, err error) { life.Fail(fmt.Errorf("%s: %w", component, orEnded(err))) }
	go func() { fail("etcd", <-storage.Err()) }()
	ctx := context.Background()
	go func() { fail("kube-apiserver", components.APIServer(ctx, listener, set, chosen.controllers)) }()
	client, err := clientConfiguration(set)
	if err != nil {
		return err
	}
	if err := awaitReady(ctx, client); err != nil {
		return err
	}
	if chosen.controllers {
		go func() { fail("kube-controller-manager", components.ControllerManager(ctx, set)) }()
		go func() { fail("kube-scheduler", components.Scheduler(ctx, set)) }()
		if err := controllers.Start(ctx, client); err != nil {
			return err
		}
	}
	collectNow()
	return json.NewEncoder(answers).Encode(announcement{
		URL: url, Kubeconfig: set.Kubeconfig, Version: version.Get().GitVersion,
		Controllers: chosen.controllers, PID: os.Getpid(),
	})
}
