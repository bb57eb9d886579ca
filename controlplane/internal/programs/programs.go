// Package programs lets the binary be kube-apiserver or etcd, so that a directory with links to it serves other test
// environments as KUBEBUILDER_ASSETS.
package programs

import (
	"os"

	"go.etcd.io/etcd/server/v3/etcdmain"
	"k8s.io/component-base/cli"
	"k8s.io/kubernetes/cmd/kube-apiserver/app"
)

// Run is the program `name` with these arguments, if it is one of them.
func Run(name string, arguments []string) (code int, known bool) {
	switch name {
	case "kube-apiserver":
		command := app.NewAPIServerCommand()
		command.SetArgs(arguments)
		return cli.Run(command), true
	case "etcd":
		os.Args = append([]string{name}, arguments...)
		etcdmain.Main(os.Args)
		return 0, true
	}
	return 0, false
}
