package registry

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"berth/internal/secret"
)

const (
	indexType    = "application/vnd.oci.image.index.v1+json"
	manifestType = "application/vnd.docker.distribution.manifest.v2+json"
)

// shelf is a registry in this process: what it answers by method and path.
type shelf map[string]func(http.ResponseWriter, *http.Request)

func (s shelf) RoundTrip(r *http.Request) (*http.Response, error) {
	w := httptest.NewRecorder()
	if f, ok := s[r.URL.Host+r.URL.Path]; ok {
		f(w, r)
	} else {
		http.NotFound(w, r)
	}
	answer := w.Result()
	answer.Request, answer.ContentLength = r, int64(w.Body.Len())
	if r.Method == http.MethodHead {
		answer.Body = http.NoBody
	}
	return answer, nil
}

func digest(body string) string {
	sum := sha256.Sum256([]byte(body))
	return "sha256:" + hex.EncodeToString(sum[:])
}

func serve(kind, body string) func(http.ResponseWriter, *http.Request) {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", kind)
		w.Header().Set("Docker-Content-Digest", digest(body))
		_, _ = w.Write([]byte(body))
	}
}

func refuse(status int, message string) func(http.ResponseWriter, *http.Request) {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(status)
		_, _ = w.Write([]byte(`{"errors":[{"code":"X","message":"` + message + `"}]}`))
	}
}

func ask(s http.RoundTripper, host, repository, reference string, login secret.Login) Answer {
	return Ask(context.Background(), &http.Client{Transport: s}, Image{Host: host, Repository: repository, Reference: reference}, login)
}

func TestIndexSaysForWhichMachinesAnImageIs(t *testing.T) {
	index := `{"schemaVersion":2,"manifests":[{"platform":{"os":"linux","architecture":"arm64"}},
		{"platform":{"os":"linux","architecture":"amd64"}},{"platform":{"os":"unknown","architecture":"unknown"}},{"digest":"x"}]}`
	s := shelf{"registry-1.docker.io/v2/library/nginx/manifests/1.27": serve(indexType, index)}
	got := ask(s, "docker.io", "library/nginx", "1.27", secret.Login{})
	if got.State != There || !slices.Equal(got.Platforms, []string{"linux/amd64", "linux/arm64"}) {
		t.Fatalf("the answer is %+v", got)
	}
	if !got.For("linux/arm64") || got.For("windows/amd64") || !(Answer{State: There}).For("windows/amd64") {
		t.Error("the answer does not know for whom it is")
	}
}

func TestSingleImageSaysItInItsConfiguration(t *testing.T) {
	config := `{"os":"linux","architecture":"amd64"}`
	manifest := `{"schemaVersion":2,"config":{"mediaType":"application/vnd.docker.container.image.v1+json","digest":"` + digest(config) + `","size":37}}`
	s := shelf{
		"ghcr.io/v2/acme/api/manifests/" + digest(manifest): serve(manifestType, manifest),
		"ghcr.io/v2/acme/api/blobs/" + digest(config):       serve("application/octet-stream", config),
	}
	got := ask(s, "ghcr.io", "acme/api", digest(manifest), secret.Login{})
	if got.State != There || !slices.Equal(got.Platforms, []string{"linux/amd64"}) {
		t.Fatalf("the answer is %+v", got)
	}
}

func TestRefusalsAreToldApart(t *testing.T) {
	for _, c := range []struct {
		status int
		want   State
	}{
		{401, Denied}, {403, Denied}, {404, Missing}, {429, RateLimited}, {500, Unknown}, {503, Unknown},
	} {
		got := ask(shelf{"quay.io/v2/a/b/manifests/1": refuse(c.status, "so it is")}, "quay.io", "a/b", "1", secret.Login{})
		if got.State != c.want || got.Note == "" {
			t.Errorf("%d: %+v, want %s with a note", c.status, got, c.want)
		}
	}
}

type cut struct{}

func (cut) RoundTrip(*http.Request) (*http.Response, error) { return nil, errors.New("no route") }

func TestWhoCannotBeReachedIsNoMissingImage(t *testing.T) {
	if got := ask(cut{}, "quay.io", "a/b", "1", secret.Login{}); got.State != Unreachable || !strings.Contains(got.Note, "no route") {
		t.Errorf("the answer is %+v", got)
	}
	if got := ask(cut{}, "quay.io", "a/b", "no such tag!", secret.Login{}); got.State != Unknown {
		t.Errorf("a reference that is none: %+v", got)
	}
}

func TestAnswerThatIsNoManifestIsNotTakenForOne(t *testing.T) {
	s := shelf{"quay.io/v2/a/b/manifests/1": serve(indexType, "<html>welcome to this hotel</html>")}
	if got := ask(s, "quay.io", "a/b", "1", secret.Login{}); got.State == There {
		t.Errorf("the answer is %+v", got)
	}
}

func TestLoginGoesToItsRegistryOnlyWhenItAsks(t *testing.T) {
	asked := 0
	s := shelf{"123456789012.dkr.ecr.eu-west-1.amazonaws.com/v2/api/manifests/1": func(w http.ResponseWriter, r *http.Request) {
		asked++
		if user, password, ok := r.BasicAuth(); !ok || user != "AWS" || password != "hidden" {
			w.Header().Set("Www-Authenticate", `Basic realm="https://ecr/",service="ecr.amazonaws.com"`)
			refuse(401, "authentication required")(w, r)
			return
		}
		serve(indexType, `{"manifests":[]}`)(w, r)
	}}
	const host = "123456789012.dkr.ecr.eu-west-1.amazonaws.com"
	got := ask(s, host, "api", "1", secret.Login{Username: "AWS", Password: secret.New("hidden")})
	if got.State != There || asked != 2 {
		t.Errorf("after %d requests the answer is %+v", asked, got)
	}
	if got := ask(s, host, "api", "1", secret.Login{}); got.State != Denied || strings.Contains(got.Note, "hidden") {
		t.Errorf("without a login the answer is %+v", got)
	}
}
