// Package connection reaches the API server: as itself or as an impersonated account, and as fast as the server answers.
package connection

import (
	"net/http"
	"net/url"
	"sync"
	"sync/atomic"

	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/client-go/discovery"
	"k8s.io/client-go/kubernetes/scheme"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/clientcmd"
	"sigs.k8s.io/controller-runtime/pkg/client"
)

// Connection is one API server with a client for every account.
type Connection struct {
	Discovery discovery.DiscoveryInterface
	Mapper    *Mapper
	// Typed reads Kubernetes' own kinds, which the server then encodes at less cost.
	Typed client.Client
	// Raw reaches any path.
	Raw rest.Interface

	config  *rest.Config
	mutex   sync.Mutex
	clients map[string]client.Client
	epoch   int
	// uncounted is set once nobody has counted a quota.
	uncounted atomic.Bool
}

// Open connects with the named context of a kubeconfig, or with its current one.
func Open(kubeconfig, context string) (*Connection, error) {
	loaded, err := clientcmd.LoadFromFile(kubeconfig)
	if err != nil {
		return nil, err
	}
	config, err := clientcmd.NewNonInteractiveClientConfig(*loaded, context, &clientcmd.ConfigOverrides{}, nil).ClientConfig()
	if err != nil {
		return nil, err
	}
	return New(config)
}

// New connects with a configuration.
func New(config *rest.Config) (*Connection, error) {
	config = rest.CopyConfig(config)
	config.UserAgent = "elysium-replay"
	config.QPS = -1
	config.DisableCompression = true
	config.WarningHandler = rest.NoWarnings{}
	if config.Proxy == nil {
		// Otherwise the environment would name one.
		config.Proxy = func(*http.Request) (*url.URL, error) { return nil, nil }
	}
	config.Wrap(func(next http.RoundTripper) http.RoundTripper { return warningsTransport{rangesTransport{next}} })
	found, err := discovery.NewDiscoveryClientForConfig(config)
	if err != nil {
		return nil, err
	}
	mapper := NewMapper(found)
	typed, err := client.New(config, client.Options{Scheme: scheme.Scheme, Mapper: mapper})
	if err != nil {
		return nil, err
	}
	unversioned := rest.CopyConfig(config)
	unversioned.NegotiatedSerializer = scheme.Codecs.WithoutConversion()
	raw, err := rest.UnversionedRESTClientFor(unversioned)
	if err != nil {
		return nil, err
	}
	return &Connection{
		Discovery: found, Mapper: mapper, Typed: typed, Raw: raw, config: config, clients: map[string]client.Client{},
	}, nil
}

// Client gives the client of an account, `system:serviceaccount:NAMESPACE:NAME`; without one, that of the kubeconfig.
//
// Flux impersonates by the user's name alone: the server adds the groups of a service account itself.
func (c *Connection) Client(account string) (client.Client, error) {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	if epoch := c.Mapper.Epoch(); epoch != c.epoch {
		c.clients, c.epoch = map[string]client.Client{}, epoch
	}
	if known, ok := c.clients[account]; ok {
		return known, nil
	}
	config := rest.CopyConfig(c.config)
	config.Impersonate = rest.ImpersonationConfig{UserName: account}
	made, err := client.New(config, client.Options{Scheme: runtime.NewScheme(), Mapper: c.Mapper})
	if err != nil {
		return nil, err
	}
	c.clients[account] = made
	return made, nil
}
