package serve

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"path/filepath"
)

// options are what the command line says.
type options struct {
	directory   string
	controllers bool
	log         string
}

// parseOptions reads the command line; all paths become absolute, since the process changes its working directory.
func parseOptions(arguments []string, messages io.Writer) (*options, error) {
	parsed := &options{}
	flags := flag.NewFlagSet("serve", flag.ContinueOnError)
	flags.SetOutput(messages)
	flags.StringVar(&parsed.directory, "directory", "", "where data, credentials and the log are kept: new or empty, removed at the end")
	flags.BoolVar(&parsed.controllers, "controllers", true, "run the controller manager, the scheduler and simulated nodes, too")
	flags.StringVar(&parsed.log, "log", "", "the file that all components log to (default DIRECTORY/log)")
	if err := flags.Parse(arguments); err != nil {
		return nil, err
	}
	if flags.NArg() > 0 {
		return nil, fmt.Errorf("unexpected argument %q", flags.Arg(0))
	}
	if parsed.directory == "" {
		return nil, errors.New("--directory is missing")
	}
	return parsed, parsed.makeAbsolute()
}

func (o *options) makeAbsolute() (err error) {
	if o.directory, err = filepath.Abs(o.directory); err != nil {
		return err
	}
	if o.log == "" {
		o.log = filepath.Join(o.directory, "log")
	}
	o.log, err = filepath.Abs(o.log)
	return err
}
