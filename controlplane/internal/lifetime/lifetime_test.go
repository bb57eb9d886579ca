package lifetime

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"
)

func TestBeginRefusesAFolderWithSomethingInIt(t *testing.T) {
	folder := t.TempDir()
	if err := os.WriteFile(filepath.Join(folder, "mine"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Begin(folder, &bytes.Buffer{}); err == nil {
		t.Error("it would be removed at the end")
	}
}

func TestRemoveTakesEverything(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "run")
	life, err := Begin(folder, &bytes.Buffer{})
	if err != nil {
		t.Fatal(err)
	}
	if err := os.MkdirAll(filepath.Join(folder, "etcd", "member"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := life.remove(); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(folder); !os.IsNotExist(err) {
		t.Errorf("still there: %v", err)
	}
}
