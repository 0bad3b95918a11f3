package landing

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"

	"berth/internal/live"
	"berth/internal/placement"
	"berth/internal/render/ink"
)

var update = flag.Bool("update", false, "rewrite the golden files of testdata")

func golden(t *testing.T, name, got string) {
	t.Helper()
	path := "testdata/" + name
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("%s differs:\n%s", name, got)
	}
}

// six are instances in three zones, with a group that may grow by one.
func six() placement.Site {
	var s placement.Site
	for n := range 6 {
		zone := "eu-west-1" + string(rune('a'+n%3))
		id := fmt.Sprintf("i-0%04d", n)
		room := live.Room{CPU: 2048, Memory: 7600}
		s.Instances = append(s.Instances, live.Instance{
			ID: id, ARN: "arn:" + id, Status: "ACTIVE", Connected: true, Group: "prod_shop_default", Provider: "prod_shop_default", Zone: zone,
			Type: "t3.large", Total: room, Free: room, Attributes: map[string]string{"ecs.instance-type": "t3.large"},
		})
	}
	s.Groups = []live.Group{{
		Name: "prod_shop_default", Provider: "prod_shop_default", Min: 3, Desired: 6, Max: 7, Instances: 6, Managed: true,
		Zones: []string{"eu-west-1a", "eu-west-1b", "eu-west-1c"},
	}}
	return s
}

func web() placement.Demand {
	return placement.Demand{
		Name: "web", Group: "service:web", Room: live.Room{CPU: 512, Memory: 1024}, Providers: []placement.Provider{{Name: "prod_shop_default", Weight: 1}},
	}
}

// cases are what there is to be seen.
func cases() map[string]placement.Forecast {
	out := map[string]placement.Forecast{"even": placement.Foresee(web(), 7, six())}

	large := web()
	large.Room.CPU, large.Strategy = 2000, []placement.Strategy{{Type: "binpack", Field: "memory"}}
	out["grows"] = placement.Foresee(large, 9, six())

	s, picky := six(), web()
	s.Instances[0].Status, s.Instances[1].Connected, s.Instances[2].Free.Memory = "DRAINING", false, 100
	picky.Room.TCP = []int{8080}
	picky.Constraints = []placement.Constraint{{Type: "memberOf", Expression: "attribute:ecs.instance-type =~ m5.*"}}
	out["nowhere"] = placement.Foresee(picky, 2, s)

	daemon := web()
	daemon.Daemon, daemon.Providers, s = true, nil, six()
	s.Instances[4].Free.CPU = 100
	out["daemon"] = placement.Foresee(daemon, 0, s)

	hostile := web()
	hostile.Name, s = "web\x1b[31m\nx", six()
	s.Instances = s.Instances[:1]
	s.Instances[0].ID, s.Instances[0].Zone = "i-\x1b]0;pwned\a1", "eu-west-1a\u202e"
	hostile.Strategy = []placement.Strategy{{Type: "spread", Field: "attribute:a\x1b[2Jb"}}
	hostile.Constraints = []placement.Constraint{{Type: "distinctInstance"}}
	out["hostile"] = placement.Foresee(hostile, 2, s)

	full, after := web(), six()
	full.Room.CPU = 1400
	after.Tasks = []live.Task{{ID: "t1", Group: "service:web", Instance: "arn:i-00000", Zone: "eu-west-1a", Last: "RUNNING", Desired: "RUNNING"}}
	after.Instances[0].Free.CPU -= 1400
	out["standing"] = placement.Foresee(full, 2, after)

	once := web()
	once.Group, once.Providers = "family:web", nil
	out["once"] = placement.Foresee(once, 1, six())
	return out
}

func TestAForecastReadsAsBefore(t *testing.T) {
	for name, f := range cases() {
		text := Text(f, ink.Style{})
		golden(t, name+".txt", text)
		if strings.ContainsAny(text, "\x1b\a\u202e") {
			t.Errorf("%s steers the terminal", name)
		}
		data, err := json.MarshalIndent(ForPrograms(f), "", "  ")
		if err != nil {
			t.Fatal(err)
		}
		golden(t, name+".json", string(data)+"\n")
	}
}

func TestEveryTaskIsShown(t *testing.T) {
	for name, f := range cases() {
		n := 0
		for _, l := range ForPrograms(f).Landings {
			n += l.Tasks
		}
		for _, u := range ForPrograms(f).Unplaced {
			n += u.Tasks
		}
		if n != len(f.Landings) {
			t.Errorf("%s: %d of %d", name, n, len(f.Landings))
		}
	}
}

func TestALargeClusterFitsTheScreen(t *testing.T) {
	var s placement.Site
	for n := range 300 {
		i := six().Instances[n%6]
		i.ID, i.ARN = fmt.Sprintf("i-%05d", n), fmt.Sprint("arn:", n)
		s.Instances = append(s.Instances, i)
	}
	f := placement.Foresee(web(), 300, s)
	text := Text(f, ink.Style{Width: 120})
	if lines := strings.Count(text, "\n"); lines > 100 || strings.Count(text, "and 80 tasks on 80 instances more") != 3 {
		t.Errorf("%d lines:\n%s", lines, text)
	}
}

func TestColoursChangeNoWord(t *testing.T) {
	for name, f := range cases() {
		plain, painted := Text(f, ink.Style{Width: 120}), Text(f, ink.Style{Width: 120, Color: true})
		if painted == plain || ink.Clean(painted) != ink.Clean(plain) {
			t.Errorf("%s differs", name)
		}
	}
}
