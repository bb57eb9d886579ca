// Package helm installs, upgrades and uninstalls releases as helm-controller does, without the rendering.
package helm

import (
	"context"
	"encoding/json"

	"sigs.k8s.io/controller-runtime/pkg/client"

	"elysium.dev/controlplane/internal/replay/connection"
	"elysium.dev/controlplane/internal/replay/wire"
)

// manager is the field manager of everything in a release.
const manager = "helm-controller"

// Release names a release and its revision.
type Release struct {
	Name             string          `json:"name"`
	Namespace        string          `json:"namespace"`
	StorageNamespace string          `json:"storage_namespace"`
	Chart            json.RawMessage `json:"chart"`
	Revision         int             `json:"revision"`
	Upgrade          bool            `json:"upgrade"`
	// TakeOwnership is false where `disableTakeOwnership` is set; helm-controller takes over what is there by default.
	TakeOwnership *bool `json:"take_ownership"`
	// CreateNamespace makes the release's namespace first.
	CreateNamespace bool `json:"create_namespace"`
}

// Hook is an object that is applied at certain events of a release.
type Hook struct {
	Object         wire.Object `json:"object"`
	Events         []string    `json:"events"`
	Weight         int         `json:"weight"`
	DeletePolicies []string    `json:"delete_policies"`
}

// Request is a release that is to be installed or upgraded.
type Request struct {
	Account string  `json:"account"`
	Release Release `json:"release"`
	CRDs    struct {
		Policy  string        `json:"policy"`
		Objects []wire.Object `json:"objects"`
	} `json:"crds"`
	Objects  []wire.Object    `json:"objects"`
	Hooks    []Hook           `json:"hooks"`
	Previous []wire.Reference `json:"previous"`
}

// work is one release that is being installed, upgraded or uninstalled.
type work struct {
	server  *connection.Connection
	client  client.Client
	release Release
	hooks   []Hook
	entries []wire.Entry
	// recorded are the resource versions of the Secrets of revisions, as this work wrote them.
	recorded map[int]string
}

func begin(server *connection.Connection, account string, release Release, hooks []Hook) (*work, error) {
	under, err := server.Client(account)
	if err != nil {
		return nil, err
	}
	if release.StorageNamespace == "" {
		release.StorageNamespace = release.Namespace
	}
	return &work{
		server: server, client: under, release: release, hooks: hooks, entries: []wire.Entry{}, recorded: map[int]string{},
	}, nil
}

func (w *work) note(entry wire.Entry) { w.entries = append(w.entries, entry) }

// end gives what came of everything; the release has failed when there is an error.
func (w *work) end(err error) wire.Entries {
	result := wire.Entries{Entries: w.entries}
	if err != nil {
		result.Failed = err.Error()
	}
	return result
}

// Run installs or upgrades a release.
func Run(ctx context.Context, server *connection.Connection, request Request) (wire.Entries, error) {
	work, err := begin(server, request.Account, request.Release, request.Hooks)
	if err != nil {
		return wire.Entries{}, err
	}
	failure := work.run(ctx, request)
	connection.Enforced(ctx, work.entries)
	return work.end(failure), nil
}
