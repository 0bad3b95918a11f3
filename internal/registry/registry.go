// Package registry asks image registries whether an image is there, and for which machines.
//
// In: an HTTP client, the image, and a login where one is at hand. Out: an Answer. It speaks the OCI distribution protocol, which
// every registry serves, and reads an image's descriptions only: it pulls no layer and changes nothing. What a registry does not
// say is unknown, never a guess.
package registry

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"

	ocispec "github.com/opencontainers/image-spec/specs-go/v1"
	"oras.land/oras-go/v2/errdef"
	"oras.land/oras-go/v2/registry"
	"oras.land/oras-go/v2/registry/remote"
	"oras.land/oras-go/v2/registry/remote/auth"
	"oras.land/oras-go/v2/registry/remote/errcode"

	"berth/internal/secret"
)

// Image is an image by its parts.
type Image struct {
	Host       string // "docker.io", "ghcr.io", "127.0.0.1:5000"
	Repository string // "library/nginx"
	Reference  string // a tag, or a digest with its algorithm
	Script     string // the query of the request, by which registries of simulated images know how they behave; empty: none
}

// State is what a registry says about an image.
type State string

// The states.
const (
	There       State = "there"
	Missing     State = "missing"
	Denied      State = "denied"      // it is private, or not there: registries do not tell strangers which
	RateLimited State = "ratelimited" // too many requests from this address or account
	Unreachable State = "unreachable" // from here, which says nothing about the instances
	Unknown     State = "unknown"     // the registry answered something else
)

// Answer is what came of asking.
type Answer struct {
	State     State
	Platforms []string // "linux/amd64", sorted; of an image that is There; empty: the image does not say
	Note      string   // the registry's or the network's own words, where the state is not There
}

// For tells whether the image has something for a machine; true also where it does not say.
func (a Answer) For(platform string) bool {
	return len(a.Platforms) == 0 || slices.Contains(a.Platforms, platform)
}

// largest is more than any index, manifest or configuration weighs, in bytes: registries take up to 4 MiB.
const largest = 4 << 20

// Ask asks for an image; the zero login asks as nobody in particular. Its answers come from outside: Note may hold anything.
func Ask(ctx context.Context, client *http.Client, image Image, login secret.Login) Answer {
	repository := &remote.Repository{
		Reference: registry.Reference{Registry: image.Host, Repository: image.Repository},
		Client: &auth.Client{Client: scripted(client, image.Script), Cache: auth.NewCache(), Credential: func(_ context.Context, host string) (auth.Credential, error) {
			if login.Username == "" || host != (registry.Reference{Registry: image.Host}).Host() {
				return auth.EmptyCredential, nil
			}
			return auth.Credential{Username: login.Username, Password: login.Password.Reveal()}, nil
		}},
	}
	found, err := read(ctx, repository, image.Reference)
	if err != nil {
		return refused(err)
	}
	slices.Sort(found)
	return Answer{State: There, Platforms: slices.Compact(found)}
}

// scripted puts a query into the requests of a client.
func scripted(client *http.Client, query string) *http.Client {
	if query == "" {
		return client
	}
	next := client.Transport
	if next == nil {
		next = http.DefaultTransport
	}
	out := *client
	out.Transport = asking{next, query}
	return &out
}

type asking struct {
	next  http.RoundTripper
	query string
}

// RoundTrip sends a copy of the request: the caller's is not to be changed.
func (a asking) RoundTrip(r *http.Request) (*http.Response, error) {
	r = r.Clone(r.Context())
	r.URL.RawQuery = a.query
	return a.next.RoundTrip(r)
}

// read gives the platforms of an image: those that its index lists, or the one of its configuration.
func read(ctx context.Context, r *remote.Repository, reference string) ([]string, error) {
	described, body, err := r.FetchReference(ctx, reference)
	if err != nil {
		return nil, err
	}
	switch described.MediaType {
	case ocispec.MediaTypeImageIndex, "application/vnd.docker.distribution.manifest.list.v2+json":
		var index ocispec.Index
		if err := decode(body, &index); err != nil {
			return nil, err
		}
		return platforms(index), nil
	case ocispec.MediaTypeImageManifest, "application/vnd.docker.distribution.manifest.v2+json":
		var manifest ocispec.Manifest
		if err := decode(body, &manifest); err != nil {
			return nil, err
		}
		return configured(ctx, r, manifest.Config)
	}
	return nil, body.Close() // older formats do not say
}

// platforms leaves out what is no image, such as attestations, which call themselves unknown/unknown.
func platforms(index ocispec.Index) []string {
	var out []string
	for _, m := range index.Manifests {
		if m.Platform != nil && m.Platform.OS != "unknown" {
			out = append(out, m.Platform.OS+"/"+m.Platform.Architecture)
		}
	}
	return out
}

// configured reads the configuration of an image. An artifact that has none of an image's does not say.
func configured(ctx context.Context, r *remote.Repository, config ocispec.Descriptor) ([]string, error) {
	body, err := r.Blobs().Fetch(ctx, config)
	if err != nil {
		return nil, err
	}
	var image ocispec.Image
	if err := decode(body, &image); err != nil {
		return nil, err
	}
	if image.OS == "" {
		return nil, nil
	}
	return []string{image.OS + "/" + image.Architecture}, nil
}

func decode(body io.ReadCloser, into any) error {
	text, err := io.ReadAll(io.LimitReader(body, largest))
	if err = errors.Join(err, body.Close()); err != nil {
		return err
	}
	if err := json.Unmarshal(text, into); err != nil {
		return fmt.Errorf("the registry's answer is no JSON: %w", err)
	}
	return nil
}

// refused sorts out why there was no answer.
func refused(err error) Answer {
	var answer *errcode.ErrorResponse
	switch {
	case errors.Is(err, errdef.ErrNotFound):
		return Answer{State: Missing, Note: "the registry does not know it"}
	case errors.As(err, &answer):
		return Answer{State: stateOf(answer.StatusCode), Note: words(answer)}
	case errors.Is(err, auth.ErrBasicCredentialNotFound):
		return Answer{State: Denied, Note: "the registry wants a login"}
	case errors.Is(err, errdef.ErrInvalidReference):
		return Answer{State: Unknown, Note: err.Error()}
	}
	return Answer{State: Unreachable, Note: err.Error()}
}

func stateOf(status int) State {
	switch status {
	case http.StatusNotFound:
		return Missing
	case http.StatusUnauthorized, http.StatusForbidden:
		return Denied
	case http.StatusTooManyRequests:
		return RateLimited
	}
	return Unknown
}

// words are the registry's own, or the name of its status where it says nothing.
func words(e *errcode.ErrorResponse) string {
	if len(e.Errors) > 0 && e.Errors[0].Message != "" {
		return e.Errors[0].Message
	}
	return strings.ToLower(http.StatusText(e.StatusCode))
}
