package sim_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/autoscaling"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	ecstypes "github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"berth/internal/sim"
	"berth/internal/sim/scenario"
	"berth/internal/sim/wire/wiretest"
	"berth/internal/sim/world"
)

// says is the error of a scenario, for now.
func says(s *sim.Sim, text string) error {
	steps, err := scenario.File("play", text)
	if err == nil {
		err = s.Play(wiretest.Region, steps)
	}
	return err
}

// service creates a service of two tasks in the plant's cluster and waits until it stands.
func (p *plant) service(change ...func(*ecs.CreateServiceInput)) {
	t, c := p.t, p.c.ecs
	must[*ecs.RegisterTaskDefinitionOutput](t)(c.RegisterTaskDefinition(ctx(), &ecs.RegisterTaskDefinitionInput{
		Family: aws.String("api"), ContainerDefinitions: []ecstypes.ContainerDefinition{{
			Name: aws.String("api"), Image: aws.String("berth.sim/api"), Cpu: 64, Memory: aws.Int32(64),
		}},
	}))
	in := &ecs.CreateServiceInput{Cluster: aws.String("shop"), ServiceName: aws.String("api"), TaskDefinition: aws.String("api"), DesiredCount: aws.Int32(2)}
	for _, f := range change {
		f(in)
	}
	must[*ecs.CreateServiceOutput](t)(c.CreateService(ctx(), in))
	p.wait(3 * time.Minute)
}

// broken are the promises that were broken, and how.
func broken(s *sim.Sim) []string {
	out := []string{}
	for _, p := range s.Figures().Promises {
		if p.Broken != "" {
			out = append(out, p.Text+": "+p.Broken)
		}
	}
	return out
}

func TestWhatIsNotThereCannotBreak(t *testing.T) {
	p := newPlant(t)
	for text, want := range map[string]string{ // unordered: none of them changes anything
		"zone eu-west-1z down":                         "there is no zone eu-west-1z",
		"zone eu-west-1z cut off for 5m":               "there is no zone eu-west-1z",
		"no capacity in eu-west-1z":                    "there is no zone eu-west-1z",
		"no capacity for m7i.huge":                     "there is no instance type m7i.huge",
		"interrupt spot instances in eu-west-1a":       "no Spot Instance runs in eu-west-1a",
		"interrupt spot instance shop/1":               "is no Spot Instance",
		"terminate instance i-0123":                    "no instance i-0123 runs in eu-west-1",
		"agent of shop/3 gone":                         "2 instances of the cluster shop run, so there is no shop/3",
		"instance barn/1 impaired":                     "there is no cluster barn",
		"image ami-0123 never boots":                   "there is no image ami-0123 in eu-west-1",
		"image shop/9 never registers":                 "2 instances of the cluster shop run, so there is no shop/9",
		"assert service web never below 1 healthy":     "",
		"assert no task of web stops":                  "there is no service web",
		"offer 5 requests per second to nobody":        "there is no service and no load balancer nobody",
		"pulls of berth.sim/ fail as missing for 1m":   "",
		"assert cluster shop never below 2 instances ": "",
	} {
		err := says(p.s, text)
		if (err == nil) != (want == "") || err != nil && !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", text, err, want)
		}
		if err != nil {
			play(t, p.s, "at 1s "+text)
		}
	}
	p.wait(10 * time.Second)
	if got := broken(p.s); len(got) != 14 { // those that are errors now, and the service that is not there
		t.Errorf("%d promises are broken:\n%s", len(got), strings.Join(got, "\n"))
	}
}

func TestZoneIsOfItsOwnRegion(t *testing.T) {
	s, _ := embedded(1)
	play(t, s, "no capacity in us-east-1a")
	s.With(func(w *world.World) {
		if here, there := len(w.Region("eu-west-1").EC2.Shortages), len(w.Region("us-east-1").EC2.Shortages); here != 0 || there != 1 {
			t.Errorf("%d shortages here and %d there", here, there)
		}
	})
}

func TestAgentThatIsGoneComesBackAndItsTasksNeverStop(t *testing.T) {
	p := newPlant(t)
	p.service()
	a := p.first().ID
	play(t, p.s, "assert no task of api stops\nassert service api never below 2 running\nagent of shop/1 gone for 10m")
	p.wait(9 * time.Minute)
	p.equal([]any{p.agents()[a], p.health(a)}, "[false healthy -]")
	p.wait(2 * time.Minute)
	p.equal(p.agents()[a], true)
	p.equal(broken(p.s), "[]")
}

// first is the instance that registered first in the plant's cluster.
func (p *plant) first() (found *world.Instance) {
	p.s.With(func(w *world.World) {
		r := w.Region(wiretest.Region)
		k, _ := r.ECS.Clusters.Get("shop")
		for ci := range k.Instances.Rows() {
			if found == nil {
				found, _ = r.EC2.Instances.Get(ci.EC2ID)
			}
		}
	})
	return found
}

func TestAgentThatIsGoneForGoodComesBackWhenOutagesAreHealed(t *testing.T) {
	p := newPlant(t)
	play(t, p.s, "agent of shop/1 gone\nagent of shop/1 gone for 5m\nzone eu-west-1a cut off\nno capacity in eu-west-1b\npulls of x fail as missing")
	p.wait(20 * time.Minute)
	count := func() (n int) {
		for _, connected := range p.agents() { // unordered: a sum
			if connected {
				n++
			}
		}
		return n
	}
	if count() > 1 {
		t.Errorf("agents %v", p.agents())
	}
	play(t, p.s, "heal outages")
	p.wait(15 * time.Minute)
	p.equal(count(), 2)
	p.s.With(func(w *world.World) {
		r := w.Region(wiretest.Region)
		p.equal([]int{len(r.EC2.Shortages), r.ECS.Unpullable.Len()}, "[0 0]")
	})
}

func TestEveryBreakOfAnInstanceReplacesIt(t *testing.T) {
	for _, text := range []string{"zone ZONE down", "zone ZONE cut off", "instance shop/1 impaired", "terminate instance shop/1"} {
		p := newPlant(t)
		first := p.first()
		play(t, p.s, strings.ReplaceAll(text, "ZONE", first.Zone))
		p.wait(20 * time.Minute)
		if got := fmt.Sprint(p.members()); strings.Contains(got, first.ID) {
			t.Errorf("%s: %s is still there: %s", text, first.ID, got)
		}
	}
}

func TestImagesThatNeverComeUpAddNobody(t *testing.T) {
	for _, how := range []string{"boots", "registers"} {
		p := newPlant(t)
		play(t, p.s, "image shop/1 never "+how)
		must[*autoscaling.SetDesiredCapacityOutput](t)(p.c.asg.SetDesiredCapacity(ctx(), &autoscaling.SetDesiredCapacityInput{
			AutoScalingGroupName: aws.String("web"), DesiredCapacity: aws.Int32(4),
		}))
		p.wait(4 * time.Minute)
		p.equal([]int{len(p.members()), len(p.agents())}, "[4 2]")
	}
}

func TestPullsFailUntilTheirTimeIsOver(t *testing.T) {
	p := newPlant(t)
	play(t, p.s, "pulls of berth.sim/ fail as ratelimited for 10m")
	p.service()
	play(t, p.s, "assert service api runs 0\nassert service api reaches a steady state within 10m")
	p.wait(45 * time.Minute)
	play(t, p.s, "assert service api runs 2")
	p.equal(broken(p.s), "[assert service api reaches a steady state within 10m: 0 of 2 running]")
}

func TestPromisesOfAServiceSeeWhatHappensToIt(t *testing.T) {
	p := newPlant(t)
	p.service()
	play(t, p.s, `assert service api never below 2 healthy
assert service api never below 1 healthy
assert service api reaches a steady state within 1s
assert no task of api stops`)
	p.wait(time.Minute)
	p.equal(broken(p.s), "[]")
	task := must[*ecs.ListTasksOutput](t)(p.c.ecs.ListTasks(ctx(), &ecs.ListTasksInput{Cluster: aws.String("shop")})).TaskArns[0]
	must[*ecs.StopTaskOutput](t)(p.c.ecs.StopTask(ctx(), &ecs.StopTaskInput{Cluster: aws.String("shop"), Task: &task}))
	play(t, p.s, "assert service api reaches a steady state within 1s\nassert service api reaches a steady state within 5m\nassert no task of api stops")
	p.wait(6 * time.Minute)
	for n, want := range []string{
		"assert service api never below 2 healthy: 1 healthy", "assert no task of api stops: 1 stopped", "assert service api reaches a steady state within 1s: ",
	} {
		if got := broken(p.s); len(got) != 3 || !strings.HasPrefix(got[n], want) {
			t.Errorf("broken %q, want as number %d %s", got, n, want)
		}
	}
}

func TestWeatherIsWhatItsMeaningSays(t *testing.T) {
	s, _ := embedded(1)
	weather := func(word string) (now world.Weather) {
		play(t, s, "weather "+word)
		s.With(func(w *world.World) { now = w.Weather })
		return now
	}
	say := func(x world.Weather, text string) string {
		return fmt.Sprintf(text, x.Throttle*100, x.Break*100, x.LoseRequest*100, x.LoseAnswer*100, x.Stale*100)
	}
	want := "calls go wrong at random, by the seed: " +
		say(weather("rough"), "rough is %g%% throttled, %g%% broken, %g%% lost, %g%% with lost answers and %g%% of reads stale; ") +
		say(weather("storm"), "storm is %g%%, %g%%, %g%%, %g%% and %g%%; calm is none")
	for _, f := range scenario.Forms() {
		if f.Text == "weather WORD" && f.Meaning != want {
			t.Errorf("the meaning is %q, want %q", f.Meaning, want)
		}
	}
	if weather("calm") != (world.Weather{}) {
		t.Error("it is not calm")
	}
}
