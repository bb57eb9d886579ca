package main

import (
	"strings"
	"testing"
)

func TestCatalogueIsDeterministic(t *testing.T) {
	first, err := describeAll()
	if err != nil {
		t.Fatal(err)
	}
	second, err := describeAll()
	if err != nil {
		t.Fatal(err)
	}
	for index, release := range releases {
		if first[index] != second[index] {
			t.Errorf("the catalogue of %s changes from run to run", release.minor)
		}
		for _, record := range []string{
			"K\tapps/v1\tDeployment\tN\tapps/v1.Deployment\t1.9\t\t\t\t1\n",
			"K\tpolicy/v1beta1\tPodSecurityPolicy\tC\t\t\t\t1.25\t\t0\n",
			"\tports;[]@core/v1.ContainerPort;m=containerPort,protocol=TCP",
			"\tcontainers;[]@core/v1.Container;r m=name",
			"\timagePullPolicy;eAlways|Never|IfNotPresent;",
			"\tadditionalProperties;?@apiextensions/v1.JSONSchemaProps,b;",
			"T\tapiregistration/v1.APIServiceSpec",
		} {
			if !strings.Contains(first[index], record) {
				t.Errorf("the catalogue of %s lacks %q", release.minor, record)
			}
		}
	}
}

// A rule for a type or field that does not exist would silently do nothing.
func TestRequiredFieldsExist(t *testing.T) {
	for _, release := range releases {
		api, err := readAPI(release)
		if err != nil {
			t.Fatal(err)
		}
		encoder := &encoder{api: api, records: map[string]string{}}
		for _, kind := range api.kinds() {
			if err := encoder.root(kind); err != nil {
				t.Fatal(err)
			}
		}
		for name, fields := range requiredFields {
			record, known := encoder.records[name]
			for _, field := range fields {
				if !known || !strings.Contains(record, "\t"+field+";") {
					t.Errorf("Kubernetes %s has no %s.%s", release.minor, name, field)
				}
			}
		}
	}
}
