package connection

import (
	"bytes"
	"io"
	"net/http"
)

// rangeTries is how often a dry run of a Service is asked for its address. The server looks into one of its ranges, which
// it takes at random (k8s.io/kubernetes, MetaAllocator.DryRun), while an application looks into all of them.
const rangeTries = 16

var outOfRange = []byte("The range of valid IPs is ")

// rangesTransport repeats dry runs that looked into another range than that of the address.
type rangesTransport struct{ next http.RoundTripper }

func (t rangesTransport) RoundTrip(request *http.Request) (*http.Response, error) {
	response, err := t.next.RoundTrip(request)
	for range rangeTries {
		if err != nil || response.StatusCode != http.StatusUnprocessableEntity || request.GetBody == nil ||
			!request.URL.Query().Has("dryRun") || !isOutOfRange(response) {
			break
		}
		again := request.Clone(request.Context())
		if again.Body, err = request.GetBody(); err != nil {
			return nil, err
		}
		response, err = t.next.RoundTrip(again)
	}
	return response, err
}

// isOutOfRange reads the refusal, and puts it back.
func isOutOfRange(response *http.Response) bool {
	body, err := io.ReadAll(response.Body)
	response.Body.Close()
	response.Body = io.NopCloser(bytes.NewReader(body))
	return err == nil && bytes.Contains(body, outOfRange)
}
