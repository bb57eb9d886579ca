package flux

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"elysium.dev/controlplane/internal/replay/connection"
	"elysium.dev/controlplane/internal/replay/wire"
)

// identity is what tells objects of a unit apart. Where the kind is cluster-wide, a namespace in the object is ignored.
type identity struct{ group, version, kind, namespace, name string }

// record is what the server said of one object. An object that a unit has twice is worked on twice at a time.
//
// `existing` is what there was before, `latest` what there was when the server told it last.
type record struct {
	mutex    sync.Mutex
	existing *unstructured.Unstructured
	latest   *unstructured.Unstructured
	refusal  error
	deleted  time.Time
	applied  bool
	warnings connection.Warnings
}

// recorder is the client that the apply library works with. It notes per object what the server says.
//
// The library gives up at the first refusal and cancels its other requests. Reading and trying go on here all the same,
// so that one pass tells of every object; what would change something stays cancelled.
type recorder struct {
	client.Client
	whole   context.Context
	server  *connection.Connection
	mutex   sync.Mutex
	records map[identity]*record
}

func newRecorder(ctx context.Context, under client.Client, server *connection.Connection) *recorder {
	return &recorder{Client: under, whole: ctx, server: server, records: map[identity]*record{}}
}

// of gives the record of an object.
func (r *recorder) of(object client.Object) *record {
	kind := object.GetObjectKind().GroupVersionKind()
	key := identity{kind.Group, kind.Version, kind.Kind, object.GetNamespace(), object.GetName()}
	if key.namespace != "" && !r.server.Mapper.Namespaced(kind) {
		key.namespace = ""
	}
	r.mutex.Lock()
	defer r.mutex.Unlock()
	if r.records[key] == nil {
		r.records[key] = &record{}
	}
	return r.records[key]
}

// Get reads an object; the first answer is what there was before.
func (r *recorder) Get(_ context.Context, key client.ObjectKey, into client.Object, options ...client.GetOption) error {
	asked := wire.ReferenceTo(into.(*unstructured.Unstructured))
	asked.Namespace, asked.Name = key.Namespace, key.Name
	record := r.of(asked.Object())
	err := r.Client.Get(r.whole, key, into, options...)
	record.mutex.Lock()
	defer record.mutex.Unlock()
	switch {
	case err == nil && !record.deleted.IsZero():
		return record.stays()
	case err == nil && record.existing == nil:
		record.existing = into.(*unstructured.Unstructured)
		record.latest = record.existing
	}
	return err
}

// Patch tries or applies an object.
func (r *recorder) Patch(ctx context.Context, object client.Object, patch client.Patch, options ...client.PatchOption) error {
	record := r.of(object)
	dry := (&client.PatchOptions{}).ApplyOptions(options).DryRun != nil
	if dry {
		ctx = r.whole
	}
	err := r.Client.Patch(connection.WithWarnings(ctx, &record.warnings), object, patch, options...)
	record.mutex.Lock()
	defer record.mutex.Unlock()
	record.note(err)
	if err == nil && !dry {
		record.applied, record.latest = true, object.(*unstructured.Unstructured)
		r.server.Counted(ctx, object.(*unstructured.Unstructured))
	}
	return err
}

// Delete makes room for an object that cannot be changed.
func (r *recorder) Delete(ctx context.Context, object client.Object, options ...client.DeleteOption) error {
	record := r.of(object)
	err := r.Client.Delete(ctx, object, options...)
	record.mutex.Lock()
	defer record.mutex.Unlock()
	if err == nil || apierrors.IsNotFound(err) {
		record.deleted, record.latest = time.Now(), nil
		return err
	}
	record.note(err)
	return err
}

// stays gives up on an object that was deleted to be made anew, and that a finalizer holds.
func (r *record) stays() error {
	if time.Since(r.deleted) < waitLimit {
		return nil
	}
	r.refusal = fmt.Errorf("immutable field detected, failed to wait for object to be deleted: it stays for %s", waitLimit)
	return r.refusal
}

// note keeps the last refusal. What was cancelled says nothing of the object.
func (r *record) note(err error) {
	if !errors.Is(err, context.Canceled) {
		r.refusal = err
	}
}

// changed is what an object became that was applied.
func (r *record) changed() wire.Action {
	switch {
	case !r.deleted.IsZero():
		return wire.Recreated
	case r.existing == nil:
		return wire.Created
	default:
		return wire.Configured
	}
}
