package cloud

import (
	"net/http"
	"net/url"

	"github.com/aws/aws-sdk-go-v2/aws"
)

// web is a client for whatever is no API of AWS, over the same network. An endpoint that stands in for AWS stands in for the rest
// of the world too: requests go there with the host that they are for, so that nothing that is rehearsed leaves the machine.
func web(cfg aws.Config) *http.Client {
	var to *url.URL
	if cfg.BaseEndpoint != nil {
		to, _ = url.Parse(*cfg.BaseEndpoint) // one that is no URL fails the first call to AWS
	}
	return &http.Client{Transport: beyond{cfg.HTTPClient, to}, Timeout: callTime}
}

// beyond sends requests with the SDK's HTTP client, to somebody else if there is one.
type beyond struct {
	next aws.HTTPClient
	to   *url.URL // nil: to the request's own host
}

// RoundTrip sends one request.
func (b beyond) RoundTrip(r *http.Request) (*http.Response, error) {
	sent := r.Clone(r.Context())
	sent.RequestURI = ""
	if b.to != nil {
		sent.Host = r.URL.Host
		sent.URL.Scheme, sent.URL.Host = b.to.Scheme, b.to.Host
	}
	answer, err := b.next.Do(sent)
	if err == nil {
		answer.Request = r // who asked must not learn of the detour
	}
	return answer, err
}
