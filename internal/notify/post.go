package notify

import (
	"bytes"
	"cmp"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"berth/internal/plain"
	"berth/internal/secret"
)

// The bounds of one try.
const (
	tryTime    = 10 * time.Second
	mostAnswer = 64 << 10 // of an answer that is read
	quoted     = 200      // of it that is shown
)

// web posts to an address that may be a secret as a whole.
type web struct {
	address secret.Text
	client  *http.Client
}

// newWeb checks an address. It must be https; plain http is taken on the machine itself.
func newWeb(address secret.Text) (web, error) {
	u, err := url.Parse(address.Reveal())
	switch {
	case err != nil || u.Hostname() == "" || u.Scheme != "https" && u.Scheme != "http":
		return web{}, errors.New("it is no address that begins with https://")
	case u.Scheme == "http" && !loopback(u.Hostname()):
		return web{}, errors.New("it is plain http, which is taken on this machine only")
	}
	return web{address, &http.Client{
		Timeout: tryTime,
		Transport: &http.Transport{
			Proxy: http.ProxyFromEnvironment, DialContext: (&net.Dialer{Timeout: tryTime}).DialContext, TLSHandshakeTimeout: tryTime,
			TLSClientConfig: &tls.Config{MinVersion: tls.VersionTLS12}, ForceAttemptHTTP2: true, MaxIdleConnsPerHost: 1, IdleConnTimeout: time.Minute,
			MaxResponseHeaderBytes: mostAnswer,
		},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}, nil
}

// loopback tells whether a host is this machine.
func loopback(host string) bool {
	address, err := netip.ParseAddr(host)
	return host == "localhost" || err == nil && address.IsLoopback()
}

func (w web) url() *url.URL {
	u, _ := url.Parse(w.address.Reveal()) // it was parsed before
	return u
}

// Local tells whether the messages stay on this machine.
func (w web) Local() bool { return loopback(w.url().Hostname()) }

// post sends a body once. What it says of a failure names the host alone.
func (w web) post(ctx context.Context, body []byte, header http.Header) error {
	ctx, cancel := context.WithTimeout(ctx, tryTime)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, w.address.Reveal(), bytes.NewReader(body))
	if err != nil {
		return &Failure{Text: "its address cannot be used", Final: true}
	}
	r.Header = header
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("User-Agent", "berth")
	answer, err := w.client.Do(r)
	if err != nil {
		return &Failure{Text: w.url().Hostname() + ": " + bare(err)}
	}
	defer func() { _ = answer.Body.Close() }() // nothing more is wanted of it
	said, _ := io.ReadAll(io.LimitReader(answer.Body, mostAnswer))
	return w.judge(answer, said)
}

// bare is an error of a client without the address, which may be a secret.
func bare(err error) string {
	if u, ok := errors.AsType[*url.Error](err); ok {
		if u.Timeout() {
			return fmt.Sprintf("it did not answer within %s", tryTime)
		}
		err = u.Err
	}
	return line(err.Error(), longTitle)
}

// judge tells whether an answer means that the message arrived, that it may later, or that it never will.
func (w web) judge(answer *http.Response, said []byte) error {
	code := answer.StatusCode
	if code >= 200 && code < 300 {
		return nil
	}
	f := &Failure{Text: fmt.Sprintf("%s answers %d", w.url().Hostname(), code), After: after(answer.Header.Get("Retry-After"))}
	passing := []int{http.StatusRequestTimeout, http.StatusTooEarly, http.StatusTooManyRequests}
	switch {
	case code >= 300 && code < 400:
		f.Text += ", which leads to another address; berth follows none"
		return f
	case code < 500:
		f.Final = !slices.Contains(passing, code)
	}
	if text := w.hide(line(string(said), mostAnswer)); text != "" {
		f.Text += ": " + text
	}
	return f
}

// hide takes the address and its parts out of what a server says, before it is cut: half a secret is none to find.
func (w web) hide(text string) string {
	u := w.url()
	parts := []string{w.address.Reveal(), u.RequestURI(), u.EscapedPath(), u.Path, u.RawQuery}
	parts = slices.Concat(parts, strings.Split(u.EscapedPath(), "/"), strings.Split(u.Path, "/"))
	for _, values := range u.Query() { // unordered: the longest goes first below
		parts = append(parts, values...)
	}
	if password, set := u.User.Password(); set {
		parts = append(parts, password)
	}
	return plain.Cut(hidden(text, parts...), quoted)
}

// hidden is a text without some others in it, unless they are too short to be secrets.
func hidden(text string, parts ...string) string {
	slices.SortFunc(parts, func(a, b string) int { return cmp.Or(cmp.Compare(len(b), len(a)), cmp.Compare(a, b)) })
	for _, part := range parts {
		if len(part) >= 6 {
			text = strings.ReplaceAll(text, part, secret.Mask)
		}
	}
	return text
}

// after is how long a server asks to be left alone; 0: it does not, or names a date, for which our own pauses will do.
func after(text string) time.Duration {
	n, err := strconv.Atoi(strings.TrimSpace(text))
	if err != nil || n < 0 {
		return 0
	}
	return time.Duration(min(n, 24*3600)) * time.Second
}
