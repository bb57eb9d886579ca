// Command oracle answers, one JSON request a line, which chart archive source-controller builds for a HelmChart.
package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"strings"

	chartv2 "helm.sh/helm/v4/pkg/chart/v2"
	"helm.sh/helm/v4/pkg/chart/v2/loader"
	chartutil "helm.sh/helm/v4/pkg/chart/v2/util"
	repo "helm.sh/helm/v4/pkg/repo/v1"

	"github.com/fluxcd/source-controller/internal/helm/chart"
	"github.com/fluxcd/source-controller/internal/helm/repository"
	"github.com/fluxcd/source-controller/internal/oci"
)

// request is one question: build the chart at Path of Tree into the archive Output. Remote says that the chart comes
// from a Helm repository, where values files are looked up in the chart. Generation is that of the HelmChart object.
type request struct {
	Tree          string   `json:"tree"`
	Path          string   `json:"path"`
	Output        string   `json:"output"`
	Remote        bool     `json:"remote"`
	ValuesFiles   []string `json:"valuesFiles"`
	IgnoreMissing bool     `json:"ignoreMissing"`
	Generation    string   `json:"generation"`
}

type answer struct {
	Version string `json:"version,omitempty"`
	Error   string `json:"error,omitempty"`
}

func main() {
	lines := bufio.NewReaderSize(os.Stdin, 1<<20)
	out := json.NewEncoder(os.Stdout)
	for {
		line, err := lines.ReadBytes('\n')
		if err != nil {
			return
		}
		var ask request
		if err := json.Unmarshal(line, &ask); err != nil {
			fmt.Fprintln(os.Stderr, "malformed request:", err)
			os.Exit(2)
		}
		version, err := build(ask)
		if err != nil {
			_ = out.Encode(answer{Error: strings.ReplaceAll(err.Error(), ask.Tree, "")})
			continue
		}
		_ = out.Encode(answer{Version: version})
	}
}

func build(ask request) (string, error) {
	options := chart.BuildOptions{
		ValuesFiles: ask.ValuesFiles, IgnoreMissingValuesFiles: ask.IgnoreMissing,
	}
	if len(options.GetValuesFiles()) > 0 {
		options.VersionMetadata = ask.Generation
	}
	var builder chart.Builder
	var reference chart.Reference
	if ask.Remote {
		local, err := newShelf(ask.Tree + "/" + ask.Path)
		if err != nil {
			return "", err
		}
		builder = chart.NewRemoteBuilder(local)
		reference = chart.RemoteReference{Name: local.metadata.Name, Version: local.metadata.Version}
	} else {
		builder = chart.NewLocalBuilder(chart.NewDependencyManager())
		reference = chart.LocalReference{WorkDir: ask.Tree, Path: ask.Path}
	}
	result, err := builder.Build(context.Background(), reference, ask.Output, options)
	if err != nil {
		return "", err
	}
	return result.Version, nil
}

// shelf is a Helm repository that holds one chart.
type shelf struct {
	metadata *chartv2.Metadata
	archive  []byte
}

func newShelf(path string) (*shelf, error) {
	loaded, err := loader.Load(path)
	if err != nil {
		return nil, err
	}
	directory, err := os.MkdirTemp("", "oracle-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(directory)
	archive, err := chartutil.Save(loaded, directory)
	if err != nil {
		return nil, err
	}
	content, err := os.ReadFile(archive)
	return &shelf{metadata: loaded.Metadata, archive: content}, err
}

func (s *shelf) GetChartVersion(string, string) (*repo.ChartVersion, error) {
	return &repo.ChartVersion{Metadata: s.metadata, URLs: []string{"https://charts.example.com/chart.tgz"}}, nil
}

func (s *shelf) DownloadChart(*repo.ChartVersion) (*bytes.Buffer, error) {
	return bytes.NewBuffer(s.archive), nil
}

func (s *shelf) VerifyChart(context.Context, *repo.ChartVersion) (oci.VerificationResult, error) {
	return oci.VerificationResultIgnored, nil
}

func (s *shelf) Clear() error { return nil }

var _ repository.Downloader = (*shelf)(nil)
