package components

import (
	"errors"
	"net/url"
	"time"

	"go.etcd.io/etcd/server/v3/embed"
	"go.etcd.io/etcd/server/v3/storage/wal"
)

// StorageEndpoint is where etcd listens: a socket in the working directory, since the path of a Unix socket may not
// be longer than some hundred characters, and a port could belong to another program.
const StorageEndpoint = "unix://etcd.sock"

// segment is the size of a write-ahead log file, which etcd allocates as a whole: 64 MB would be too much to throw away.
const segment = 16 << 20

// StartStorage starts etcd with its data under `directory`, logging to `log`, and returns once it serves.
// Nothing is synchronised to the disk, since nothing is kept.
func StartStorage(directory, log string) (*embed.Etcd, error) {
	wal.SegmentSizeBytes = segment
	endpoint, err := url.Parse(StorageEndpoint)
	if err != nil {
		return nil, err
	}
	configuration := embed.NewConfig()
	configuration.Dir = directory
	configuration.UnsafeNoFsync = true
	configuration.ListenPeerUrls = nil // there are no peers
	configuration.ListenClientUrls = []url.URL{*endpoint}
	configuration.InitialCluster = configuration.InitialClusterFromName(configuration.Name)
	configuration.TickMs, configuration.ElectionMs = 10, 100 // the only member elects itself at once
	configuration.EnableGRPCGateway = false
	configuration.WarningUnaryRequestDuration = embed.DefaultWarningUnaryRequestDuration // zero would log every request
	configuration.LogLevel = "error"
	configuration.LogOutputs = []string{log}
	server, err := embed.StartEtcd(configuration)
	if err != nil {
		return nil, err
	}
	select {
	case <-server.Server.ReadyNotify():
		return server, nil
	case err := <-server.Err():
		return nil, err
	case <-time.After(time.Minute):
		return nil, errors.New("etcd is not ready after a minute")
	}
}
