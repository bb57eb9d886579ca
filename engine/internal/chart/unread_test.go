package chart

import (
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"
)

var (
	given = parameters{"a": parameters{"b": 1, "c": 2}, "d": 3, "text": "plain"}
	all   = []string{"a", "d", "text"}
)

func without(read string) []string {
	return slices.DeleteFunc(slices.Clone(all), func(key string) bool { return key == read })
}

// readings are templates and what they leave unread of the given values.
var readings = map[string][]string{
	``:                                                            all,
	`{{ .Values.a }}`:                                             without("a"),
	`{{ .Values.a.b }}`:                                           {"a.c", "d", "text"},
	`{{ $.Values.a.b.deeper }}`:                                   {"a.c", "d", "text"},
	`{{ if .Values.d }}{{ end }}`:                                 without("d"),
	`{{ with .Values.a }}{{ .b }}{{ end }}`:                       without("a"),
	`{{ range .Values.a }}{{ . }}{{ end }}`:                       without("a"),
	`{{ .Values.a | toYaml | nindent 2 }}`:                        without("a"),
	`{{ index .Values "a" "b" }}`:                                 {"a.c", "d", "text"},
	`{{ index .Values "a" .Values.text }}`:                        {"d"},
	`{{ get .Values "d" }}`:                                       without("d"),
	`{{ hasKey .Values "d" }}`:                                    without("d"),
	`{{ dig "a" "b" 1 .Values }}`:                                 {"a.c", "d", "text"},
	`{{ (.Values.a).b }}`:                                         without("a"),
	`{{ index .Values .Values.d }}`:                               {},
	`{{ .Values }}`:                                               {},
	`{{ toYaml .Values }}`:                                        {},
	`{{ .Values | toJson }}`:                                      {},
	`{{ with .Values }}{{ .a }}{{ end }}`:                         {},
	`{{ $v := .Values }}{{ $v.a }}`:                               {},
	`{{ range $k, $v := .Values }}{{ end }}`:                      {},
	`{{ toJson . }}`:                                              {},
	`{{ . }}`:                                                     {},
	`{{ $x := . }}{{ $x.Values.d }}`:                              without("d"),
	`{{ $x := . }}{{ toJson $x }}`:                                {},
	`{{ $x := dict "root" . }}{{ $x.root.Values.d }}`:             without("d"),
	`{{ $x := dict "root" . }}{{ toJson $x }}`:                    {},
	`{{ get . "Values" }}`:                                        {},
	`{{ (index (list . 1) 0).Values.d }}`:                         without("d"),
	`{{ define "x" }}{{ .Values.d }}{{ end }}{{ include "x" . }}`: without("d"),
	`{{ define "x" }}{{ (index . 0).Values.d }}{{ end }}{{ include "x" (list . "n") }}`:                      without("d"),
	`{{ define "x" }}{{ .ctx.Values.d }}{{ end }}{{ include "x" (dict "ctx" $) }}`:                           without("d"),
	`{{ define "x" }}{{ toYaml . }}{{ end }}{{ include "x" .Values.a }}`:                                     without("a"),
	`{{ define "x" }}{{ toYaml . }}{{ end }}{{ include "x" . }}`:                                             {},
	`{{ define "x" }}{{ toYaml . }}{{ end }}{{ template "x" . }}`:                                            {},
	`{{ define "x" }}{{ toYaml . }}{{ end }}{{ $n := "x" }}{{ include $n . }}`:                               {},
	`{{ define "y" }}{{ toYaml . }}{{ end }}{{ define "x" }}{{ include "y" . }}{{ end }}{{ include "x" $ }}`: {},
	`{{ tpl .Values.text . }}`:                                                                without("text"),
	`{{ tpl "{{ .Values.d }}" . }}`:                                                           {},
	`{{ tpl (.Files.Get "x.txt") . }}`:                                                        {},
	`{{ required "set .Values.a" .Values.d }}`:                                                without("d"),
	`{{ fail (printf "no .Values.a in %s" .Values.d) }}`:                                      without("d"),
	`{{ define "x" }}{{ .Values.d }}{{ end }}{{ include "x" (dict "Values" .Values "n" 1) }}`: without("d"),
	`{{ define "x" }}{{ toYaml .Values }}{{ end }}{{ include "x" (dict "Values" .Values) }}`:  {},
	`{{ define "x" }}{{ toYaml . }}{{ end }}{{ include "x" (dict "Values" .Values) }}`:        {},
	`{{ $x := dict "Values" .Values }}{{ toYaml $x }}`:                                        {},
	`{{ dict "v" .Values | toYaml }}`:                                                         {},
	`{{ .Subcharts.sub.Values.x }}`:                                                           {},
}

func TestUnreadValues(t *testing.T) {
	for template, expected := range readings {
		result := open(t, chartOf(map[string]string{"_a.tpl": "{{/* not run */}}" + template})).must(parameters{"values": given})
		got := []string{}
		for _, path := range result.UnreadValues {
			got = append(got, strings.Join(path, "."))
		}
		if !reflect.DeepEqual(got, expected) {
			t.Errorf("%s leaves %v, expected %v", template, got, expected)
		}
	}
}

func TestUnreadTemplatesInValues(t *testing.T) {
	for text, expected := range map[string][][]string{
		"{{ .Values.d }}":                        {{"e"}},
		"{{ `{{ $labels.x }}` }}{{ .Values.d }}": {{"e"}},
		"{{ $labels.x }}":                        {{"d"}, {"e"}},
		"{{ toYaml .Values }}":                   {},
		"{{ if }}":                               {},
		"{{ include \"x\" . }}":                  {{"d"}, {"e"}},
		"{{ $x := . }}{{ $x }}":                  {},
	} {
		result := open(t, chartOf(map[string]string{"_a.tpl": `{{ tpl (toYaml .Values.texts) . }}`})).must(
			parameters{"values": parameters{"texts": []any{parameters{"text": text}}, "d": 1, "e": 2}})
		if !reflect.DeepEqual(result.UnreadValues, expected) {
			t.Errorf("%s leaves %v", text, result.UnreadValues)
		}
	}
}

func TestWhatHasADefaultIsNotUnread(t *testing.T) {
	files := chartOf(map[string]string{"_a.tpl": `{{ .Values.image.tag }}`})
	files["c/values.yaml"] = "image: {tag: x, unused: y}\nempty: {}\nsub: {z: 1}\n"
	files["c/Chart.yaml"] = dependencies("{name: sub, version: 1.0.0}")
	maps.Copy(files, below("c/charts/sub", subchart("sub", "1.0.0")))
	files["c/charts/sub/values.yaml"] = "known: 1\n"
	result := open(t, files).must(parameters{"values": parameters{
		"image": parameters{"tag": 1, "tagg": 1, "unused": 1}, "empty": parameters{"x": 1}, "imagee": 1, "sub": parameters{"known": 2, "z": 2}}})
	expected := [][]string{{"image", "tagg"}, {"imagee"}}
	if !reflect.DeepEqual(result.UnreadValues, expected) {
		t.Errorf("unread %v", result.UnreadValues)
	}
	if beside := result.UnreadSiblings[0]; !reflect.DeepEqual(beside, []string{"tag", "unused"}) {
		t.Errorf("siblings %v", beside)
	}
}

func TestUnreadValuesOfSubcharts(t *testing.T) {
	files := chartOf(map[string]string{"_a.tpl": `{{ .Values.mine }}`})
	files["c/Chart.yaml"] = dependencies(
		"{name: sub, version: 1.0.0, condition: sub.enabled, tags: [extra]}", "{name: sub, version: 1.0.0, alias: other, condition: other.on}",
		"{name: spare, version: 1.0.0, condition: spare.enabled}")
	for _, name := range []string{"sub", "spare"} {
		maps.Copy(files, below("c/charts/"+name, subchart(name, "1.0.0")))
		files["c/charts/"+name+"/templates/a.yaml"] = configMap("{{ .Chart.Name }}", "{{ .Values.read }}{{ .Values.global.zone }}")
	}
	result := open(t, files).must(parameters{"values": parameters{
		"mine": 1, "sub": parameters{"enabled": true, "read": 1, "no": 1}, "other": parameters{"on": true, "read": 1, "no": 1},
		"spare": parameters{"enabled": false, "anything": 1}, "global": parameters{"zone": 1, "unread": 1}, "tags": parameters{"extra": true, "none": true},
	}})
	expected := [][]string{{"global", "unread"}, {"other", "no"}, {"sub", "no"}, {"tags", "none"}}
	if !reflect.DeepEqual(result.UnreadValues, expected) {
		t.Errorf("unread %v", result.UnreadValues)
	}
}
