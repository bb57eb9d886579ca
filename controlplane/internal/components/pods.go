package components

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strings"
	"sync/atomic"

	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
)

// podLimit is how many Pods the controllers may make in one run: untrusted objects say how many they want, and some
// thousands need a gigabyte.
const podLimit = 4000

// TooManyPods is what a controller hears from then on. It is known in elysium.rehearse.
const TooManyPods = "a rehearsal simulates no more Pods"

// boundedPods refuses to create Pods once there were enough; every other request goes on.
type boundedPods struct {
	next http.RoundTripper
	left *atomic.Int64
}

// boundPods is a wrapper of transports that share one bound.
func boundPods(limit int64) func(http.RoundTripper) http.RoundTripper {
	left := &atomic.Int64{}
	left.Store(limit)
	return func(next http.RoundTripper) http.RoundTripper { return boundedPods{next, left} }
}

func (b boundedPods) RoundTrip(request *http.Request) (*http.Response, error) {
	if request.Method != http.MethodPost || !strings.HasSuffix(request.URL.Path, "/pods") {
		return b.next.RoundTrip(request)
	}
	if b.left.Add(-1) < 0 {
		return refusal(request)
	}
	response, err := b.next.RoundTrip(request)
	if err != nil || response.StatusCode >= http.StatusBadRequest {
		b.left.Add(1) // none was made
	}
	return response, err
}

func refusal(request *http.Request) (*http.Response, error) {
	if request.Body != nil {
		request.Body.Close()
	}
	told := apierrors.NewForbidden(corev1.Resource("pods"), "", errors.New(TooManyPods))
	status := told.Status()
	status.Kind, status.APIVersion = "Status", "v1"
	body, err := json.Marshal(status)
	if err != nil {
		return nil, err
	}
	return &http.Response{
		Status: http.StatusText(http.StatusForbidden), StatusCode: http.StatusForbidden,
		Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header:        http.Header{"Content-Type": {"application/json"}},
		Body:          io.NopCloser(bytes.NewReader(body)),
		ContentLength: int64(len(body)),
		Request:       request,
	}, nil
}
