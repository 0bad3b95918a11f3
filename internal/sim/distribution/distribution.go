package distribution

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strconv"
	"strings"

	"berth/internal/sim/ecr"
	"berth/internal/sim/ecs/program"
	"berth/internal/sim/wire"
	"berth/internal/sim/world"
)

// Asked tells whether a request is one for a registry: nobody signs those, as every request for an API of AWS's is signed.
func Asked(r *http.Request) bool {
	signed := strings.HasPrefix(r.Header.Get("Authorization"), "AWS4-") || r.URL.Query().Has("X-Amz-Signature")
	return !signed && (r.URL.Path == "/v2" || strings.HasPrefix(r.URL.Path, "/v2/"))
}

// Judge is what IAM says of a call that somebody makes with an input; nil: it may be.
type Judge func(c *world.Call, in any) error

// Answer is what the registry that a request is for answers to somebody whom IAM judges so.
func Answer(w *world.World, r *http.Request, judge Judge) *http.Response {
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		return refusal(http.StatusMethodNotAllowed, "UNSUPPORTED", "the operation is unsupported")
	}
	if ecr.Host(r.Host) && !ecr.LoggedIn(r) {
		no := refusal(http.StatusUnauthorized, "UNAUTHORIZED", "authentication required")
		no.Header.Set("Www-Authenticate", `Basic realm="https://`+r.Host+`/",service="ecr.amazonaws.com"`)
		return no
	}
	repository, reference, ok := strings.Cut(strings.TrimPrefix(r.URL.Path, "/v2/"), "/manifests/")
	if !ok {
		return refusal(http.StatusNotFound, "NOT_FOUND", "the simulated registries serve manifests only")
	}
	if why := shut(w, r.Host, repository, judge); why != "" {
		return refusal(http.StatusForbidden, "DENIED", why)
	}
	state := outage(w, r.Host, repository, reference)
	if p, err := program.Parse(program.Registry + "image?" + r.URL.RawQuery); state == "" && err == nil && strings.HasPrefix(program.Registry, r.Host+"/") {
		state = p.Pull
	}
	return manifest(state, reference, r.Method)
}

// shut is why IAM keeps somebody out of a repository; empty: it is none of ECR's, or may be read.
func shut(w *world.World, host, repository string, judge Judge) string {
	if !ecr.Host(host) {
		return ""
	}
	c, in := ecr.Pull(w, host, repository)
	err := judge(c, in)
	if err == nil {
		return ""
	}
	if no, ok := errors.AsType[*wire.Error](err); ok {
		return no.Message
	}
	return err.Error()
}

// outage is what keeps the image from being pulled just now; the zero value: nothing.
func outage(w *world.World, host, repository, reference string) string {
	separator := ":"
	if strings.Contains(reference, ":") {
		separator = "@"
	}
	for _, region := range w.Regions.All() {
		for prefix, o := range region.ECS.Unpullable.All() {
			for _, name := range names(host, repository) {
				if strings.HasPrefix(name+separator+reference, prefix) && (o.Until.IsZero() || w.Now().Before(o.Until)) {
					return o.Kind
				}
			}
		}
	}
	return ""
}

// names are how task definitions may call a repository: Docker Hub's is left out of names, and so is its "library".
func names(host, repository string) []string {
	out := []string{host + "/" + repository}
	if host == "registry-1.docker.io" {
		short := strings.TrimPrefix(repository, "library/")
		out = append(out, "docker.io/"+repository, repository, "docker.io/"+short, short)
	}
	return out
}

func manifest(outage, reference, method string) *http.Response {
	switch outage {
	case program.Missing:
		return refusal(http.StatusNotFound, "MANIFEST_UNKNOWN", "manifest unknown")
	case program.Unauthorized:
		return refusal(http.StatusUnauthorized, "UNAUTHORIZED", "authentication required")
	case program.RateLimited:
		return refusal(http.StatusTooManyRequests, "TOOMANYREQUESTS", "You have reached your pull rate limit.")
	case program.Unreachable:
		return refusal(http.StatusServiceUnavailable, "UNAVAILABLE", "service unavailable")
	}
	machines := []string{"amd64", "arm64"}
	if outage == program.WrongArch {
		machines = []string{"s390x"}
	}
	body := index(reference, machines)
	digest := "sha256:" + sum(body)
	if strings.HasPrefix(reference, "sha256:") {
		digest = reference // the only image that the world has by that digest
	}
	return answer(http.StatusOK, body, method, http.Header{
		"Content-Type": {"application/vnd.oci.image.index.v1+json"}, "Docker-Content-Digest": {digest},
	})
}

// index lists an image for machines: usually the two kinds that ECS has on Linux.
func index(reference string, machines []string) []byte {
	type platform struct {
		Architecture string `json:"architecture"`
		OS           string `json:"os"`
	}
	type descriptor struct {
		MediaType string   `json:"mediaType"`
		Digest    string   `json:"digest"`
		Size      int      `json:"size"`
		Platform  platform `json:"platform"`
	}
	var all []descriptor
	for _, architecture := range machines {
		digest := "sha256:" + sum([]byte(reference+architecture))
		all = append(all, descriptor{"application/vnd.oci.image.manifest.v1+json", digest, 1024, platform{architecture, "linux"}})
	}
	body, _ := json.Marshal(map[string]any{ // plain texts and numbers always marshal
		"schemaVersion": 2, "mediaType": "application/vnd.oci.image.index.v1+json", "manifests": all,
	})
	return body
}

func sum(b []byte) string {
	digest := sha256.Sum256(b)
	return hex.EncodeToString(digest[:])
}

// refusal is an error in the form of the protocol (OCI distribution specification, "Error Codes").
func refusal(status int, code, message string) *http.Response {
	body, _ := json.Marshal(map[string]any{"errors": []map[string]string{{"code": code, "message": message}}})
	return answer(status, body, http.MethodGet, http.Header{"Content-Type": {"application/json"}})
}

func answer(status int, body []byte, method string, header http.Header) *http.Response {
	header.Set("Docker-Distribution-Api-Version", "registry/2.0")
	header.Set("Content-Length", strconv.Itoa(len(body)))
	if method == http.MethodHead {
		body = nil
	}
	return &http.Response{
		StatusCode: status, Status: strconv.Itoa(status) + " " + http.StatusText(status), Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: header, ContentLength: int64(len(body)), Body: io.NopCloser(bytes.NewReader(body)),
	}
}
