// Package endpoint is the address of an AWS that the command line names.
//
// In: the address. Out: whether it is one, and whether anything answers there. It asks AWS nothing.
package endpoint

import (
	"context"
	"net"
	"net/http"
	"net/url"
	"time"

	"berth/internal/cli/problem"
)

// Reach knocks at an endpoint, so that a wrong one is told at once rather than after the retries that AWS deserves; none is fine.
// Behind a proxy nobody knows what can be reached.
func Reach(ctx context.Context, endpoint string, at problem.Place) error {
	if endpoint == "" {
		return nil
	}
	u, err := url.Parse(endpoint)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return problem.Usage("--endpoint-url is a URL such as http://127.0.0.1:4566, not "+problem.Shell(endpoint), "berth --help")
	}
	if proxy, err := http.ProxyFromEnvironment(&http.Request{URL: u}); err != nil || proxy != nil {
		return nil //nolint:nilerr // then the calls themselves will tell
	}
	port := u.Port()
	if port == "" {
		port = u.Scheme
	}
	d := net.Dialer{Timeout: 10 * time.Second}
	c, err := d.DialContext(ctx, "tcp", net.JoinHostPort(u.Hostname(), port))
	if err != nil {
		return problem.Unreachable(err, at)
	}
	return c.Close()
}
