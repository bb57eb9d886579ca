package schema

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// samples lists the files of the API's module that hold an object of every kind with every field filled.
func samples(t *testing.T, version string) []string {
	t.Helper()
	directory, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", "k8s.io/api").Output()
	if err != nil {
		t.Fatal(err)
	}
	found, err := filepath.Glob(filepath.Join(strings.TrimSpace(string(directory)), "testdata", version, "*.yaml"))
	if err != nil || len(found) < 100 {
		t.Fatalf("%d samples for %s: %v", len(found), version, err)
	}
	return found
}

// transported are kinds of the API's own conversation, which nobody can apply.
var transported = []string{
	"APIGroup", "APIVersions", "CreateOptions", "DeleteOptions", "GetOptions", "ListOptions", "PatchOptions", "Status", "UpdateOptions",
}

func isTransported(name string) bool {
	for _, kind := range transported {
		if strings.HasSuffix(name, "core.v1."+kind+".yaml") {
			return true
		}
	}
	return false
}

func TestSamplesOfTheAPI(t *testing.T) {
	for minor, version := range map[string]string{"1.37": "HEAD", "1.36": "v1.36.0", "1.35": "v1.35.0", "1.34": "v1.34.0", "1.33": "v1.33.0"} {
		for _, name := range samples(t, version) {
			// What the newest release makes of an older sample is no object of the older release.
			if isTransported(name) || strings.HasSuffix(name, ".after_roundtrip.yaml") {
				continue
			}
			text, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			for _, problem := range Validate(minor, object(t, string(text))) {
				// The samples' texts are no values of an enumeration and no names, and there are samples of removed kinds.
				if problem.Code != "enum" && !strings.HasPrefix(problem.Path, "metadata.name") && problem.Code != "removed-api" && problem.Code != "deprecated-api" {
					t.Errorf("%s %s: %v", minor, filepath.Base(name), problem)
				}
			}
		}
	}
}
