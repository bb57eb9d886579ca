package components

import (
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/client-go/kubernetes/scheme"
)

func encodedEvent(t *testing.T, kind, about string) []byte {
	t.Helper()
	info, _ := runtime.SerializerInfoForMediaType(scheme.Codecs.SupportedMediaTypes(), runtime.ContentTypeProtobuf)
	event := &corev1.Event{Type: kind, InvolvedObject: corev1.ObjectReference{Kind: about}}
	body, err := runtime.Encode(scheme.Codecs.EncoderForVersion(info.Serializer, corev1.SchemeGroupVersion), event)
	if err != nil {
		t.Fatal(err)
	}
	return body
}

func TestOnlyEventsThatSomebodyReadsReachTheServer(t *testing.T) {
	var reached [][]byte
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		reached = append(reached, body)
		w.WriteHeader(http.StatusCreated)
	}))
	defer server.Close()
	client := &http.Client{Transport: withoutNormalEvents(http.DefaultTransport)}
	post := func(path string, body []byte) []byte {
		answer, err := client.Post(server.URL+path, runtime.ContentTypeProtobuf, bytes.NewReader(body))
		if err != nil || answer.StatusCode != http.StatusCreated {
			t.Fatal(answer, err)
		}
		defer answer.Body.Close()
		told, _ := io.ReadAll(answer.Body)
		return told
	}
	events := "/api/v1/namespaces/web/events"
	normal := encodedEvent(t, corev1.EventTypeNormal, "Deployment")
	if told := post(events, normal); !bytes.Equal(told, normal) || len(reached) != 0 {
		t.Error("an event of type Normal was sent", reached)
	}
	sent := [][]byte{
		encodedEvent(t, corev1.EventTypeWarning, "ReplicaSet"),
		encodedEvent(t, corev1.EventTypeNormal, "PersistentVolumeClaim"),
		[]byte("no event"),
	}
	for _, body := range sent {
		post(events, body)
	}
	post("/api/v1/namespaces/web/pods", normal)
	if len(reached) != 4 || !bytes.Equal(reached[0], sent[0]) || !bytes.Equal(reached[1], sent[1]) || !bytes.Equal(reached[3], normal) {
		t.Error("what is to be told was not sent as it was", len(reached))
	}
}
