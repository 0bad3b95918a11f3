package distribution

import (
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/ecr"

	"berth/internal/sim/ecs/program"
	"berth/internal/sim/wire"
	"berth/internal/sim/world"
)

func get(t *testing.T, w *world.World, method, url string) (int, http.Header, string) {
	t.Helper()
	r, err := http.NewRequest(method, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	if !Asked(r) {
		t.Fatalf("%s is no request for a registry", url)
	}
	return answered(t, w, r, func(*world.Call, any) error { return nil })
}

func answered(t *testing.T, w *world.World, r *http.Request, judge Judge) (int, http.Header, string) {
	t.Helper()
	answer := Answer(w, r, judge)
	body, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	return answer.StatusCode, answer.Header, string(body)
}

func TestEveryImageIsThereUntilAnOutageSaysOtherwise(t *testing.T) {
	w := world.New(1)
	status, header, body := get(t, w, http.MethodGet, "https://registry-1.docker.io/v2/library/nginx/manifests/1.27")
	if status != http.StatusOK || header.Get("Docker-Content-Digest") != "sha256:"+sum([]byte(body)) || !json.Valid([]byte(body)) {
		t.Errorf("%d %v %s", status, header, body)
	}
	w.Region("eu-west-1").ECS.Unpullable.Put("nginx:1", &world.Outage{Kind: program.Missing, Until: w.Now().Add(time.Minute)})
	if status, _, body := get(t, w, http.MethodGet, "https://registry-1.docker.io/v2/library/nginx/manifests/1.27"); status != http.StatusNotFound {
		t.Errorf("in the outage: %d %s", status, body)
	}
	w.Region("eu-west-1").ECS.Unpullable.Put("docker.io/nginx:3", &world.Outage{Kind: program.Missing})
	if status, _, body := get(t, w, http.MethodGet, "https://registry-1.docker.io/v2/library/nginx/manifests/3"); status != http.StatusNotFound {
		t.Errorf("in the outage under its longer name: %d %s", status, body)
	}
	if status, _, _ := get(t, w, http.MethodGet, "https://registry-1.docker.io/v2/library/nginx/manifests/2.0"); status != http.StatusOK {
		t.Errorf("another tag: %d", status)
	}
	w.Advance(2 * time.Minute)
	if status, _, _ := get(t, w, http.MethodGet, "https://registry-1.docker.io/v2/library/nginx/manifests/1.27"); status != http.StatusOK {
		t.Errorf("after the outage: %d", status)
	}
}

func TestHeadTellsTheSameWithoutABody(t *testing.T) {
	w := world.New(1)
	digest := "sha256:" + strings.Repeat("ab", 32)
	status, header, body := get(t, w, http.MethodHead, "https://ghcr.io/v2/acme/api/manifests/"+digest)
	if status != http.StatusOK || body != "" || header.Get("Content-Length") == "0" || header.Get("Docker-Content-Digest") != digest {
		t.Errorf("%d %v %q", status, header, body)
	}
}

func TestWhatIsNoManifestIsRefused(t *testing.T) {
	w := world.New(1)
	for url, want := range map[string]int{
		"https://ghcr.io/v2/acme/api/blobs/sha256:00":                                  http.StatusNotFound,
		"https://123456789012.dkr.ecr.eu-west-1.amazonaws.com/v2/shop/api/manifests/1": http.StatusUnauthorized,
	} {
		if status, _, body := get(t, w, http.MethodGet, url); status != want || !strings.Contains(body, `"errors"`) {
			t.Errorf("%s: %d %s", url, status, body)
		}
	}
	if status, _, _ := get(t, w, http.MethodPut, "https://ghcr.io/v2/acme/api/manifests/1"); status != http.StatusMethodNotAllowed {
		t.Errorf("PUT: %d", status)
	}
}

func TestAScriptedImageSaysInItsQueryWhatKeepsItFromBeingPulled(t *testing.T) {
	w := world.New(1)
	for query, want := range map[string]int{
		"": http.StatusOK, "boot=5s": http.StatusOK, "pull=missing": http.StatusNotFound, "pull=unauthorized": http.StatusUnauthorized,
		"pull=ratelimited": http.StatusTooManyRequests, "pull=unreachable": http.StatusServiceUnavailable,
	} {
		if status, _, _ := get(t, w, http.MethodGet, "https://berth.sim/v2/web/manifests/1?"+query); status != want {
			t.Errorf("%q: %d", query, status)
		}
	}
	if _, _, body := get(t, w, http.MethodGet, "https://berth.sim/v2/web/manifests/1?pull=wrong-arch"); !strings.Contains(body, "s390x") || strings.Contains(body, "amd64") {
		t.Errorf("for other machines: %s", body)
	}
	if status, _, _ := get(t, w, http.MethodGet, "https://ghcr.io/v2/acme/api/manifests/1?pull=missing"); status != http.StatusOK {
		t.Errorf("a registry that takes no script: %d", status)
	}
}

func TestARepositoryOfECRIsReadByWhoMayPullFromIt(t *testing.T) {
	w := world.New(1)
	var asked string
	judge := func(c *world.Call, in any) error {
		asked = c.Service + ":" + c.Operation + " " + *in.(*ecr.BatchGetImageInput).RepositoryName
		return wire.Errorf("AccessDeniedException", "User: x is not authorized")
	}
	for host, want := range map[string]int{ // unordered: each is asked alone
		"210987654321.dkr.ecr.us-east-1.amazonaws.com": http.StatusForbidden, "ghcr.io": http.StatusOK,
	} {
		r, err := http.NewRequest(http.MethodGet, "https://"+host+"/v2/shop/api/manifests/1", nil)
		if err != nil {
			t.Fatal(err)
		}
		r.SetBasicAuth("AWS", "simulated")
		status, _, body := answered(t, w, r, judge)
		if status != want || want != http.StatusOK && !strings.Contains(body, `"code":"DENIED","message":"User: x is not authorized"`) {
			t.Errorf("%s: %d %s", host, status, body)
		}
	}
	if asked != "ecr:BatchGetImage arn:aws:ecr:us-east-1:210987654321:repository/shop/api" {
		t.Errorf("IAM is asked for %s", asked)
	}
}

func TestASignedRequestIsForAnAPI(t *testing.T) {
	for name, change := range map[string]func(*http.Request){ // unordered: each is changed alone
		"signed":    func(r *http.Request) { r.Header.Set("Authorization", "AWS4-HMAC-SHA256 Credential=x") },
		"presigned": func(r *http.Request) { r.URL.RawQuery = "X-Amz-Signature=00" },
		"elsewhere": func(r *http.Request) { r.URL.Path = "/v2x/a" },
	} {
		r, err := http.NewRequest(http.MethodGet, "https://bucket.s3.eu-west-1.amazonaws.com/v2/key", nil)
		if err != nil {
			t.Fatal(err)
		}
		if change(r); Asked(r) {
			t.Errorf("%s: it is taken for one to a registry", name)
		}
	}
}
