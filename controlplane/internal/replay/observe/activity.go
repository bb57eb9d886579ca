package observe

import (
	"bufio"
	"context"
	"encoding/json"
	"sync"
	"sync/atomic"
	"time"

	"elysium.dev/controlplane/internal/replay/connection"
	"elysium.dev/controlplane/internal/replay/readiness"
)

// moving are the resources whose changes mean that the controllers are still at work. Events are none of them: a
// ReplicaSet whose Pods are refused tries again for ever, and tells of it each time.
var moving = []string{
	"/api/v1/pods", "/api/v1/persistentvolumeclaims",
	"/apis/apps/v1/deployments", "/apis/apps/v1/replicasets", "/apis/apps/v1/statefulsets", "/apis/apps/v1/daemonsets",
	"/apis/batch/v1/jobs", "/apis/batch/v1/cronjobs",
}

// reconnect is how long to wait after a watch broke.
const reconnect = 100 * time.Millisecond

// metadataOnly asks for names in place of whole objects.
const metadataOnly = "application/json;as=PartialObjectMetadata;v=v1;g=meta.k8s.io,application/json"

// Activity knows when anything moved last. It watches from the first time it is asked until its context ends.
type Activity struct {
	ctx    context.Context
	server *connection.Connection
	start  sync.Once
	last   atomic.Int64
}

// NewActivity makes an activity that does not watch yet.
func NewActivity(ctx context.Context, server *connection.Connection) *Activity {
	return &Activity{ctx: ctx, server: server}
}

// Settle waits until nothing moved for a while and quotas are counted; false when the limit came first.
func (a *Activity) Settle(ctx context.Context, patience readiness.Patience) (bool, error) {
	a.start.Do(a.watchAll)
	ctx, cancel := context.WithTimeout(ctx, patience.Limit)
	defer cancel()
	err := connection.Await(ctx, connection.Interval, func(ctx context.Context) (bool, error) {
		if time.Since(time.Unix(0, a.last.Load())) < patience.Quiet {
			return false, nil
		}
		return quotasCounted(ctx, a.server)
	})
	return err == nil, nil
}

func (a *Activity) watchAll() {
	a.last.Store(time.Now().UnixNano())
	for _, path := range moving {
		go a.watch(path)
	}
}

func (a *Activity) watch(path string) {
	for a.ctx.Err() == nil {
		a.follow(path)
		select {
		case <-a.ctx.Done():
		case <-time.After(reconnect):
		}
	}
}

// follow notes every change that a watch tells, until it breaks.
func (a *Activity) follow(path string) {
	version, err := a.position(path)
	if err != nil {
		return
	}
	request := a.server.Raw.Get().AbsPath(path).SetHeader("Accept", metadataOnly)
	stream, err := request.Param("watch", "true").Param("resourceVersion", version).Stream(a.ctx)
	if err != nil {
		return
	}
	defer stream.Close()
	reader := bufio.NewReader(stream)
	for {
		_, more, err := reader.ReadLine()
		if err != nil {
			return
		}
		if !more {
			a.last.Store(time.Now().UnixNano())
		}
	}
}

// position is the version of a collection as it is now.
func (a *Activity) position(path string) (string, error) {
	raw, err := a.server.Raw.Get().AbsPath(path).SetHeader("Accept", "application/json").Param("limit", "1").DoRaw(a.ctx)
	if err != nil {
		return "", err
	}
	var list struct {
		Metadata struct {
			ResourceVersion string `json:"resourceVersion"`
		} `json:"metadata"`
	}
	err = json.Unmarshal(raw, &list)
	return list.Metadata.ResourceVersion, err
}
