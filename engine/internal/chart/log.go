package chart

import (
	"log"
	"regexp"
	"slices"
	"strings"
)

// captureLog runs a step of the library and returns what it logged: Helm has no other way to warn.
func captureLog(call func()) []Warning {
	var logged messages
	output, flags := log.Writer(), log.Flags()
	log.SetOutput(&logged)
	log.SetFlags(0)
	defer func() {
		log.SetOutput(output)
		log.SetFlags(flags)
	}()
	call()
	for index, message := range logged {
		logged[index] = withoutValue(message)
	}
	slices.Sort(logged) // Helm goes through maps, and through some of them more than once
	warnings := []Warning{}
	for _, message := range slices.Compact(logged) {
		warnings = append(warnings, Warning{Code: "helm", Message: message})
	}
	return warnings
}

// messages are what was logged: the log package writes each message at once.
type messages []string

func (m *messages) Write(message []byte) (int, error) {
	*m = append(*m, strings.TrimSpace(string(message)))
	return len(message), nil
}

// loggedValue is the value that Helm prints behind the path of what it could not merge. It may be secret.
var loggedValue = regexp.MustCompile(`(?s)\s*\(.*\)$`)

func withoutValue(message string) string {
	for _, level := range []string{"WARN ", "INFO ", "ERROR ", "warning: "} {
		message = strings.TrimPrefix(message, level)
	}
	return loggedValue.ReplaceAllString(message, "")
}
