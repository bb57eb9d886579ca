package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"

	utilyaml "k8s.io/apimachinery/pkg/util/yaml"
	"sigs.k8s.io/yaml"
)

// groupPrefix begins the names of the files with the definitions of operators, one file an API group.
const groupPrefix = "group-"

// atOnce bounds the modules that are downloaded side by side.
const atOnce = 4

var templateAction = regexp.MustCompile(`\{\{.*?\}\}`)

// groups maps an API group to its kinds, and a kind to its line.
type groups map[string]map[string]string

// writeGroups replaces the definitions of operators. A module that cannot be had is left out with a warning, so that its kinds stay
// unknown; one with another content than the pinned one is an error.
func writeGroups(out string) error {
	found, err := describeOperators()
	if err != nil {
		return err
	}
	before, err := filepath.Glob(filepath.Join(out, groupPrefix+"*.gz"))
	if err != nil {
		return err
	}
	for group, kinds := range found {
		lines := make([]string, 0, len(kinds))
		for _, line := range kinds {
			lines = append(lines, line)
		}
		slices.Sort(lines)
		name := filepath.Join(out, groupPrefix+group+".gz")
		if err := writeCompressed(name, strings.Join(lines, "")); err != nil {
			return fmt.Errorf("writing the kinds of %s: %w", group, err)
		}
		before = slices.DeleteFunc(before, func(old string) bool { return old == name })
	}
	for _, old := range before {
		if err := os.Remove(old); err != nil {
			return err
		}
	}
	return nil
}

// describeOperators reads all operators, a few side by side. The first one that has a kind describes it.
func describeOperators() (groups, error) {
	results := make([]groups, len(operators))
	failures := make([]error, len(operators))
	slots := make(chan struct{}, atOnce)
	var waiting sync.WaitGroup
	for index, operator := range operators {
		waiting.Go(func() {
			slots <- struct{}{}
			defer func() { <-slots }()
			results[index], failures[index] = operator.describe()
		})
	}
	waiting.Wait()
	all := groups{}
	for index, operator := range operators {
		var unavailable *unavailableError
		if errors.As(failures[index], &unavailable) {
			log.Printf("without the kinds of %s: %v", operator.name, unavailable)
			continue
		}
		if failures[index] != nil {
			return nil, fmt.Errorf("describing the kinds of %s: %w", operator.name, failures[index])
		}
		all.add(results[index])
	}
	return all, nil
}

func (g groups) add(other groups) {
	for group, kinds := range other {
		if g[group] == nil {
			g[group] = map[string]string{}
		}
		for kind, line := range kinds {
			if _, known := g[group][kind]; !known {
				g[group][kind] = line
			}
		}
	}
}

func (o operator) describe() (groups, error) {
	directory, err := download(o.module, o.version, o.sum)
	if err != nil {
		return nil, err
	}
	found := groups{}
	for _, pattern := range o.files {
		names, err := filepath.Glob(filepath.Join(directory, filepath.FromSlash(pattern)))
		if err != nil || len(names) == 0 {
			return nil, fmt.Errorf("%s %s has no %s (%w)", o.module, o.version, pattern, err)
		}
		for _, name := range names {
			if err := o.describeFile(found, name); err != nil {
				return nil, fmt.Errorf("%s: %w", name, err)
			}
		}
	}
	return found, nil
}

// describeFile adds the definitions of a file, each as a line "Kind, scope, operator, definition as JSON".
func (o operator) describeFile(found groups, name string) error {
	content, err := os.ReadFile(name)
	if err != nil {
		return err
	}
	if o.templated {
		content = templateAction.ReplaceAll(content, nil)
	}
	documents := utilyaml.NewYAMLReader(bufio.NewReader(bytes.NewReader(content)))
	for {
		document, err := documents.Read()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		var crd map[string]any
		if err := yaml.Unmarshal(document, &crd); err != nil {
			return err
		}
		if crd["kind"] != "CustomResourceDefinition" {
			continue
		}
		if err := o.describeDefinition(found, crd); err != nil {
			return err
		}
	}
}

func (o operator) describeDefinition(found groups, crd map[string]any) error {
	compact, kind, err := compactDefinition(crd, nil)
	if err != nil {
		return err
	}
	text, err := json.Marshal(compact)
	if err != nil {
		return err
	}
	spec := compact["spec"].(map[string]any)
	group := fmt.Sprint(spec["group"])
	line := fmt.Sprintf("%s\t%s\t%s %s\t%s\n", kind, spec["scope"], o.name, o.version, text)
	found.add(groups{group: {kind: line}})
	return nil
}
