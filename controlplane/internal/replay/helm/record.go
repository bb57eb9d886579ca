package helm

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"strconv"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"elysium.dev/controlplane/internal/replay/wire"
)

const (
	statusDeployed   = "deployed"
	statusFailed     = "failed"
	statusSuperseded = "superseded"
)

func (w *work) pending() string {
	if w.release.Upgrade {
		return "pending-upgrade"
	}
	return "pending-install"
}

// record writes the Secret in which Helm keeps a revision, and marks the one before as superseded once this one is
// deployed.
func (w *work) record(ctx context.Context, status string) error {
	if err := w.write(ctx, w.release.Revision, status); err != nil {
		return err
	}
	if status == statusDeployed && w.release.Upgrade && w.release.Revision > 1 {
		return w.supersede(ctx, w.release.Revision-1)
	}
	return nil
}

func (w *work) write(ctx context.Context, revision int, status string) error {
	secret := w.secret(revision, status)
	content, err := runtime.DefaultUnstructuredConverter.ToUnstructured(secret)
	if err != nil {
		return err
	}
	object := &unstructured.Unstructured{Object: content}
	version, known := w.recorded[revision]
	if !known {
		existing, err := w.read(ctx, object)
		if err != nil {
			return err
		}
		if existing != nil {
			version = existing.GetResourceVersion()
		}
	}
	if version == "" {
		err = w.client.Create(ctx, object, client.FieldOwner(manager))
	} else {
		object.SetResourceVersion(version)
		err = w.client.Update(ctx, object, client.FieldOwner(manager))
	}
	if err != nil {
		delete(w.recorded, revision)
		return fmt.Errorf("create: failed to create: %w", err)
	}
	w.recorded[revision] = object.GetResourceVersion()
	return nil
}

func (w *work) supersede(ctx context.Context, revision int) error {
	before, err := w.read(ctx, w.key(revision).Object())
	if err != nil || before == nil {
		return err
	}
	return w.write(ctx, revision, statusSuperseded)
}

func (w *work) key(revision int) wire.Reference {
	return wire.Reference{
		Version: "v1", Kind: "Secret", Namespace: w.release.StorageNamespace,
		Name: fmt.Sprintf("sh.helm.release.v1.%s.v%d", w.release.Name, revision),
	}
}

// secret is the Secret of a revision. The manifest is left out: nobody reads it here.
func (w *work) secret(revision int, status string) *corev1.Secret {
	secret := &corev1.Secret{Type: "helm.sh/release.v1"}
	secret.APIVersion, secret.Kind = "v1", "Secret"
	secret.Namespace, secret.Name = w.release.StorageNamespace, w.key(revision).Name
	secret.Labels = map[string]string{
		"name": w.release.Name, "owner": "helm", "status": status, "version": strconv.Itoa(revision),
	}
	secret.Data = map[string][]byte{"release": encoded(map[string]any{
		"name": w.release.Name, "namespace": w.release.Namespace, "version": revision, "apply_method": "ssa",
		"info": map[string]any{"status": status}, "chart": map[string]any{"metadata": w.release.Chart},
	})}
	return secret
}

// encoded is how Helm writes a release: JSON, compressed, in base64.
func encoded(release map[string]any) []byte {
	plain, _ := json.Marshal(release)
	var compressed bytes.Buffer
	writer := gzip.NewWriter(&compressed)
	_, _ = writer.Write(plain)
	_ = writer.Close()
	return []byte(base64.StdEncoding.EncodeToString(compressed.Bytes()))
}
