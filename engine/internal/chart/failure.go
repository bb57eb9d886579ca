package chart

import (
	"regexp"
	"strconv"
	"strings"

	"elysium.dev/engine/internal/rpc"
)

var (
	yamlLine  = regexp.MustCompile(`line (\d+)`)
	location  = regexp.MustCompile(`([^\s()"']+\.[A-Za-z]+|[^\s()"']+/templates/[^\s()"':]+):(\d+)(?::\d+)?`)
	parseFile = regexp.MustCompile(`^(?:YAML parse error on|error merging .*?: (?:parsing|annotating)|parsing|annotating) ([^\s:]+):`)
)

// lineOf finds the line in a message of a YAML parser, 0 if it has none.
func lineOf(message string) int {
	found := yamlLine.FindStringSubmatch(message)
	if found == nil {
		return 0
	}
	line, _ := strconv.Atoi(found[1])
	return line
}

// templateFailure makes the answer for an error of the template engine. Its message names the templates from the one that was
// rendered down to the one that failed, each with its line.
func templateFailure(root string, err error) error {
	failure := rpc.Failed("template", "%v", err)
	var places [][]string
	for _, found := range location.FindAllStringSubmatch(err.Error(), -1) {
		if strings.HasPrefix(found[1], root+"/") {
			places = append(places, found)
		}
	}
	if len(places) == 0 {
		return failure
	}
	last := places[len(places)-1]
	line, _ := strconv.Atoi(last[2])
	return failure.At(strings.TrimPrefix(last[1], root+"/"), line).In(strings.TrimPrefix(places[0][1], root+"/"))
}

// documentFailure makes the answer for rendered text that is no usable YAML.
func documentFailure(stage, root string, err error) error {
	failure := rpc.Failed(stage, "%v", err)
	if found := parseFile.FindStringSubmatch(err.Error()); found != nil {
		file := strings.TrimPrefix(found[1], root+"/")
		return failure.At(file, 0).In(file)
	}
	return failure
}

// splitTemplate takes the name that Helm gives a template apart: the charts from the root down, and the file in the last of them.
func splitTemplate(name string) (charts, file string) {
	parts := strings.Split(name, "/")
	names := parts[:1]
	rest := parts[1:]
	for len(rest) > 2 && rest[0] == "charts" {
		names = append(names[:len(names):len(names)], rest[1])
		rest = rest[2:]
	}
	return strings.Join(names, "/"), strings.Join(rest, "/")
}
