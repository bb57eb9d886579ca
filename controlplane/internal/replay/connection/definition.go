package connection

import (
	"slices"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/version"
	"k8s.io/client-go/restmapper"
)

// addDefinition adds the kinds of a definition to those that discovery told, the versions in Kubernetes' order.
func addDefinition(
	groups []*restmapper.APIGroupResources, definition *unstructured.Unstructured,
) []*restmapper.APIGroupResources {
	name, _, _ := unstructured.NestedString(definition.Object, "spec", "group")
	index := slices.IndexFunc(groups, func(known *restmapper.APIGroupResources) bool { return known.Group.Name == name })
	if index < 0 {
		groups = append(groups, &restmapper.APIGroupResources{
			Group:              metav1.APIGroup{Name: name},
			VersionedResources: map[string][]metav1.APIResource{},
		})
		index = len(groups) - 1
	}
	for _, served := range ServedVersions(definition) {
		addVersion(groups[index], served, resourceOf(definition))
	}
	return groups
}

func addVersion(group *restmapper.APIGroupResources, served string, resource metav1.APIResource) {
	resources := slices.DeleteFunc(slices.Clone(group.VersionedResources[served]), func(known metav1.APIResource) bool {
		return known.Name == resource.Name
	})
	group.VersionedResources[served] = append(resources, resource)
	if slices.ContainsFunc(group.Group.Versions, func(v metav1.GroupVersionForDiscovery) bool { return v.Version == served }) {
		return
	}
	group.Group.Versions = append(group.Group.Versions, metav1.GroupVersionForDiscovery{
		GroupVersion: group.Group.Name + "/" + served, Version: served,
	})
	slices.SortFunc(group.Group.Versions, func(left, right metav1.GroupVersionForDiscovery) int {
		return version.CompareKubeAwareVersionStrings(right.Version, left.Version)
	})
	group.Group.PreferredVersion = group.Group.Versions[0]
}

func resourceOf(definition *unstructured.Unstructured) metav1.APIResource {
	names := func(key string) string {
		name, _, _ := unstructured.NestedString(definition.Object, "spec", "names", key)
		return name
	}
	return metav1.APIResource{
		Name: names("plural"), SingularName: names("singular"), Kind: names("kind"),
		Namespaced: scopeOf(definition) == "Namespaced", Verbs: verbs,
	}
}

// ServedVersions are the versions of a definition that the server answers for.
func ServedVersions(definition *unstructured.Unstructured) []string {
	versions, _, _ := unstructured.NestedSlice(definition.Object, "spec", "versions")
	var served []string
	for _, each := range versions {
		fields, _ := each.(map[string]any)
		name, _ := fields["name"].(string)
		if isServed, _ := fields["served"].(bool); isServed && name != "" {
			served = append(served, name)
		}
	}
	return served
}
