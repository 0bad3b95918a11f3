package endpoint_test

import (
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"berth/internal/cli/endpoint"
)

func TestOnlyASimulationHasATimeOfItsOwn(t *testing.T) {
	at := time.Date(2026, 11, 2, 9, 0, 0, 0, time.UTC)
	for name, answer := range map[string]struct {
		text string
		code int
		want bool
	}{
		"a simulation":   {`{"time":"2026-11-02T09:00:00Z"}`, 200, true},
		"another AWS":    {`<Error><Code>NoSuchBucket</Code></Error>`, 404, false},
		"an odd one":     {`{"time":"2026-11-02T09:00:00Z"}`, 403, false},
		"one that lies":  {`{"time":"now"}`, 200, false},
		"one that talks": {`{}`, 200, false},
	} {
		h := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path != "/_sim/time" || r.Method != http.MethodGet {
				t.Errorf("%s: %s %s", name, r.Method, r.URL)
			}
			w.WriteHeader(answer.code)
			_, _ = w.Write([]byte(answer.text))
		}))
		got, known := endpoint.Time(t.Context(), h.URL)
		h.Close()
		if known != answer.want || known && !got.Equal(at) {
			t.Errorf("%s: %v %s", name, known, got)
		}
	}
	if _, known := endpoint.Time(t.Context(), ""); known {
		t.Error("no endpoint has a time")
	}
}
