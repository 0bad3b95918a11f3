// Package endpoint is the address of an AWS that the command line names.
//
// In: the address. Out: whether it is one, whether anything answers there, and what time it is there where that is not the
// machine's: in a simulation, which also tells what became of its requests. It asks AWS nothing.
package endpoint

import (
	"context"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"net/url"
	"time"

	"berth/internal/cli/problem"
	"berth/internal/sim"
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

// Time is the time at an endpoint that is a simulation; false: it is none, and its time is everybody's.
func Time(ctx context.Context, endpoint string) (time.Time, bool) {
	var said struct{ Time time.Time }
	ok := ask(ctx, endpoint, "time", &said)
	return said.Time, ok && !said.Time.IsZero()
}

// Requests counts what has become of the requests that clients sent by now, at an endpoint that is a simulation; false: it is none.
func Requests(ctx context.Context, endpoint string) (sim.Count, bool) {
	var said sim.Figures
	ok := ask(ctx, endpoint, "figures", &said)
	return said.Count(), ok && !said.Time.IsZero()
}

// ask asks a simulation something about itself; false: it is none, or does not answer.
func ask(ctx context.Context, endpoint, what string, answer any) bool {
	const largest = 64 << 20
	ctx, cancel := context.WithTimeout(ctx, 2*time.Second)
	defer cancel()
	u, err := url.Parse(endpoint)
	if err != nil || endpoint == "" {
		return false
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, u.JoinPath("_sim", what).String(), http.NoBody)
	if err != nil {
		return false
	}
	said, err := http.DefaultClient.Do(r)
	if err != nil {
		return false
	}
	defer func() { _ = said.Body.Close() }() // nothing more is wanted of it
	return json.NewDecoder(io.LimitReader(said.Body, largest)).Decode(answer) == nil && said.StatusCode == http.StatusOK
}
