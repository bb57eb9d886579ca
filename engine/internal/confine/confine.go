// Package confine takes from the process what it must never use: other programs, the network, and memory without end. The libraries
// that it holds could run git or open a connection for some input; here that is an error like any other.
package confine

import (
	"errors"
	"net/http"
	"os"
	"runtime/debug"
)

// steady is the memory above which the garbage collector works harder. It keeps two workers small beside their client.
const steady = 160 << 20

// growth is how much garbage, in percent of what is in use, may pile up below that.
const growth = 400

// headroom is what the process may take beyond the bound of a request before the system refuses more: the watch over the bound needs
// time to notice, and the runtime reserves ahead.
const headroom = 512 << 20

// Process confines the process. The limit is that of a request in bytes, 0 for none.
func Process(limit uint64) error {
	debug.SetGCPercent(growth)
	debug.SetMemoryLimit(steady)
	http.DefaultTransport = noNetwork{}
	if err := os.Setenv("PATH", ""); err != nil {
		return err
	}
	if limit == 0 {
		return nil
	}
	return limitData(limit + headroom)
}

// noNetwork refuses every request.
type noNetwork struct{}

// RoundTrip refuses.
func (noNetwork) RoundTrip(*http.Request) (*http.Response, error) {
	return nil, errors.New("the engine does not use the network")
}
