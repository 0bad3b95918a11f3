package image

import (
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestNamesAreReadAsDockerReadsThem(t *testing.T) {
	digest := "sha256:" + strings.Repeat("0a", 32)
	for name, want := range map[string]Reference{
		"nginx":                            {Host: "docker.io", Repository: "library/nginx", Tag: "latest"},
		"nginx:1.29":                       {Host: "docker.io", Repository: "library/nginx", Tag: "1.29"},
		"acme/web":                         {Host: "docker.io", Repository: "acme/web", Tag: "latest"},
		"docker.io/nginx":                  {Host: "docker.io", Repository: "library/nginx", Tag: "latest"},
		"index.docker.io/acme/web:v1":      {Host: "docker.io", Repository: "acme/web", Tag: "v1"},
		"ghcr.io/acme/web/api:v1":          {Host: "ghcr.io", Repository: "acme/web/api", Tag: "v1"},
		"registry-1.docker.io/library/web": {Host: "docker.io", Repository: "library/web", Tag: "latest"},
		"registry.hub.docker.com/acme/web": {Host: "docker.io", Repository: "acme/web", Tag: "latest"},
		"GHCR.io/acme/web":                 {Host: "ghcr.io", Repository: "acme/web", Tag: "latest"},
		"registry.acme.com:443/web":        {Host: "registry.acme.com", Repository: "web", Tag: "latest"},
		"myhost/web":                       {Host: "docker.io", Repository: "myhost/web", Tag: "latest"},
		"localhost/web":                    {Host: "localhost", Repository: "web", Tag: "latest"},
		"host:5000/web":                    {Host: "host:5000", Repository: "web", Tag: "latest"},
		"host:5000/web:5":                  {Host: "host:5000", Repository: "web", Tag: "5"},
		"web@" + digest:                    {Host: "docker.io", Repository: "library/web", Digest: digest},
		"web:v1@" + digest:                 {Host: "docker.io", Repository: "library/web", Tag: "v1", Digest: digest},
		"a/b__c/d--e/f.g":                  {Host: "docker.io", Repository: "a/b__c/d--e/f.g", Tag: "latest"},
		"berth.sim/web:v2?boot=20s&oom":    {Host: "berth.sim", Repository: "web", Tag: "v2", Script: "boot=20s&oom"},
		"berth.sim/web?pull=slow=90s":      {Host: "berth.sim", Repository: "web", Tag: "latest", Script: "pull=slow=90s"},
		"123456789012.dkr.ecr.eu-west-1.amazonaws.com/web:v1": {Host: "123456789012.dkr.ecr.eu-west-1.amazonaws.com", Repository: "web", Tag: "v1"},
	} {
		got, err := Parse(name)
		if err != nil || got != want {
			t.Errorf("%s: %+v, %v", name, got, err)
		}
	}
}

func TestWhatIsNoNameIsRefused(t *testing.T) {
	for name, why := range map[string]string{
		"":                       "has no name",
		"ghcr.io/":               "has no name",
		"https://ghcr.io/a":      "scheme",
		"a b":                    "white space",
		"Web":                    "small letters only",
		"a//b":                   "single",
		"a/":                     "single",
		"-a":                     "single",
		"web:":                   "a tag is",
		"web:-1":                 "a tag is",
		"web:v1:v2":              "single",
		"web@sha256:12":          "no digest",
		"web@":                   "no digest",
		"web?boot=20s":           "question mark",
		"ghcr.io/web?boot=20s":   "question mark",
		"berth.sim?boot=20s":     "question mark",
		"berth.simx/web?boot=2s": "question mark",
		"berth.sim/web?":         "stand keys",
		"berth.sim/web?a=1&":     "stand keys",
		"ho_st.io/web":           "not the host",
		strings.Repeat("a", 256): "at most 255",
	} {
		if got, err := Parse(name); err == nil || !strings.Contains(err.Error(), why) {
			t.Errorf("%q: %+v, %v; want %s", name, got, err, why)
		}
	}
}

func TestOnlyNamesWithoutVersionMove(t *testing.T) {
	for name, want := range map[string]bool{"nginx": true, "nginx:latest": true, "nginx:1.29": false, "nginx@sha256:" + strings.Repeat("0", 64): false} {
		if r, err := Parse(name); err != nil || r.Moves() != want {
			t.Errorf("%s moves: %t, %v", name, r.Moves(), err)
		}
	}
}

func TestSafetyANameInFullIsTheSameName(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		name := rapid.OneOf(rapid.String(), rapid.StringMatching(`(berth\.sim/|ghcr\.io/|h:5000/)?[a-z0-9._/-]{0,20}(:[a-zA-Z0-9._-]{0,5})?(\?[a-z=&0-9]{0,9})?`)).Draw(t, "name")
		r, err := Parse(name)
		if err != nil {
			if strings.ContainsAny(err.Error(), "\n\x1b") {
				t.Fatalf("%q puts its name into the error: %v", name, err)
			}
			return
		}
		again, err := Parse(r.String())
		if err != nil || again != r {
			t.Fatalf("%q is %s, and that is %+v, %v", name, r, again, err)
		}
	})
}
