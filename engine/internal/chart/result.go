package chart

import (
	"elysium.dev/engine/internal/schema"
	"elysium.dev/engine/internal/values"
)

// renderResult is the answer of chart.render.
type renderResult struct {
	Objects      []*renderedObject `json:"objects"`
	Values       map[string]any    `json:"values"`
	ValueOrigins []values.Origin   `json:"value_origins,omitempty"`
	Chart        chartSummary      `json:"chart"`
	Uses         uses              `json:"uses"`
	UnreadValues [][]string        `json:"unread_values"`
	// UnreadSiblings are the names that are read beside each of them.
	UnreadSiblings [][]string `json:"unread_siblings"`
	Notes          string     `json:"notes"`
	Warnings       []Warning  `json:"warnings"`
}

type renderedObject struct {
	Object   map[string]any   `json:"object"`
	Origin   origin           `json:"origin"`
	Hook     *hook            `json:"hook"`
	CRD      bool             `json:"crd"`
	Problems []schema.Problem `json:"problems"`
}

// origin is the template that an object comes from: its file in its chart, and the names of the charts from the root down.
type origin struct {
	File  string `json:"file"`
	Line  int    `json:"line"`
	Chart string `json:"chart"`
}

type hook struct {
	Events         []string `json:"events"`
	Weight         int      `json:"weight"`
	DeletePolicies []string `json:"delete_policies"`
}

type chartSummary struct {
	Name        string `json:"name"`
	Version     string `json:"version"`
	AppVersion  string `json:"app_version"`
	KubeVersion string `json:"kube_version"`
	Deprecated  bool   `json:"deprecated"`
}

// uses tells what the result depends on beside chart and values. Lookup, random and time are noted when a template calls them;
// capabilities is true as soon as a template mentions them.
type uses struct {
	Capabilities bool `json:"capabilities"`
	Lookup       bool `json:"lookup"`
	Random       bool `json:"random"`
	Time         bool `json:"time"`
}

// Warning is something that does not stop the render.
type Warning struct {
	Code    string `json:"code"`
	Message string `json:"message"`
	File    string `json:"file"`
}
