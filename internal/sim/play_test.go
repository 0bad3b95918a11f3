package sim_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/ec2"

	"berth/internal/sim"
	"berth/internal/sim/scenario"
	"berth/internal/sim/world"
)

// play lets a scenario happen.
func play(t *testing.T, s *sim.Sim, text string) {
	t.Helper()
	steps, err := scenario.File("play", text)
	if err == nil {
		err = s.Play("eu-west-1", steps)
	}
	if err != nil {
		t.Fatal(err)
	}
}

func TestEverySentenceIsDone(t *testing.T) {
	for _, f := range scenario.Forms() {
		if !sim.Does(f.Text) {
			t.Errorf("%q can be said, and nothing happens", f.Text)
		}
	}
}

func TestTroubleWithCallsEndsByTimeByCountOrWhenHealed(t *testing.T) {
	s, c := embedded(1)
	fails := func() string { _, err := c.createVPC(); return codeOf(err) }
	play(t, s, `refuse ec2.Create* with UnauthorizedOperation saying "not you" status 403 2 times`)
	if got := []string{fails(), fails(), fails()}; got[0] != "UnauthorizedOperation" || got[1] != got[0] || got[2] != "" {
		t.Errorf("two times: %q", got)
	}
	play(t, s, "break ec2.CreateVpc for 10m")
	before := fails()
	if err := s.Sleep(ctx(), 10*time.Minute); err != nil {
		t.Fatal(err)
	}
	if after := fails(); before != "InternalError" || after != "" {
		t.Errorf("for ten minutes %q, then %q", before, after)
	}
	play(t, s, "at 5m throttle *.*\nat 6m heal calls")
	got := []string{fails()}
	for range 2 {
		if err := s.Sleep(ctx(), time.Minute*5); err != nil {
			t.Fatal(err)
		}
		got = append(got, fails())
	}
	if strings.Join(got, " ") != " RequestLimitExceeded " {
		t.Errorf("before, while and after: %q", got)
	}
}

func TestLostAnswersLeaveTheirEffect(t *testing.T) {
	s, c := embedded(1)
	play(t, s, "lose answers of ec2.CreateVpc 1 times\nlose requests of ec2.CreateVpc 1 times")
	for range 2 {
		if _, err := c.createVPC(); err == nil {
			t.Error("an answer arrived")
		}
	}
	if n := c.vpcs(t); n != 1 {
		t.Errorf("%d VPCs, want the one whose answer was lost", n)
	}
}

func TestStaleReadsTellOldNews(t *testing.T) {
	s, c := embedded(1)
	play(t, s, "stale reads of ec2.Describe* for 5s")
	must[*ec2.CreateVpcOutput](t)(c.createVPC())
	if n := c.vpcs(t); n != 0 {
		t.Errorf("%d VPCs, though reads are stale", n)
	}
	if err := s.Sleep(ctx(), time.Minute); err != nil {
		t.Fatal(err)
	}
	if n := c.vpcs(t); n != 1 {
		t.Errorf("%d VPCs a minute later", n)
	}
}

func TestQuotasAndCapacityAreWhatAScenarioSays(t *testing.T) {
	s, c := embedded(1)
	play(t, s, "quota L-F678F1CE is 1\nno capacity for m7i.large in eu-west-1a for 1h")
	must[*ec2.CreateVpcOutput](t)(c.createVPC())
	if _, err := c.createVPC(); codeOf(err) != "VpcLimitExceeded" {
		t.Errorf("the second of one VPC: %v", err)
	}
	s.With(func(w *world.World) {
		if got := w.Region("eu-west-1").EC2.Shortages; len(got) != 1 || got[0].Zone != "eu-west-1a" || got[0].Type != "m7i.large" {
			t.Errorf("shortages %+v", got)
		}
		w.Advance(time.Hour)
		if got := w.Region("eu-west-1").EC2.Shortages; len(got) != 0 {
			t.Errorf("shortages an hour later %+v", got)
		}
	})
}

func TestPromiseIsBrokenOnceAndForAll(t *testing.T) {
	s, _ := embedded(1)
	s.With(func(w *world.World) {
		w.Region("eu-west-1").ECS.Clusters.Put("shop", &world.Cluster{Name: "shop", Status: "ACTIVE"})
	})
	play(t, s, "assert cluster shop never below 0 instances\nassert cluster shop never below 1 instances\nat 3m assert service web runs 2")
	if err := s.Sleep(ctx(), time.Hour); err != nil {
		t.Fatal(err)
	}
	p := s.Figures().Promises
	if len(p) != 3 || p[0].Broken != "" || p[1].Broken != "0 connected, active instances" || !p[1].At.Equal(world.Epoch()) ||
		p[2].Broken != "there is no service web" || !p[2].At.Equal(world.Epoch().Add(3*time.Minute)) {
		t.Errorf("%+v", p)
	}
}

func TestScenarioSurvivesSavingAndLoading(t *testing.T) {
	s, c := embedded(1)
	play(t, s, "at 1m break ec2.CreateVpc\nassert cluster shop never below 1 instances")
	state := must[[]byte](t)(s.Save())
	if err := s.Sleep(ctx(), time.Hour); err != nil {
		t.Fatal(err)
	}
	if _, err := c.createVPC(); codeOf(err) != "InternalError" {
		t.Fatalf("trouble did not come: %v", err)
	}
	if err := s.Load(state); err != nil {
		t.Fatal(err)
	}
	must[*ec2.CreateVpcOutput](t)(c.createVPC())
	if err := s.Sleep(ctx(), time.Minute); err != nil {
		t.Fatal(err)
	}
	if _, err := c.createVPC(); codeOf(err) != "InternalError" || len(s.Figures().Promises) != 1 {
		t.Errorf("loaded, trouble does not come: %v, promises %v", err, s.Figures().Promises)
	}
}

func TestControlOfAServedWorld(t *testing.T) {
	s, _ := embedded(1)
	x := serve(t, &sim.Server{Sim: s})
	c := x.client()
	_, before := x.request("GET", "/_sim/snapshot")
	if status, body := x.send("POST", "/_sim/fault?region=eu-west-1", "# no VPCs\nrefuse ec2.CreateVpc with UnauthorizedOperation\n"); status != 200 {
		t.Fatalf("%d %s", status, body)
	}
	if _, err := c.createVPC(); codeOf(err) != "UnauthorizedOperation" {
		t.Errorf("%v", err)
	}
	if _, text := x.request("GET", "/_sim/trace?last=1"); strings.Count(text, "\n") != 1 || !strings.Contains(text, "ec2.CreateVpc UnauthorizedOperation") {
		t.Errorf("the trace ends with %s", text)
	}
	if status, body := x.send("POST", "/_sim/fault", "explode\nheal"); status != 400 || !strings.Contains(body, "scenario:1: ") || !strings.Contains(body, "scenario:2: ") {
		t.Errorf("%d %s", status, body)
	}
	var figures sim.Figures
	if _, text := x.request("GET", "/_sim/figures"); json.Unmarshal([]byte(text), &figures) != nil || figures.Calls == 0 || figures.Promises == nil {
		t.Errorf("figures %s", text)
	}
	if status, body := x.send("POST", "/_sim/snapshot", before); status != 200 {
		t.Errorf("%d %s", status, body)
	}
	must[*ec2.CreateVpcOutput](t)(c.createVPC())
	for _, bad := range []string{"{}", `{"Format":9999}`, "no state"} {
		if status, body := x.send("POST", "/_sim/snapshot", bad); status != 400 {
			t.Errorf("%s: %d %s", bad, status, body)
		}
	}
	if n := c.vpcs(t); n != 1 {
		t.Errorf("a refused state replaced the world: %d VPCs", n)
	}
}

func TestFaultsAreTheSentencesThatAreStillTrue(t *testing.T) {
	s, _ := embedded(1)
	said := []string{
		"throttle ec2.Describe* for 10m 3 times", "break ec2.*", "lose requests of s3.*", "lose answers of iam.*", "stale reads of ecs.*",
		`refuse ec2.CreateVpc with Odd saying "not \"today\"" status 403 2 times`, "weather storm",
		"zone eu-west-1a down for 10m", "zone eu-west-1b cut off", "no capacity for m7i.large in eu-west-1c for 1h", "no capacity for m5.large",
		"pulls of ghcr.io/acme fail as missing for 10m", "quota L-F678F1CE is 3",
	}
	play(t, s, strings.Join(said, "\n"))
	if err := s.Sleep(ctx(), time.Minute); err != nil {
		t.Fatal(err)
	}
	want := strings.NewReplacer("for 10m", "for 9m0s", "for 1h", "for 59m0s").Replace(strings.Join(said, "\n"))
	got := strings.Join(s.Faults(), "\n")
	if got != want {
		t.Errorf("%s\nwant\n%s", got, want)
	}
	if _, err := scenario.File("again", got); err != nil {
		t.Errorf("they cannot be said again: %v", err)
	}
	if err := s.Sleep(ctx(), time.Hour); err != nil {
		t.Fatal(err)
	}
	lasting := slices.DeleteFunc(slices.Clone(said), func(one string) bool { return strings.Contains(one, " for 1") })
	if got := s.Faults(); !slices.Equal(got, lasting) {
		t.Errorf("after an hour:\n%q\nwant\n%q", got, lasting)
	}
	play(t, s, "heal calls\nheal outages")
	if got := s.Faults(); !slices.Equal(got, []string{"quota L-F678F1CE is 3"}) {
		t.Errorf("healed: %q", got)
	}
}
