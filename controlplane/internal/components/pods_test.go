package components

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/rest"
)

func TestPodsAreBoundedAndRefusedOnesDoNotCount(t *testing.T) {
	refusing := true
	server := httptest.NewServer(http.HandlerFunc(func(answer http.ResponseWriter, _ *http.Request) {
		answer.Header().Set("Content-Type", "application/json")
		if refusing {
			answer.WriteHeader(http.StatusForbidden)
		}
		_, _ = answer.Write([]byte(`{"apiVersion": "v1", "kind": "Pod"}`))
	}))
	defer server.Close()
	configuration := &rest.Config{Host: server.URL}
	configuration.Wrap(boundPods(1))
	client, err := kubernetes.NewForConfig(configuration)
	if err != nil {
		t.Fatal(err)
	}
	make := func() error {
		_, err := client.CoreV1().Pods("a").Create(context.Background(), &corev1.Pod{}, metav1.CreateOptions{})
		return err
	}
	if err := make(); err == nil || strings.Contains(err.Error(), TooManyPods) {
		t.Errorf("the server's own refusal is hidden: %v", err)
	}
	refusing = false
	if err := make(); err != nil {
		t.Errorf("a refused one was counted: %v", err)
	}
	if err := make(); !apierrors.IsForbidden(err) || !strings.Contains(err.Error(), TooManyPods) {
		t.Errorf("one too many was made: %v", err)
	}
	if _, err := client.CoreV1().ConfigMaps("a").Create(context.Background(), &corev1.ConfigMap{}, metav1.CreateOptions{}); err != nil {
		t.Errorf("something else is refused: %v", err)
	}
}
