package schema

import (
	"fmt"
	slashpath "path"
	"strings"
)

type state byte

const (
	stateCurrent state = iota
	stateDeprecated
	stateRemoved
)

// stateAt tells where in its life a kind is at a minor.
func (k *kindEntry) stateAt(minor string) state {
	now := release(minor)
	switch {
	case k.removed != "" && release(k.removed) <= now:
		return stateRemoved
	case k.deprecated != "" && release(k.deprecated) <= now:
		return stateDeprecated
	}
	return stateCurrent
}

// lifecycle reports a kind that this minor no longer has, or that it serves with a warning.
func (k *kindEntry) lifecycle() []Problem {
	switch k.state {
	case stateRemoved:
		message := fmt.Sprintf("%s %s was removed in Kubernetes %s", k.apiVersion, k.kind, k.removed)
		return []Problem{{Code: "removed-api", Path: "apiVersion", Message: message + k.advice()}}
	case stateDeprecated:
		message := fmt.Sprintf("%s %s is deprecated since Kubernetes %s", k.apiVersion, k.kind, k.deprecated)
		if k.removed != "" {
			message += " and removed in " + k.removed
		}
		return []Problem{{Code: "deprecated-api", Path: "apiVersion", Message: message + k.advice()}}
	}
	return nil
}

func (k *kindEntry) advice() string {
	if k.replacement == "" {
		return ""
	}
	return "; use " + k.replacement
}

// unknownKind reports a kind that does not exist although its group belongs to Kubernetes.
func (c *catalogue) unknownKind(apiVersion, kind string) []Problem {
	if !c.groups[group(apiVersion)] || kind == "" || !isVersion(slashpath.Base(apiVersion)) {
		return nil
	}
	message := fmt.Sprintf("Kubernetes %s has no %s %s", c.minor, apiVersion, kind)
	if others := c.versionsOf(group(apiVersion), kind); len(others) > 0 {
		message += "; it serves " + strings.Join(others, ", ")
	} else if since := introducedLater(c.minor, apiVersion, kind); since != "" {
		message += "; it was introduced in " + since
	}
	return []Problem{{Code: "unknown-kind", Path: "kind", Message: message}}
}

// isVersion tells a version of the core group from the "builtin" of Kustomize's own configuration.
func isVersion(text string) bool {
	return len(text) > 1 && text[0] == 'v' && text[1] >= '0' && text[1] <= '9'
}

// versionsOf lists the versions of a kind that are served by default, in a stable order.
func (c *catalogue) versionsOf(group, kind string) []string {
	var found []string
	for _, version := range []string{"v1", "v2", "v1beta1", "v1beta2", "v1beta3"} {
		name := version
		if group != "" {
			name = group + "/" + version
		}
		if entry := c.kinds[kindKey{name, kind}]; entry != nil && entry.served {
			found = append(found, name)
		}
	}
	return found
}

// introducedLater finds the release in which a kind appeared that the given minor does not have yet.
func introducedLater(minor, apiVersion, kind string) string {
	newest := minors[len(minors)-1]
	if release(newest) <= release(minor) {
		return ""
	}
	if entry := load(newest).kinds[kindKey{apiVersion, kind}]; entry != nil {
		return entry.introduced
	}
	return ""
}
