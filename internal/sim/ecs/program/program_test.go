package program

import (
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func TestImagesUnderTheRegistrySayWhatTheyDo(t *testing.T) {
	tests := map[string]Program{
		"nginx":                               {},
		"public.ecr.aws/nginx/nginx:1.27":     {},
		"berth.sim/web:v2":                    {},
		"berth.sim/web:v2?boot=20s&crash=60s": {Boot: 20 * time.Second, Ends: true, After: time.Minute, Exit: 1},
		"berth.sim/web?crash=1m&exit=3":       {Ends: true, After: time.Minute, Exit: 3},
		"berth.sim/job?once=5s":               {Ends: true, After: 5 * time.Second},
		"berth.sim/job?exit=4&once=5s":        {Ends: true, After: 5 * time.Second, Exit: 4},
		"berth.sim/web?oom":                   {Ends: true, OOM: true, Exit: 137},
		"berth.sim/web?oom=90s":               {Ends: true, OOM: true, Exit: 137, After: 90 * time.Second},
		"berth.sim/web?unhealthy":             {Sick: true},
		"berth.sim/web?unhealthy=2m":          {Sick: true, SickAfter: 2 * time.Minute},
		"berth.sim/web?status=404&took=2s":    {Status: 404, Took: 2 * time.Second},
		"berth.sim/a/b?silent&drop":           {Silent: true, Drops: true},
		"berth.sim/web?ignore-sigterm":        {Deaf: true},
		"berth.sim/web?slowstop=20s":          {Slow: 20 * time.Second},
		"berth.sim/web?pull=missing":          {Pull: Missing},
		"berth.sim/web?pull=wrong-arch":       {Pull: WrongArch},
		"berth.sim/web?pull=disk-full":        {Pull: DiskFull},
		"berth.sim/web?pull=slow=90s":         {PullTakes: 90 * time.Second},
	}
	for image, want := range tests {
		if got, err := Parse(image); err != nil || got != want {
			t.Errorf("%s: %+v, %v", image, got, err)
		}
	}
}

func TestImagesThatSayNonsenseAreRefused(t *testing.T) {
	for image, why := range map[string]string{
		"nginx?boot=1s":                            "not under berth.sim/",
		"berth.sim/web?":                           "no such key",
		"berth.sim/Web":                            "not the name of an image",
		"berth.sim/":                               "not the name of an image",
		"berth.sim/web?bootz=1s":                   `the key "bootz": there is no such key`,
		"berth.sim/web?boot":                       "is not a time",
		"berth.sim/web?boot=-1s":                   "is not a time",
		"berth.sim/web?boot=1s&boot=2s":            "twice",
		"berth.sim/web?status=42":                  "from 100 to 599",
		"berth.sim/web?silent=yes":                 "takes no value",
		"berth.sim/web?exit=3":                     "exit is the code of",
		"berth.sim/web?crash=1s&once=1s":           "one of crash, once and oom",
		"berth.sim/web?pull=often":                 "is not one of",
		"berth.sim/web?pull=slow=x":                "is not a time",
		"berth.sim/web?slowstop=1s&ignore-sigterm": "does not end slowly",
	} {
		if _, err := Parse(image); err == nil || !strings.Contains(err.Error(), why) {
			t.Errorf("%s: %v", image, err)
		}
	}
}

func TestEveryListedKeyIsRead(t *testing.T) {
	values := map[string]string{"DURATION": "=5s", "": "", "0 to 255": "=3&once=1s", "100 to 599": "=404"}
	for _, k := range Keys() {
		value, ok := values[k.Value]
		if !ok {
			value = map[bool]string{true: "=missing", false: ""}[k.Name == "pull"]
		}
		if p, err := Parse("berth.sim/x?" + k.Name + value); err != nil || p == (Program{}) {
			t.Errorf("%s: %+v, %v", k.Name, p, err)
		}
	}
}

func TestSafetyNoImageMakesTheParserPanic(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		_, _ = Parse(rapid.OneOf(rapid.String(), rapid.StringMatching(`berth\.sim/[a-z?&=0-9:.-]*`)).Draw(t, "image"))
	})
}

func TestReasonsNameTheImageAndItsRegistry(t *testing.T) {
	for _, test := range []struct{ kind, image, want string }{
		{Missing, "berth.sim/web:v2?pull=missing", "manifest for berth.sim/web:v2 not found: manifest unknown"},
		{Unauthorized, "host:5000/web:v2", "pull access denied for host:5000/web, repository does not exist"},
		{RateLimited, "nginx", "toomanyrequests: You have reached your pull rate limit."},
		{Unreachable, "nginx", `Get "https://registry-1.docker.io/v2/"`},
		{Unreachable, "public.ecr.aws/x/y", `Get "https://public.ecr.aws/v2/"`},
		{DiskFull, "nginx", "CannotPullContainerError: write /var/lib/docker/tmp/GetImageBlob"},
		{DiskFull, "nginx", ": no space left on device"},
		{WrongArch, "nginx", "CannotStartContainerError: Error response from daemon: "},
	} {
		if got := Reason(test.kind, test.image); !strings.Contains(got, test.want) {
			t.Errorf("%s of %s: %s", test.kind, test.image, got)
		}
	}
}
