package components

import (
	"github.com/spf13/pflag"

	cliflag "k8s.io/component-base/cli/flag"
)

// parse sets the options of a component as its command line would.
func parse(sets cliflag.NamedFlagSets, arguments []string) error {
	flags := pflag.NewFlagSet("", pflag.ContinueOnError)
	for _, set := range sets.FlagSets {
		flags.AddFlagSet(set)
	}
	return flags.Parse(arguments)
}
