package main

import (
	"errors"
	"fmt"
	"io"
)

// listCarried writes the modules whose definitions the engine carries without linking them, one a line: path, version, directory. They
// belong into the bill of materials.
func listCarried(out io.Writer) error {
	seen := map[string]bool{}
	list := func(path, version, sum string) error {
		directory, err := download(path, version, sum)
		var unavailable *unavailableError
		if errors.As(err, &unavailable) || seen[path+version] {
			return nil
		}
		if err != nil {
			return err
		}
		seen[path+version] = true
		_, err = fmt.Fprintf(out, "%s\t%s\t%s\n", path, version, directory)
		return err
	}
	for _, release := range fluxReleases {
		for _, controller := range release.controllers {
			if err := list("github.com/fluxcd/"+controller.name, controller.version, controller.sum); err != nil {
				return err
			}
		}
	}
	for _, operator := range operators {
		if err := list(operator.module, operator.version, operator.sum); err != nil {
			return err
		}
	}
	return nil
}
