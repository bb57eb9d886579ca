package serve

import (
	"context"
	"fmt"
	"net"
	"os"
	"path/filepath"

	"k8s.io/client-go/rest"
	"k8s.io/component-base/version"

	"elysium.dev/controlplane/internal/components"
	"elysium.dev/controlplane/internal/credentials"
	"elysium.dev/controlplane/internal/lifetime"
)

// plane is the control plane of one run.
type plane struct {
	chosen      *options
	life        *lifetime.Lifetime
	listener    net.Listener
	url         string
	credentials *credentials.Set
	client      *rest.Config
}

// announcement is the one line that says where the server is, once it is ready.
type announcement struct {
	URL         string `json:"url"`
	Kubeconfig  string `json:"kubeconfig"`
	Version     string `json:"version"`
	Controllers bool   `json:"controllers"`
	PID         int    `json:"pid"`
}

// prepare enters the directory, takes a port and makes the credentials.
func prepare(chosen *options, life *lifetime.Lifetime) (*plane, error) {
	if err := os.Chdir(chosen.directory); err != nil {
		return nil, err
	}
	listener, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	p := &plane{chosen: chosen, life: life, listener: listener, url: "https://" + listener.Addr().String()}
	if p.credentials, err = credentials.Make(chosen.directory, p.url); err != nil {
		return nil, err
	}
	p.client, err = clientConfiguration(p.credentials)
	return p, err
}

// startServers starts etcd, which is ready at the end, and the API server, which is not.
func (p *plane) startServers(ctx context.Context) error {
	storage, err := components.StartStorage(filepath.Join(p.chosen.directory, "etcd"), p.chosen.log)
	if err != nil {
		return fmt.Errorf("etcd: %w", err)
	}
	p.start("etcd", func() error { return <-storage.Err() })
	p.start("kube-apiserver", func() error {
		return components.APIServer(ctx, p.listener, p.credentials, p.chosen.controllers)
	})
	return nil
}

// start runs a component beside the others; none of them may end.
func (p *plane) start(name string, run func() error) {
	go func() { p.life.Fail(fmt.Errorf("%s: %w", name, orEnded(run()))) }()
}

func (p *plane) announcement() announcement {
	return announcement{
		URL: p.url, Kubeconfig: p.credentials.Kubeconfig, Version: version.Get().GitVersion,
		Controllers: p.chosen.controllers, PID: os.Getpid(),
	}
}
