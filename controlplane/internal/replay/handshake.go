package replay

import (
	"context"
	"time"

	"elysium.dev/controlplane/internal/replay/connection"
	"elysium.dev/controlplane/internal/replay/wire"
)

// startLimit is how long a controller manager may take until its first deed.
const startLimit = 3 * time.Second

// handshake tells who answers.
type handshake struct {
	Protocol    int    `json:"protocol"`
	Server      string `json:"server"`
	Controllers bool   `json:"controllers"`
}

// greet asks the server for its version, and whether a controller manager has been at work: it gives every namespace a
// service account, first of all the one that every server has.
func greet(ctx context.Context, server *connection.Connection) (handshake, error) {
	version, err := server.Discovery.ServerVersion()
	if err != nil {
		return handshake{}, err
	}
	controllers, err := controlled(ctx, server)
	return handshake{Protocol: wire.Version, Server: version.GitVersion, Controllers: controllers}, err
}

func controlled(ctx context.Context, server *connection.Connection) (bool, error) {
	account := wire.Reference{Version: "v1", Kind: "ServiceAccount", Namespace: "default", Name: "default"}
	ctx, cancel := context.WithTimeout(ctx, startLimit)
	defer cancel()
	err := connection.Await(ctx, connection.Interval, func(ctx context.Context) (bool, error) {
		found, err := server.Read(ctx, account)
		return found != nil, err
	})
	if ctx.Err() != nil {
		return false, nil
	}
	return err == nil, err
}
