package connection

import (
	"sync"
	"time"

	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/client-go/discovery"
	"k8s.io/client-go/restmapper"
)

// refreshAfter is how old discovery must be before an unknown kind is worth asking again.
const refreshAfter = 2 * time.Second

// Mapper finds the resource of a kind. It learns kinds from definitions as soon as those are established, since
// discovery tells them only a while later, and forgets them with their definition.
type Mapper struct {
	discovery discovery.DiscoveryInterface

	mutex    sync.RWMutex
	groups   []*restmapper.APIGroupResources
	learned  map[string]*unstructured.Unstructured
	delegate meta.RESTMapper
	loaded   time.Time
	epoch    int
}

// NewMapper makes a mapper that asks the server when it is first needed.
func NewMapper(discovery discovery.DiscoveryInterface) *Mapper {
	return &Mapper{discovery: discovery, learned: map[string]*unstructured.Unstructured{}}
}

// Epoch changes whenever a kind may have got another resource, so that nothing remembered is used any more.
func (m *Mapper) Epoch() int {
	m.mutex.RLock()
	defer m.mutex.RUnlock()
	return m.epoch
}

// Learn makes the kinds of an established definition known.
func (m *Mapper) Learn(definition *unstructured.Unstructured) error {
	m.mutex.Lock()
	defer m.mutex.Unlock()
	if known, ok := m.learned[definition.GetName()]; ok && scopeOf(known) != scopeOf(definition) {
		m.epoch++
	}
	m.learned[definition.GetName()] = definition
	if m.delegate == nil {
		return m.load()
	}
	return m.build()
}

// Forget makes the kinds of a deleted definition unknown.
func (m *Mapper) Forget(name string) {
	m.mutex.Lock()
	defer m.mutex.Unlock()
	delete(m.learned, name)
	m.delegate = nil
	m.epoch++
}

// Groups are all resources that are known now.
func (m *Mapper) Groups() ([]*restmapper.APIGroupResources, error) {
	m.mutex.Lock()
	defer m.mutex.Unlock()
	if err := m.load(); err != nil {
		return nil, err
	}
	return m.groups, nil
}

// Namespaced says whether objects of a kind live in namespaces; an unknown kind is taken as if they did.
func (m *Mapper) Namespaced(kind schema.GroupVersionKind) bool {
	mapping, err := m.RESTMapping(kind.GroupKind(), kind.Version)
	return err != nil || mapping.Scope.Name() == meta.RESTScopeNameNamespace
}

// load asks the server for all resources; what it does not tell yet is added from the definitions.
func (m *Mapper) load() error {
	groups, err := restmapper.GetAPIGroupResources(m.discovery)
	if err != nil {
		return err
	}
	m.groups, m.loaded = groups, time.Now()
	return m.build()
}

func (m *Mapper) build() error {
	for _, definition := range m.learned {
		m.groups = addDefinition(m.groups, definition)
	}
	m.delegate = restmapper.NewDiscoveryRESTMapper(m.groups)
	return nil
}

// current gives the mapper that is loaded, loading it when there is none.
func (m *Mapper) current() (meta.RESTMapper, error) {
	m.mutex.RLock()
	delegate := m.delegate
	m.mutex.RUnlock()
	if delegate != nil {
		return delegate, nil
	}
	return m.refreshed()
}

// refreshed asks the server again, unless it was just asked.
func (m *Mapper) refreshed() (meta.RESTMapper, error) {
	m.mutex.Lock()
	defer m.mutex.Unlock()
	if m.delegate == nil || time.Since(m.loaded) > refreshAfter {
		if err := m.load(); err != nil {
			return nil, err
		}
	}
	return m.delegate, nil
}

// retried looks something up, and once more after asking the server again when it is unknown.
func retried[T any](m *Mapper, look func(meta.RESTMapper) (T, error)) (T, error) {
	var nothing T
	delegate, err := m.current()
	if err != nil {
		return nothing, err
	}
	found, err := look(delegate)
	if !meta.IsNoMatchError(err) {
		return found, err
	}
	if delegate, err = m.refreshed(); err != nil {
		return nothing, err
	}
	return look(delegate)
}

// KindFor is part of meta.RESTMapper.
func (m *Mapper) KindFor(resource schema.GroupVersionResource) (schema.GroupVersionKind, error) {
	return retried(m, func(d meta.RESTMapper) (schema.GroupVersionKind, error) { return d.KindFor(resource) })
}

// KindsFor is part of meta.RESTMapper.
func (m *Mapper) KindsFor(resource schema.GroupVersionResource) ([]schema.GroupVersionKind, error) {
	return retried(m, func(d meta.RESTMapper) ([]schema.GroupVersionKind, error) { return d.KindsFor(resource) })
}

// ResourceFor is part of meta.RESTMapper.
func (m *Mapper) ResourceFor(input schema.GroupVersionResource) (schema.GroupVersionResource, error) {
	return retried(m, func(d meta.RESTMapper) (schema.GroupVersionResource, error) { return d.ResourceFor(input) })
}

// ResourcesFor is part of meta.RESTMapper.
func (m *Mapper) ResourcesFor(input schema.GroupVersionResource) ([]schema.GroupVersionResource, error) {
	return retried(m, func(d meta.RESTMapper) ([]schema.GroupVersionResource, error) { return d.ResourcesFor(input) })
}

// RESTMapping is part of meta.RESTMapper.
func (m *Mapper) RESTMapping(kind schema.GroupKind, versions ...string) (*meta.RESTMapping, error) {
	return retried(m, func(d meta.RESTMapper) (*meta.RESTMapping, error) { return d.RESTMapping(kind, versions...) })
}

// RESTMappings is part of meta.RESTMapper.
func (m *Mapper) RESTMappings(kind schema.GroupKind, versions ...string) ([]*meta.RESTMapping, error) {
	return retried(m, func(d meta.RESTMapper) ([]*meta.RESTMapping, error) { return d.RESTMappings(kind, versions...) })
}

// ResourceSingularizer is part of meta.RESTMapper.
func (m *Mapper) ResourceSingularizer(resource string) (string, error) {
	return retried(m, func(d meta.RESTMapper) (string, error) { return d.ResourceSingularizer(resource) })
}

func scopeOf(definition *unstructured.Unstructured) string {
	scope, _, _ := unstructured.NestedString(definition.Object, "spec", "scope")
	return scope
}

var verbs = metav1.Verbs{"create", "delete", "deletecollection", "get", "list", "patch", "update", "watch"}
