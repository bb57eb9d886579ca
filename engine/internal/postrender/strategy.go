package postrender

import (
	"fmt"

	"helm.sh/helm/v4/pkg/release/v1/util"
)

// Strategies say which documents a post-renderer sees.
const (
	// Combined sends hooks and manifests in one stream.
	Combined = "combined"
	// NoHooks leaves hooks untouched.
	NoHooks = "nohooks"
	// Separate sends hooks and manifests in two streams, so that one object may be in both.
	Separate = "separate"
)

// Run sends rendered files through a post-renderer and returns the files that come back.
func Run(files map[string]string, strategy string, renderer Renderer) (map[string]string, error) {
	switch strategy {
	case Combined, "":
		return through(files, "", "files", renderer)
	case NoHooks, Separate:
		return runSplit(files, strategy, renderer)
	default:
		return nil, fmt.Errorf("unknown post-render strategy: '%s'", strategy)
	}
}

func through(files map[string]string, group, called string, renderer Renderer) (map[string]string, error) {
	stream, err := merge(files)
	if err != nil {
		return nil, fmt.Errorf("error merging manifests: %w", err)
	}
	rendered, err := renderer([]byte(stream))
	if err != nil {
		return nil, fmt.Errorf("error while running post render on %s: %w", called, err)
	}
	result, err := unmerge(string(rendered), group)
	if err != nil {
		return nil, fmt.Errorf("error while parsing post rendered output: %w", err)
	}
	return result, nil
}

func runSplit(files map[string]string, strategy string, renderer Renderer) (map[string]string, error) {
	hooks, manifests, err := util.SortManifests(files, nil, util.InstallOrder)
	if err != nil {
		return nil, err
	}
	hookFiles, manifestFiles := fileSet{}, fileSet{}
	for _, hook := range hooks {
		hookFiles.add(hook.Path, hook.Manifest)
	}
	for _, manifest := range manifests {
		manifestFiles.add(manifest.Name, manifest.Content)
	}
	result := fileSet{}
	if strategy == NoHooks {
		result.addAll(hookFiles)
	} else if err := result.addRendered(hookFiles, "hooks", renderer); err != nil {
		return nil, err
	}
	return result, result.addRendered(manifestFiles, "manifests", renderer)
}

// fileSet collects documents by file.
type fileSet map[string]string

func (s fileSet) add(name, text string) {
	if existing, known := s[name]; known {
		text = existing + "\n---\n" + text
	}
	s[name] = text
}

func (s fileSet) addAll(files map[string]string) {
	for name, text := range files {
		s.add(name, text)
	}
}

func (s fileSet) addRendered(files fileSet, group string, renderer Renderer) error {
	if len(files) == 0 {
		return nil
	}
	rendered, err := through(files, group, group, renderer)
	if err != nil {
		return err
	}
	s.addAll(rendered)
	return nil
}
