package kustomization

import (
	"reflect"
	"testing"

	"sigs.k8s.io/kustomize/api/provider"

	"elysium.dev/engine/internal/objects"
)

// TestDecodeEqualsJSON holds the quick way of decoding against the one that the controller takes.
func TestDecodeEqualsJSON(t *testing.T) {
	const head = "apiVersion: example.org/v1\nkind: Sample\nmetadata: {name: sample}\n"
	for name, body := range map[string]string{
		"numbers":    "a: 1\nb: 1.0\nc: 1.5\nd: 1e3\ne: 0x1F\nf: 0o17\ng: 017\nh: 1_000\ni: -0.0\nj: 1e400",
		"large":      "a: 9223372036854775807\nb: 9223372036854775808\nc: 18446744073709551615\nd: 1e30\ne: 1e18\nf: 99999999999999999999999",
		"not finite": "a: .nan",
		"times":      "a: 2001-12-14\nb: 2001-12-14t21:59:43.10-05:00",
		"words":      "a: yes\nb: on\nc: 'yes'\nd: true\ne: ~\nf: null\ng:\nh: y",
		"text":       "a: |\n  one\n   two\n\nb: >\n  folded\n  text\nc: |+\n  kept\n\nd: |-\n  stripped\ne: \"\\u00e9\\t\\x85\"\nf: 'a: b # c'",
		"anchors":    "a: &x {b: 1}\nc: *x\nd: {<<: *x, e: 2}",
		"keys":       "a: {1: x, true: y, 1.5: z}",
		"nested":     "a: [[1, [2.0]], {b: [1.0]}]",
		"binary":     "a: !!binary aGVsbG8=\nb: !!str 5\nc: !!int '5'",
		"comments":   "# one\na: 1 # two\n# three\nb: # four\n  - 1\n  # five",
	} {
		t.Run(name, func(t *testing.T) {
			built, err := provider.NewDefaultDepProvider().GetResourceFactory().FromBytes([]byte(head + body + "\n"))
			if err != nil {
				t.Fatal(err)
			}
			encoded, wantError := built.MarshalJSON()
			var want map[string]any
			if wantError == nil {
				want, wantError = objects.FromJSON(encoded)
			}
			got, err := decodeResource(built)
			if (err == nil) != (wantError == nil) {
				t.Fatalf("error %v, want %v", err, wantError)
			}
			if !reflect.DeepEqual(got, want) {
				t.Fatalf("got  %#v\nwant %#v", got, want)
			}
		})
	}
}
