package helm

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"elysium.dev/controlplane/internal/replay/connection"
	"elysium.dev/controlplane/internal/replay/objects"
	"elysium.dev/controlplane/internal/replay/wire"
)

const (
	// hookLimit is how long the Job or Pod of a hook may run.
	hookLimit = 30 * time.Second

	beforeCreation = "before-hook-creation"
	succeeded      = "hook-succeeded"
	failed         = "hook-failed"
)

// running is a hook with its place in the request.
type running struct {
	Hook
	index  int
	object *unstructured.Unstructured
}

// runHooks runs the hooks of an event by weight and name; the first that fails ends it.
func (w *work) runHooks(ctx context.Context, event string) error {
	hooks := w.hooksOf(event)
	for position, hook := range hooks {
		entry, err := w.runHook(ctx, hook)
		w.note(entry)
		if err == nil {
			continue
		}
		for _, later := range hooks[position+1:] {
			skipped := wire.NewEntry(later.object, later.index, wire.StepHook, wire.Skipped)
			w.note(skipped.Noted(wire.Skipped, "not run because of "+resourceString(hook.object)))
		}
		w.cleanHooks(ctx, hooks[position:position+1], failed)
		w.cleanHooks(ctx, hooks[:position], succeeded)
		return err
	}
	slices.Reverse(hooks)
	w.cleanHooks(ctx, hooks, succeeded)
	return nil
}

func (w *work) hooksOf(event string) []running {
	var hooks []running
	for index := range w.hooks {
		if slices.Contains(w.hooks[index].Events, event) {
			hook := running{Hook: w.hooks[index], index: index, object: &w.hooks[index].Object.Unstructured}
			if len(hook.DeletePolicies) == 0 {
				hook.DeletePolicies = []string{beforeCreation}
			}
			hooks = append(hooks, hook)
		}
	}
	compare := byKind(installOrder)
	slices.SortStableFunc(hooks, func(left, right running) int {
		return cmp.Or(
			cmp.Compare(left.Weight, right.Weight), cmp.Compare(left.object.GetName(), right.object.GetName()),
			compare(left.object.GetKind(), right.object.GetKind()),
		)
	})
	return hooks
}

// runHook makes room for a hook, applies it and waits for its end.
func (w *work) runHook(ctx context.Context, hook running) (wire.Entry, error) {
	w.place(hook.object)
	entry := wire.NewEntry(hook.object, hook.index, wire.StepHook, wire.Created)
	if err := wire.Sendable(hook.object); err != nil {
		return entry.Refused(err), err
	}
	if err := w.deleteHook(ctx, hook, beforeCreation); err != nil {
		return entry.Refused(err), err
	}
	existing, err := w.read(ctx, hook.object)
	if err != nil {
		return entry.Refused(err), err
	}
	entry, err = w.outcome(ctx, entry, hook.object, existing, mode{})
	if err != nil {
		return entry, err
	}
	if err := w.finish(ctx, hook.object); err != nil {
		return entry.Noted(wire.Rejected, err.Error()), err
	}
	return entry, nil
}

// cleanHooks deletes the hooks that are to be deleted after that end.
func (w *work) cleanHooks(ctx context.Context, hooks []running, policy string) {
	for _, hook := range hooks {
		_ = w.deleteHook(ctx, hook, policy)
	}
}

// deleteHook deletes a hook when its policies say so, and waits until it is gone. Definitions are never deleted.
func (w *work) deleteHook(ctx context.Context, hook running, policy string) error {
	if !slices.Contains(hook.DeletePolicies, policy) || hook.object.GetKind() == "CustomResourceDefinition" {
		return nil
	}
	reference := wire.ReferenceTo(hook.object)
	err := w.client.Delete(ctx, reference.Object(), client.PropagationPolicy(metav1.DeletePropagationBackground))
	if apierrors.IsNotFound(err) {
		return nil
	}
	if err != nil {
		return err
	}
	return objects.Gone(ctx, w.server, reference)
}

// finish waits until the Job or Pod of a hook has ended. Other kinds are done when they are there.
func (w *work) finish(ctx context.Context, object *unstructured.Unstructured) error {
	if object.GetKind() != "Job" && object.GetKind() != "Pod" {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, hookLimit)
	defer cancel()
	reference := wire.ReferenceTo(object)
	err := connection.Await(ctx, connection.Interval, func(ctx context.Context) (bool, error) {
		current, err := w.server.Read(ctx, reference)
		if err != nil {
			return false, err
		}
		if current == nil {
			return true, nil
		}
		if done, err := ended(current); done || err != nil {
			return done, err
		}
		return false, w.refusedPods(ctx, current)
	})
	if errors.Is(err, context.DeadlineExceeded) {
		return fmt.Errorf("%s did not end within %s", resourceString(object), hookLimit)
	}
	return err
}

// ended says whether a Job or Pod has ended, and with an error that it has failed.
func ended(object *unstructured.Unstructured) (bool, error) {
	phase, _, _ := unstructured.NestedString(object.Object, "status", "phase")
	switch phase {
	case "Succeeded":
		return true, nil
	case "Failed":
		return true, fmt.Errorf("%s failed", resourceString(object))
	}
	conditions, _, _ := unstructured.NestedSlice(object.Object, "status", "conditions")
	for _, each := range conditions {
		condition, _ := each.(map[string]any)
		if condition["status"] != "True" {
			continue
		}
		if condition["type"] == "Complete" {
			return true, nil
		}
		if condition["type"] == "Failed" {
			return true, fmt.Errorf("%s failed: %v: %v", resourceString(object), condition["reason"], condition["message"])
		}
	}
	return false, nil
}
