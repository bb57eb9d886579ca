// Command catalogue writes what the engine knows about the kinds that Kubernetes serves by itself and about those of Flux, one
// compressed file for each supported minor, and about the kinds of common operators, one for each API group. It reads the Go types of
// the API, and the definitions of Flux's controllers and of the operators, from the pinned modules in the module cache, and downloads
// what is missing.
//
//	go run ./cmd/catalogue -out internal/schema/catalogue
//	go run ./cmd/catalogue -modules
package main

import (
	"bytes"
	"compress/gzip"
	"flag"
	"fmt"
	"log"
	"os"
	"path/filepath"
	"sync"
)

func main() {
	log.SetFlags(0)
	log.SetPrefix("catalogue: ")
	out := flag.String("out", "internal/schema/catalogue", "directory for the catalogue files")
	modules := flag.Bool("modules", false, "only list the modules whose definitions are carried")
	flag.Parse()
	if *modules {
		if err := listCarried(os.Stdout); err != nil {
			log.Fatal(err)
		}
		return
	}
	if err := run(*out); err != nil {
		log.Fatal(err)
	}
}

func run(out string) error {
	texts, err := describeAll()
	if err != nil {
		return err
	}
	for index, release := range releases {
		name := filepath.Join(out, release.minor+".gz")
		if err := writeCompressed(name, texts[index]); err != nil {
			return fmt.Errorf("writing %s: %w", name, err)
		}
	}
	for _, release := range fluxReleases {
		text, err := describeFlux(release)
		if err != nil {
			return fmt.Errorf("describing the kinds of Flux %s: %w", release.minor, err)
		}
		if err := writeCompressed(filepath.Join(out, "flux-"+release.minor+".gz"), text); err != nil {
			return fmt.Errorf("writing the kinds of Flux %s: %w", release.minor, err)
		}
	}
	return writeGroups(out)
}

// describeAll reads the releases side by side and returns their catalogues as text, in the order of releases.
func describeAll() ([]string, error) {
	apis := make([]*api, len(releases))
	errors := make([]error, len(releases))
	var group sync.WaitGroup
	for index, release := range releases {
		group.Go(func() { apis[index], errors[index] = readAPI(release) })
	}
	group.Wait()
	texts := make([]string, len(releases))
	var before []kind
	for index, release := range releases {
		if errors[index] != nil {
			return nil, fmt.Errorf("reading the API of Kubernetes %s: %w", release.minor, errors[index])
		}
		kinds := withHistory(apis[index].kinds(), before, release.minor)
		text, err := encode(apis[index], kinds, release.minor)
		if err != nil {
			return nil, fmt.Errorf("describing the API of Kubernetes %s: %w", release.minor, err)
		}
		texts[index], before = text, kinds
	}
	return texts, nil
}

// writeCompressed replaces the file at once, so that a build beside us never embeds half of it.
func writeCompressed(name, text string) error {
	var packed bytes.Buffer
	writer, err := gzip.NewWriterLevel(&packed, gzip.BestCompression)
	if err != nil {
		return err
	}
	if _, err := writer.Write([]byte(text)); err != nil {
		return err
	}
	if err := writer.Close(); err != nil {
		return err
	}
	temporary := name + ".tmp"
	if err := os.WriteFile(temporary, packed.Bytes(), 0o644); err != nil {
		return err
	}
	return os.Rename(temporary, name)
}
