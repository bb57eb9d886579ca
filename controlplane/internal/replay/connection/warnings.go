package connection

import (
	"context"
	"net/http"
	"slices"
	"sync"

	utilnet "k8s.io/apimachinery/pkg/util/net"
)

type warningsKey struct{}

// Warnings collects what the server says in Warning headers of the requests made with its context.
type Warnings struct {
	mutex sync.Mutex
	texts []string
}

// WithWarnings gives a context whose requests report to these warnings.
func WithWarnings(ctx context.Context, warnings *Warnings) context.Context {
	return context.WithValue(ctx, warningsKey{}, warnings)
}

// Texts are the distinct warnings so far, in their order.
func (w *Warnings) Texts() []string {
	w.mutex.Lock()
	defer w.mutex.Unlock()
	return slices.Clone(w.texts)
}

// Add notes a warning once.
func (w *Warnings) Add(text string) {
	w.mutex.Lock()
	defer w.mutex.Unlock()
	if !slices.Contains(w.texts, text) {
		w.texts = append(w.texts, text)
	}
}

// warningsTransport hands Warning headers to the warnings of the request's context.
type warningsTransport struct{ next http.RoundTripper }

func (t warningsTransport) RoundTrip(request *http.Request) (*http.Response, error) {
	response, err := t.next.RoundTrip(request)
	if err != nil {
		return response, err
	}
	warnings, collected := request.Context().Value(warningsKey{}).(*Warnings)
	headers := response.Header["Warning"]
	if collected && len(headers) > 0 {
		parsed, _ := utilnet.ParseWarningHeaders(headers)
		for _, warning := range parsed {
			warnings.Add(warning.Text)
		}
	}
	return response, nil
}
