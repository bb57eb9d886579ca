package main

import (
	"errors"
	"slices"
	"strings"
	"testing"
)

func TestOperatorsAreDescribedWithoutTextsForPeople(t *testing.T) {
	found, err := describeOperators()
	if err != nil {
		t.Fatal(err)
	}
	line := found["cert-manager.io"]["Certificate"]
	if !strings.HasPrefix(line, "Certificate\tNamespaced\tcert-manager v") || !strings.HasSuffix(line, "}\n") {
		t.Errorf("the line of Certificate begins with %.60q", line)
	}
	if issuer := found["cert-manager.io"]["ClusterIssuer"]; !strings.HasPrefix(issuer, "ClusterIssuer\tCluster\t") {
		t.Errorf("the line of ClusterIssuer begins with %.60q", issuer)
	}
	if strings.Contains(line, `"additionalPrinterColumns"`) || strings.Contains(line, "human") {
		t.Error("the definition of Certificate holds texts for people")
	}
	if found["longhorn.io"]["RecurringJob"] == "" {
		t.Error("templated definitions are not read")
	}
}

// What is packaged must be free to be packaged.
func TestOperatorsHavePermissiveLicences(t *testing.T) {
	permissive := []string{"Apache-2.0", "MIT", "BSD-3-Clause"}
	for _, operator := range operators {
		if !slices.Contains(permissive, operator.licence) {
			t.Errorf("%s is under %q", operator.name, operator.licence)
		}
	}
}

func TestModulesThatAreNotThePinnedOnes(t *testing.T) {
	sealed := operators[slices.IndexFunc(operators, func(o operator) bool { return o.name == "sealed-secrets" })]
	absent := sealed
	absent.version = "v0.0.0-does-not-exist"
	var unavailable *unavailableError
	if _, err := absent.describe(); !errors.As(err, &unavailable) {
		t.Errorf("a version that nobody has: %v", err)
	}
	changed := sealed
	changed.sum = "h1:other"
	if _, err := changed.describe(); err == nil || errors.As(err, &unavailable) {
		t.Errorf("another content: %v", err)
	}
}
