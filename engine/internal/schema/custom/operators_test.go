package custom

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"elysium.dev/engine/internal/schema"
	"k8s.io/apimachinery/pkg/util/yaml"
)

// commonKinds are those that a catalogue without would not be worth its name.
var commonKinds = []string{
	"bitnami.com/SealedSecret", "cert-manager.io/Certificate", "cert-manager.io/Issuer", "cert-manager.io/ClusterIssuer",
	"cert-manager.io/CertificateRequest", "acme.cert-manager.io/Order", "acme.cert-manager.io/Challenge",
	"monitoring.coreos.com/ServiceMonitor", "monitoring.coreos.com/PodMonitor", "monitoring.coreos.com/PrometheusRule",
	"monitoring.coreos.com/Probe", "monitoring.coreos.com/Alertmanager", "monitoring.coreos.com/AlertmanagerConfig",
	"monitoring.coreos.com/Prometheus", "monitoring.coreos.com/ScrapeConfig", "traefik.io/IngressRoute", "traefik.io/Middleware",
	"traefik.io/TLSOption", "gateway.networking.k8s.io/Gateway", "gateway.networking.k8s.io/HTTPRoute",
	"gateway.networking.k8s.io/TCPRoute", "external-secrets.io/ExternalSecret", "external-secrets.io/ClusterSecretStore",
	"generators.external-secrets.io/Password", "tailscale.com/Connector", "tailscale.com/ProxyClass",
	"deviceplugin.intel.com/GpuDevicePlugin", "grafana.integreatly.org/GrafanaDashboard", "grafana.integreatly.org/GrafanaDatasource",
	"nfd.k8s-sigs.io/NodeFeatureRule", "metallb.io/IPAddressPool", "cilium.io/CiliumNetworkPolicy", "longhorn.io/RecurringJob",
	"postgresql.cnpg.io/Cluster", "barmancloud.cnpg.io/ObjectStore", "snapshot.storage.k8s.io/VolumeSnapshotClass",
	"externaldns.k8s.io/DNSEndpoint", "kyverno.io/ClusterPolicy", "keda.sh/ScaledObject", "opentelemetry.io/OpenTelemetryCollector",
	"ceph.rook.io/CephCluster", "fission.io/Function", "actions.github.com/AutoscalingRunnerSet", "gateway.envoyproxy.io/EnvoyProxy",
	"k8s.cni.cncf.io/NetworkAttachmentDefinition", "helm.cattle.io/HelmChartConfig", "secrets-store.csi.x-k8s.io/SecretProviderClass",
}

func TestEveryDefinitionOfAnOperatorCompiles(t *testing.T) {
	for _, name := range schema.OperatorKinds() {
		group, kind, _ := strings.Cut(name, "/")
		found := operatorDefinition(groupKind{group, kind})
		for index := range found.spec.Versions {
			if failure := found.compiled(&found.spec.Versions[index]).failure; failure != nil {
				t.Errorf("%s: %s", found.by, failure.Message)
			}
		}
	}
}

func TestTheCatalogueHasTheCommonKinds(t *testing.T) {
	known := schema.OperatorKinds()
	for _, name := range commonKinds {
		if !slices.Contains(known, name) {
			t.Errorf("nobody knows %s", name)
		}
	}
}

func problemsOfOperators(t *testing.T, text string) []schema.Problem {
	t.Helper()
	var object map[string]any
	if err := yaml.Unmarshal([]byte(text), &object); err != nil {
		t.Fatal(err)
	}
	definitions := NewDefinitions(nil)
	definitions.Catalogue = true
	return definitions.Validate(t.Context(), "1.37", object)
}

func TestObjectsOfOperatorsAreJudgedByTheCatalogue(t *testing.T) {
	certificate := "apiVersion: cert-manager.io/v1\nkind: Certificate\nmetadata: {name: a, namespace: b}\nspec: {issuerRef: {name: a}, "
	secret := "kind: ExternalSecret\nmetadata: {name: a, namespace: b}\nspec: {secretStoreRef: {name: a}, "
	tests := map[string]struct{ object, code, path, by string }{
		"valid":               {certificate + "secretName: a}", "", "", ""},
		"unknown field":       {certificate + "secretName: a, secret: b}", "unknown-field", "spec.secret", "cert-manager v"},
		"wrong type":          {certificate + "secretName: 3}", "type", "spec.secretName", "cert-manager v"},
		"variable":            {certificate + "secretName: a, duration: '${DURATION}'}", "", "", ""},
		"missing":             {certificate + "dnsNames: [a]}", "required", "spec.secretName", "cert-manager v"},
		"no namespace":        {strings.Replace(certificate, ", namespace: b", "", 1) + "secretName: a}", "namespace", "metadata.namespace", ""},
		"unknown version":     {strings.Replace(certificate, "io/v1", "io/v9", 1) + "secretName: a}", "no-schema", "apiVersion", ""},
		"served":              {"apiVersion: external-secrets.io/v1\n" + secret + "data: []}", "", "", ""},
		"no longer served":    {"apiVersion: external-secrets.io/v1beta1\n" + secret + "data: []}", "removed-api", "apiVersion", "external-secrets v"},
		"unknown kind":        {"apiVersion: example.org/v1\nkind: Thing\nmetadata: {name: a}\n", "no-schema", "apiVersion", ""},
		"built-in":            {"apiVersion: v1\nkind: Namespace\nmetadata: {name: a}\n", "", "", ""},
		"configuration":       {"apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\n", "", "", ""},
		"a group like a path": {"apiVersion: ../1.37/v1\nkind: Thing\nmetadata: {name: a}\n", "no-schema", "apiVersion", ""},
		"rule": {"apiVersion: gateway.networking.k8s.io/v1\nkind: Gateway\nmetadata: {name: a, namespace: b}\n" +
			"spec: {gatewayClassName: a, listeners: [{name: a, port: 80, protocol: HTTP}, {name: b, port: 80, protocol: HTTP}]}", "cel", "spec.listeners", "gateway-api v"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			problems := problemsOfOperators(t, test.object)
			if test.code == "" {
				if len(problems) != 0 {
					t.Errorf("unexpected: %v", problems)
				}
				return
			}
			for _, problem := range problems {
				if problem.Code == test.code && problem.Path == test.path && strings.HasPrefix(problem.By, test.by) {
					return
				}
			}
			t.Errorf("no %s at %s by %q in %v", test.code, test.path, test.by, problems)
		})
	}
}

func TestADefinitionOfTheRepositoryWins(t *testing.T) {
	crd := strings.NewReplacer("example.org", "bitnami.com", "Widget", "SealedSecret", "widgets", "sealedsecrets").Replace(widgets)
	object := strings.NewReplacer("example.org", "bitnami.com", "Widget", "SealedSecret").Replace(widget)
	var read map[string]any
	if err := yaml.Unmarshal([]byte(object), &read); err != nil {
		t.Fatal(err)
	}
	definitions := NewDefinitions(nil)
	definitions.Catalogue = true
	if len(definitions.Validate(t.Context(), "1.37", read)) == 0 {
		t.Error("the catalogue's definition accepts a widget")
	}
	definitions = NewDefinitions([]json.RawMessage{asJSON(t, crd)})
	definitions.Catalogue = true
	if found := definitions.Validate(t.Context(), "1.37", read); len(found) != 0 {
		t.Errorf("the repository's definition does not count: %v", found)
	}
}
