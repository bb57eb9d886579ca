package kustomization

import (
	"net/url"
	"path"
	"regexp"
	"strings"
)

// isWebFile tells whether Kustomize would load a reference over HTTP.
func isWebFile(reference string) bool {
	parsed, err := url.Parse(reference)
	return err == nil && (parsed.Scheme == "http" || parsed.Scheme == "https")
}

var userName = regexp.MustCompile(`^[a-zA-Z][a-zA-Z0-9-]*@`)

// repositoryPath tells whether Kustomize would clone a repository for a reference, and which path in it the reference means.
// The rules are those that Kustomize has for what looks like a repository.
func repositoryPath(reference string) (inside string, isRepository bool) {
	if path.IsAbs(reference) {
		return "", false
	}
	address, _, _ := strings.Cut(reference, "?")
	address = cutPrefixFold(address, "git::")
	scheme := ""
	for _, known := range []string{"ssh://", "https://", "http://", "file://"} {
		if rest := cutPrefixFold(address, known); rest != address {
			scheme, address = known, rest
			break
		}
	}
	user := userName.FindString(address)
	address = strings.TrimPrefix(address, user)
	lower := strings.ToLower(address)
	github := strings.HasPrefix(lower, "github.com/") || strings.HasPrefix(lower, "github.com:")
	shortForm := scheme == "" && (user != "" || github)
	if scheme == "" && !shortForm {
		return "", false
	}
	if scheme == "file://" {
		return divide(user+address, false)
	}
	separator := strings.Index(address, "/")
	if colon := strings.Index(address, ":"); shortForm && (separator < 0 || colon > 0 && colon < separator) {
		separator = colon
	}
	if separator < 0 {
		return "", false
	}
	return divide(address[separator+1:], true)
}

// divide splits the path of an address into repository and path inside it. Without a mark between them, a repository has two
// segments on a host.
func divide(address string, onHost bool) (inside string, isRepository bool) {
	repository := address
	if mark := strings.Index(address, "_git/"); mark >= 0 {
		repository, inside, _ = strings.Cut(address[mark+len("_git/"):], "/")
		repository = address[:mark] + repository
	} else if mark := strings.Index(address, "//"); mark >= 0 {
		repository, inside = address[:mark], address[mark+2:]
	} else if mark := strings.Index(address, ".git"); mark >= 0 {
		repository, inside = address[:mark+len(".git")], address[mark+len(".git"):]
	} else if onHost {
		segments := strings.SplitN(address, "/", 3)
		if len(segments) < 2 {
			return "", false
		}
		repository = segments[0] + segments[1]
		if len(segments) == 3 {
			inside = segments[2]
		}
	}
	inside = strings.TrimPrefix(path.Clean("/"+inside), "/")
	return inside, repository != ""
}

func cutPrefixFold(text, prefix string) string {
	if len(text) >= len(prefix) && strings.EqualFold(text[:len(prefix)], prefix) {
		return text[len(prefix):]
	}
	return text
}
