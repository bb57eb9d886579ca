package components

import (
	"bytes"
	"io"
	"net/http"
	"strings"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/client-go/kubernetes/scheme"
)

// quietEvents keeps events of type Normal from the API server: that all goes well is seen in the objects themselves,
// and every tenth request of a rollout would only say so once more. Warnings go on, and what is said of a claim, which
// is the only place where it tells what it waits for.
type quietEvents struct{ next http.RoundTripper }

func withoutNormalEvents(next http.RoundTripper) http.RoundTripper { return quietEvents{next} }

func (u quietEvents) RoundTrip(request *http.Request) (*http.Response, error) {
	if request.Method != http.MethodPost || request.Body == nil || !strings.HasSuffix(request.URL.Path, "/events") {
		return u.next.RoundTrip(request)
	}
	body, err := io.ReadAll(request.Body)
	request.Body.Close()
	if err != nil {
		return nil, err
	}
	if isUntold(body) {
		return created(request, body), nil
	}
	sent := request.Clone(request.Context())
	sent.Body = io.NopCloser(bytes.NewReader(body))
	return u.next.RoundTrip(sent)
}

// isUntold tells an event of type Normal about something else than a claim.
func isUntold(body []byte) bool {
	decoded, _, err := scheme.Codecs.UniversalDeserializer().Decode(body, nil, nil)
	event, is := decoded.(*corev1.Event)
	return err == nil && is && event.Type == corev1.EventTypeNormal && event.InvolvedObject.Kind != "PersistentVolumeClaim"
}

// created answers as the API server does, with what was sent.
func created(request *http.Request, body []byte) *http.Response {
	return &http.Response{
		Status: http.StatusText(http.StatusCreated), StatusCode: http.StatusCreated,
		Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header:        http.Header{"Content-Type": {request.Header.Get("Content-Type")}},
		Body:          io.NopCloser(bytes.NewReader(body)),
		ContentLength: int64(len(body)),
		Request:       request,
	}
}
