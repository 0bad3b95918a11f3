package route

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestRouteSaysWhichRequestsAreMeant(t *testing.T) {
	for text, want := range map[string]string{
		"public":                  "{public [] [] 0  { } 0}",
		"default?path=/api/*":     "{default [/api/*] [] 0 HTTP {/ 200-399} 30}",
		"p?path=/a,/b&host=A.com": "{p [/a /b] [a.com] 0 HTTP {/ 200-399} 30}",
		"p?host=*.acme.com&priority=7&health_check=/up?x=1&health_codes=200,204-299&deregistration_delay=0&protocol=HTTPS": "{p [] [*.acme.com] 7 HTTPS {/up?x=1 200,204-299} 0}",
		"p?path=/100%25":  "",
		"p?path=/a%2Fb":   "{p [/a/b] [] 0 HTTP {/ 200-399} 30}",
		"p?path=/q%3F%26": "{p [/q?&] [] 0 HTTP {/ 200-399} 30}",
	} {
		got, err := Parse(text)
		if want == "" {
			if err == nil {
				t.Errorf("%s is taken as %v", text, got)
			}
			continue
		}
		if err != nil || fmt.Sprint(plain(got)) != want {
			t.Errorf("%s: %v, %v, want %s", text, plain(got), err, want)
		}
	}
}

// plain is the route without its String.
func plain(r Route) any {
	type bare Route
	return bare(r)
}

func TestWhatIsNoRouteIsToldInOneLine(t *testing.T) {
	for text, want := range map[string]string{
		"":                                    "name is missing",
		"?path=/":                             "name is missing",
		"p?":                                  "is no key",
		"p?path":                              "path cannot be",
		"p?path=":                             "path cannot be",
		"p?path=/%zz":                         "begins no %XX",
		"p?path=/a&":                          "is no key",
		"p?pfad=/a":                           `"pfad" is no key`,
		"p?path=/a&path=/b":                   "given twice",
		"p?priority=5":                        "needs a path or a host",
		"p?path=/(a)":                         "path cannot be",
		"p?path=api":                          "path cannot be",
		"p?path=/a b":                         "path cannot be",
		"p?path=/ä":                           "path cannot be",
		"p?path=/" + strings.Repeat("x", 128): "path cannot be",
		"p?path=/a,,/b":                       "path cannot be",
		"p?path=/a,/a":                        "twice",
		"p?path=/1,/2,/3&host=a.b,c.d,e.f":    "at most 5 values",
		"p?host=localhost":                    "host cannot be",
		"p?host=a_b.c":                        "host cannot be",
		"p?path=/&priority=0":                 "priority cannot be",
		"p?path=/&priority=50001":             "priority cannot be",
		"p?path=/&deregistration_delay=-1":    "deregistration_delay cannot be",
		"p?path=/&health_check=up":            "health_check cannot be",
		"p?path=/&health_codes=500":           "health_codes cannot be",
		"p?path=/&health_codes=300-200":       "health_codes cannot be",
		"p?path=/&protocol=http":              "protocol cannot be",
	} {
		r, err := Parse(text)
		bad, ok := errors.AsType[*Error](err)
		if !ok || !strings.Contains(bad.Text, want) || strings.Contains(bad.Text, "\n") || bad.Hint == "" {
			t.Errorf("%q: %v, %+v, want %q", text, r, err, want)
		}
	}
}

func TestSafetyARouteReadsAsItIsWritten(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.OneOf(rapid.String(), rapid.StringMatching(`p\?(path|host|priority)=[/a*,.0-9%&=5-6]{0,9}`)).Draw(t, "text")
		r, err := Parse(text)
		if err != nil {
			return
		}
		if r.Balancer == "" || len(r.Paths)+len(r.Hosts) > 5 || r.Own() != strings.Contains(text, "?") {
			t.Fatalf("%q became %v", text, plain(r))
		}
		if again, err := Parse(r.String()); err != nil || fmt.Sprint(plain(again)) != fmt.Sprint(plain(r)) {
			t.Fatalf("%q became %v, and %s becomes %v, %v", text, plain(r), r, plain(again), err)
		}
	})
}
