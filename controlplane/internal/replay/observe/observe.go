// Package observe tells what the controllers made of the objects: Pods, workloads, claims, ingresses and services.
package observe

import (
	"context"

	appsv1 "k8s.io/api/apps/v1"
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"elysium.dev/controlplane/internal/replay/connection"
	"elysium.dev/controlplane/internal/replay/wire"
)

// Observation is what is there at one moment.
type Observation struct {
	Pods      []Pod      `json:"pods"`
	Workloads []Workload `json:"workloads"`
	Claims    []Claim    `json:"claims"`
	Ingresses []Ingress  `json:"ingresses"`
	Services  []Service  `json:"services"`
	Events    []Event    `json:"events"`
}

// lists are all objects that an observation is made of; each kind is listed once.
type lists struct {
	pods         corev1.PodList
	claims       corev1.PersistentVolumeClaimList
	services     corev1.ServiceList
	warnings     corev1.EventList
	claimEvents  corev1.EventList
	ingresses    networkingv1.IngressList
	deployments  appsv1.DeploymentList
	replicaSets  appsv1.ReplicaSetList
	statefulSets appsv1.StatefulSetList
	daemonSets   appsv1.DaemonSetList
	jobs         batchv1.JobList
	cronJobs     batchv1.CronJobList
}

// Observe lists everything once and puts it together.
func Observe(ctx context.Context, server *connection.Connection) (Observation, error) {
	all := &lists{}
	if err := all.read(ctx, server.Typed); err != nil {
		return Observation{}, err
	}
	owners := ownersOf(all)
	refusals := refusalsOf(all)
	return Observation{
		Pods: podsOf(all, owners), Workloads: workloadsOf(all, refusals), Claims: claimsOf(all),
		Ingresses: ingressesOf(all), Services: servicesOf(all), Events: eventsOf(all),
	}, nil
}

func (l *lists) read(ctx context.Context, reader client.Reader) error {
	type listing struct {
		list    client.ObjectList
		options client.ListOption
	}
	everything := client.InNamespace("")
	listings := []listing{
		{&l.pods, everything}, {&l.claims, everything}, {&l.services, everything}, {&l.ingresses, everything},
		{&l.warnings, client.MatchingFields{"type": corev1.EventTypeWarning}},
		{&l.claimEvents, client.MatchingFields{"involvedObject.kind": "PersistentVolumeClaim"}},
		{&l.deployments, everything}, {&l.replicaSets, everything}, {&l.statefulSets, everything},
		{&l.daemonSets, everything}, {&l.jobs, everything}, {&l.cronJobs, everything},
	}
	for _, err := range connection.Each(listings, func(_ int, each listing) error {
		return reader.List(ctx, each.list, each.options)
	}) {
		if err != nil {
			return err
		}
	}
	return nil
}

func reference(group, version, kind string, object client.Object) wire.Reference {
	return wire.Reference{
		Group: group, Version: version, Kind: kind, Namespace: object.GetNamespace(), Name: object.GetName(),
	}
}
