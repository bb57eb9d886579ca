package confine

import (
	"net/http"
	"net/http/httptest"
	"os/exec"
	"strings"
	"testing"
)

func TestProcess(t *testing.T) {
	t.Setenv("PATH", "/usr/bin:/bin") // so that the test's end restores it
	transport := http.DefaultTransport
	t.Cleanup(func() { http.DefaultTransport = transport })
	reached := false
	server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { reached = true }))
	t.Cleanup(server.Close)

	if err := Process(0); err != nil {
		t.Fatal(err)
	}
	client := &http.Client{} // as Kustomize makes it
	if response, err := client.Get(server.URL); err == nil || reached || !strings.Contains(err.Error(), "does not use the network") {
		if response != nil {
			response.Body.Close()
		}
		t.Errorf("the network was used: %v", err)
	}
	if err := exec.Command("git", "--version").Run(); err == nil {
		t.Error("a program was run")
	}
}
