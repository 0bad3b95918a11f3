package route

import (
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestRouteSaysWhichRequestsAreMeant(t *testing.T) {
	for text, want := range map[string]string{
		"public":                  "{public false [] [] 0 HTTP {/ 200-399} 30}",
		"default?path=/api/*":     "{default true [/api/*] [] 0 HTTP {/ 200-399} 30}",
		"p?path=/a,/b&host=A.com": "{p true [/a /b] [a.com] 0 HTTP {/ 200-399} 30}",
		"p?host=*.acme.com&priority=7&health_check=/up?x=1&health_codes=200,204-299&deregistration_delay=0&protocol=HTTPS": "{p true [] [*.acme.com] 7 HTTPS {/up?x=1 200,204-299} 0}",
		"p?path=/100%25":      "",
		"p?path=/a%2Fb":       "{p true [/a/b] [] 0 HTTP {/ 200-399} 30}",
		"p?path=/q%3Fpage%3D": "{p true [/q?page=] [] 0 HTTP {/ 200-399} 30}",
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
		"p?":                                  "no key=value",
		"p?path":                              "no key=value",
		"p?path=":                             "no key=value",
		"p?path=/%zz":                         "no key=value",
		"p?path=/a&":                          "no key=value",
		"p?pfad=/a":                           `no route has "pfad"`,
		"p?path=/a&path=/b":                   "given twice",
		"p?priority=5":                        "neither path nor host",
		"p?path=api":                          `path "api" is none`,
		"p?path=/a b":                         "is none that a load balancer takes",
		"p?path=/ä":                           "is none that a load balancer takes",
		"p?path=/" + strings.Repeat("x", 128): "is none that a load balancer takes",
		"p?path=/a,,/b":                       `path "" is none`,
		"p?path=/a,/a":                        "stands twice",
		"p?path=/1,/2,/3&host=a.b,c.d,e.f":    "takes 5 values",
		"p?host=localhost":                    "needs a dot",
		"p?host=a_b.c":                        `host "a_b.c" is none`,
		"p?path=/&priority=0":                 "from 1 to 50000",
		"p?path=/&priority=50001":             "from 1 to 50000",
		"p?path=/&deregistration_delay=-1":    "from 0 to 3600",
		"p?path=/&health_check=up":            "begins with /",
		"p?path=/&health_codes=500":           "from 200 to 499",
		"p?path=/&health_codes=300-200":       "from 200 to 499",
		"p?path=/&protocol=http":              "HTTP or HTTPS",
	} {
		r, err := Parse(text)
		if err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%q: %v, %v, want %q", text, r, err, want)
		}
	}
}

func TestRouteReadsAsWords(t *testing.T) {
	for text, want := range map[string]string{
		"p": "p", "p?path=/a,/b": "p /a,/b", "p?host=a.b": "p /* on a.b",
	} {
		if r, err := Parse(text); err != nil || r.String() != want {
			t.Errorf("%s reads as %q, %v", text, r, err)
		}
	}
}

func TestSafetyNoTextBreaksARoute(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.OneOf(rapid.String(), rapid.StringMatching(`p\?(path|host|priority)=[/a*,.0-9%&=]{0,9}`)).Draw(t, "text")
		r, err := Parse(text)
		if err == nil && (r.Balancer == "" || r.Own == (len(r.Paths)+len(r.Hosts) == 0) || len(r.Paths)+len(r.Hosts) > 5) {
			t.Fatalf("%q became %v", text, plain(r))
		}
	})
}
