package chart

import (
	"context"
	"encoding/json"
	"errors"

	helm "helm.sh/helm/v4/pkg/chart/v2"

	"elysium.dev/engine/internal/rpc"
	"elysium.dev/engine/internal/tree"
)

// Register adds chart.render and chart.describe to the server.
func Register(server *rpc.Server, trees *tree.Registry) {
	charts := newLibrary(trees)
	server.Handle("chart.render", charts.answerRender)
	server.Handle("chart.describe", charts.answerDescribe)
}

func (l *library) answerRender(_ context.Context, params json.RawMessage) (any, error) {
	request := &render{library: l}
	if err := rpc.Decode(params, &request.asked); err != nil {
		return nil, err
	}
	if err := request.asked.complete(); err != nil {
		return nil, err
	}
	result, err := request.run()
	var failure *rpc.FailedError
	if errors.As(err, &failure) {
		failure.Lookup = request.result.Uses.Lookup
	}
	return result, err
}

type describeParams struct {
	Chart Source `json:"chart"`
}

type describeResult struct {
	Name         string                `json:"name"`
	Version      string                `json:"version"`
	AppVersion   string                `json:"app_version"`
	KubeVersion  string                `json:"kube_version"`
	Dependencies []describedDependency `json:"dependencies"`
	Files        int                   `json:"files"`
}

type describedDependency struct {
	Name       string `json:"name"`
	Version    string `json:"version"`
	Repository string `json:"repository"`
	Alias      string `json:"alias"`
	Vendored   bool   `json:"vendored"`
}

func (l *library) answerDescribe(_ context.Context, params json.RawMessage) (any, error) {
	var asked describeParams
	if err := rpc.Decode(params, &asked); err != nil {
		return nil, err
	}
	found, err := l.load(asked.Chart)
	if err != nil {
		return nil, err
	}
	metadata := found.chart.Metadata
	return describeResult{
		Name: metadata.Name, Version: metadata.Version, AppVersion: metadata.AppVersion, KubeVersion: metadata.KubeVersion,
		Dependencies: describeDependencies(found.chart), Files: found.files,
	}, nil
}

func describeDependencies(of *helm.Chart) []describedDependency {
	absent := map[string]bool{}
	for _, dependency := range missing(of) {
		absent[calledName(dependency)] = true
	}
	described := []describedDependency{}
	for _, dependency := range of.Metadata.Dependencies {
		if dependency != nil {
			described = append(described, describedDependency{
				Name: dependency.Name, Version: dependency.Version, Repository: dependency.Repository, Alias: dependency.Alias,
				Vendored: !absent[calledName(dependency)],
			})
		}
	}
	return described
}
