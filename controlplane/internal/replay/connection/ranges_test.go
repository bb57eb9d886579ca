package connection

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// asked counts how often the server is asked; it refuses until `accepted` questions came.
func asked(t *testing.T, query, refusal string, accepted int) (count int, code int, text string) {
	server := httptest.NewServer(http.HandlerFunc(func(answer http.ResponseWriter, request *http.Request) {
		body, _ := io.ReadAll(request.Body)
		if count++; string(body) != "service" {
			t.Errorf("the body is not sent again: %q", body)
		}
		if count < accepted {
			answer.WriteHeader(http.StatusUnprocessableEntity)
			_, _ = answer.Write([]byte(refusal))
		}
	}))
	defer server.Close()
	request, _ := http.NewRequest(http.MethodPatch, server.URL+query, strings.NewReader("service"))
	response, err := rangesTransport{http.DefaultTransport}.RoundTrip(request)
	if err != nil {
		t.Fatal(err)
	}
	body, _ := io.ReadAll(response.Body)
	return count, response.StatusCode, string(body)
}

func TestADryRunInAnotherRangeIsRepeated(t *testing.T) {
	refusal := "the provided IP (10.43.0.10) is not in the valid range. The range of valid IPs is 10.96.0.0/12"
	if count, code, _ := asked(t, "/?dryRun=All", refusal, 3); count != 3 || code != http.StatusOK {
		t.Errorf("%d questions, then %d", count, code)
	}
	if count, code, text := asked(t, "/?dryRun=All", refusal, 99); count != rangeTries+1 || code != 422 || text != refusal {
		t.Errorf("%d questions, then %d %q", count, code, text)
	}
	if count, _, _ := asked(t, "/", refusal, 3); count != 1 {
		t.Error("an application was repeated")
	}
	if count, _, text := asked(t, "/?dryRun=All", "another refusal", 3); count != 1 || text != "another refusal" {
		t.Errorf("another refusal was repeated, or lost: %q", text)
	}
}
