package sops

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// keys reads the throw-away key that the fixtures were encrypted for.
func keys(t *testing.T) []string {
	t.Helper()
	content, err := os.ReadFile("testdata/throwaway-test-key.txt")
	if err != nil {
		t.Fatal(err)
	}
	return []string{string(content)}
}

func encryptedFiles(t *testing.T) []string {
	t.Helper()
	files, err := filepath.Glob("testdata/encrypted/*")
	if err != nil || len(files) == 0 {
		t.Fatalf("no fixtures: %v", err)
	}
	return files
}

// TestFileEqualsSops compares with what the sops command makes of the same files.
func TestFileEqualsSops(t *testing.T) {
	for _, file := range encryptedFiles(t) {
		name := filepath.Base(file)
		t.Run(name, func(t *testing.T) {
			content, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			want, err := os.ReadFile(filepath.Join("testdata", "decrypted", name))
			if err != nil {
				t.Fatal(err)
			}
			decrypter, err := New(keys(t), false)
			if err != nil {
				t.Fatal(err)
			}
			format := FormatOf(name)
			if !IsEncrypted(content, format) {
				t.Fatalf("not recognised as encrypted %s", format)
			}
			got, err := decrypter.File(content, format, format, name)
			if err != nil {
				t.Fatal(err)
			}
			if string(got) != string(want) {
				t.Errorf("got:\n%s\nwant:\n%s", got, want)
			}
			if !decrypter.Sensitive || len(decrypter.Opaque) != 0 {
				t.Errorf("sensitive %v, opaque %v", decrypter.Sensitive, decrypter.Opaque)
			}
		})
	}
}

func TestWithoutKey(t *testing.T) {
	for _, file := range encryptedFiles(t) {
		name := filepath.Base(file)
		t.Run(name, func(t *testing.T) {
			content, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			format := FormatOf(name)
			refusing, _ := New(nil, false)
			if _, err := refusing.File(content, format, format, name); err == nil || !strings.Contains(err.Error(), "cannot get sops data key") {
				t.Errorf("error %v", err)
			}
			opaque, _ := New(nil, true)
			got, err := opaque.File(content, format, format, "secrets/"+name)
			if err != nil {
				t.Fatal(err)
			}
			if name != "suffix.yaml" && len(opaque.Opaque) == 0 {
				t.Error("nothing is opaque")
			}
			for _, token := range opaque.Opaque {
				if !strings.Contains(string(got), token.Token) || token.File != "secrets/"+name {
					t.Errorf("token %+v is not in\n%s", token, got)
				}
			}
			if opaque.Sensitive || strings.Contains(string(got), "ENC[") && name != "suffix.yaml" {
				t.Errorf("sensitive %v:\n%s", opaque.Sensitive, got)
			}
		})
	}
}

// TestTampered takes a value to another place of the document, which its path forbids.
func TestTampered(t *testing.T) {
	content, err := os.ReadFile("testdata/encrypted/settings.env")
	if err != nil {
		t.Fatal(err)
	}
	swapped := strings.Replace(string(content), "USER=", "OTHER=", 1)
	decrypter, _ := New(keys(t), false)
	_, err = decrypter.File([]byte(swapped), Dotenv, Dotenv, "settings.env")
	if err == nil || strings.Contains(err.Error(), "admin") {
		t.Errorf("error %v", err)
	}
}
