package dst

import (
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"berth/internal/roll"
	"berth/internal/sim/world"
)

// drainModes begin with what keeps an instance from being empty.
func drainModes() []mode {
	return slices.Concat([]mode{
		{"03 tasks that are long on their way out", func(r *rota) {
			r.offers("slow", "berth.sim/slow:1?slowstop=100s", 3, apart, r.slowly(250))
			r.pass(3 * time.Minute)
			r.ends(roll.Replaced)
			r.replaced(3)
			ended := r.called("TerminateInstanceInAutoScalingGroup")[0].at
			if took := ended.Sub(r.drains()[0].at); took < 350*time.Second {
				r.t.Errorf("the first one goes %v after its drain began\n%s", took, r.story())
			}
		}},
		{"03 more tasks than a page has", func(r *rota) {
			r.offers("many", "berth.sim/many:1?slowstop=25s", 104, heavy(8, 32), only("attribute:ecs.availability-zone == eu-west-1a"))
			r.pass(10 * time.Minute)
			r.order.Instances = []string{r.host(r.firstOf("many"))}
			r.order.Canary = 0
			d := r.comes(roll.Replaced)
			r.replaced(1)
			if d.Memory.Count.Moves < 104 {
				r.t.Errorf("%d tasks have moved", d.Memory.Count.Moves)
			}
		}},
		{"16 a drain that does not end", func(r *rota) {
			r.offers("deaf", "berth.sim/deaf:1?slowstop=5h", 1, stopsWithin(18000), percent(0, 100))
			r.pass(2 * time.Minute)
			stuck := r.host(r.firstOf("deaf"))
			r.order.DrainTimeout, r.order.Instances = 4*time.Minute, []string{stuck}
			d := r.comes(roll.Failed, "deaf", stuck, "berth why deaf")
			r.replaced(0)
			if len(r.revives()) == 0 || r.node(stuck).Status != "ACTIVE" {
				r.t.Errorf("%s is not given back\n%s", stuck, wording(d))
			}
		}},
		{"16 a drain that does not end, of an instance that shall go nevertheless", func(r *rota) {
			r.offers("deaf", "berth.sim/deaf:1?slowstop=5h", 1, stopsWithin(18000), percent(0, 100))
			r.pass(2 * time.Minute)
			stuck := r.host(r.firstOf("deaf"))
			r.order.DrainTimeout, r.order.Instances, r.order.Force = 4*time.Minute, []string{stuck}, []string{stuck}
			r.comes(roll.Replaced)
			if got := r.node(stuck).state; got != "" && !strings.HasPrefix(got, "Terminating") {
				r.t.Errorf("%s is %s\n%s", stuck, got, r.story())
			}
		}},
		{"20 an agent that does not answer", func(r *rota) {
			lost := r.nodes()[0]
			r.fault("agent of " + lost.id + " gone")
			r.pass(5 * time.Minute)
			r.order.DrainTimeout = 5 * time.Minute
			r.comes(roll.Replaced)
			if left := r.remain(); len(left) > 0 {
				r.t.Errorf("%v are left of %v, and %s is lost\n%s", left, r.first, lost.id, r.story())
			}
		}},
		{"20 an agent that does not answer, of an instance that shall go nevertheless", func(r *rota) {
			lost := r.nodes()[0]
			r.fault("agent of " + lost.id + " gone")
			r.pass(5 * time.Minute)
			r.order.DrainTimeout, r.order.Force = 5*time.Minute, []string{lost.id}
			r.comes(roll.Replaced)
			if left := r.remain(); len(left) > 0 {
				r.t.Errorf("%v are left\n%s", left, r.story())
			}
			if r.registered(lost.ID) {
				r.t.Errorf("the cluster still has %s\n%s", lost.ID, r.story())
			}
		}},
	}, aloneModes(), protectedModes())
}

// aloneModes begin with a task that belongs to no service.
func aloneModes() []mode {
	return []mode{
		{"04 a task of no service that ends in time", func(r *rota) {
			job := r.job("berth.sim/job:1?once=12m")
			r.endsBut(roll.Replaced, job)
			r.replaced(3)
			if got := r.task(job); got.StopCode != "EssentialContainerExited" {
				r.t.Errorf("the task ended so: %s %s\n%s", got.StopCode, got.StopReason, r.story())
			}
		}},
		{"04 a task of no service that does not end", func(r *rota) {
			job := r.lone()
			r.order.DrainTimeout = 4 * time.Minute
			r.ends(roll.Incomplete)
			if !r.said("did not end within 4m0s: batch (stand-alone)") {
				r.t.Errorf("nobody says why:\n%s", r.story())
			}
			r.replaced(2)
			if got := r.task(job); got.Status != "RUNNING" {
				r.t.Errorf("the task is %s\n%s", got.Status, r.story())
			}
		}},
		{"04 a task of no service, whose instance is skipped", func(r *rota) {
			job := r.lone()
			r.order.Standalone = roll.SkipThem
			r.ends(roll.Incomplete)
			r.replaced(2)
			if left := r.remain(); len(left) != 1 || left[0] != r.host(job) || len(about(r.drains(), r.node(left[0]).ARN)) > 0 {
				r.t.Errorf("%v are left, and the task is on %s\n%s", left, r.host(job), r.story())
			}
		}},
		{"04 a task of no service that is stopped", func(r *rota) {
			job := r.lone()
			r.order.Standalone = roll.StopThem
			r.ahead = func(operation string, _ int) error {
				if operation == "StopTask" {
					for _, x := range r.unfinished(r.host(job)) {
						if !strings.HasPrefix(x, "guard") && !strings.HasPrefix(x, "family:batch") {
							r.t.Errorf("it is stopped, and %s is still there", x)
						}
					}
				}
				return nil
			}
			r.endsBut(roll.Replaced, job)
			r.replaced(3)
			if len(r.called("StopTask")) == 0 {
				r.t.Errorf("nobody stopped it\n%s", r.story())
			}
		}},
	}
}

// job runs a task of no service.
func (r *rota) job(image string) string {
	r.t.Helper()
	out, err := r.ecs.RunTask(r.t.Context(), &ecs.RunTaskInput{Cluster: new("acc"), TaskDefinition: r.define("job", image), LaunchType: types.LaunchTypeEc2})
	r.must(err)
	r.pass(time.Minute)
	return *out.Tasks[0].TaskArn
}

// endsBut is ends for a roll during which a task of no service ends.
func (r *rota) endsBut(want roll.Outcome, _ string) {
	r.t.Helper()
	r.comes(want)
	r.Settle()
	var without []string
	for line := range strings.Lines(r.before) {
		if !strings.HasPrefix(line, "tasks of family:") {
			without = append(without, line)
		}
	}
	r.like(strings.Join(without, ""))
}

// stopsWithin is how many seconds the tasks of a service may take to end.
func stopsWithin(seconds int32) detail {
	return func(d *ecs.RegisterTaskDefinitionInput, _ *ecs.CreateServiceInput) {
		d.ContainerDefinitions[0].StopTimeout = &seconds
	}
}

// slowly puts a service behind the load balancer's other paths.
func (r *rota) slowly(delay int) detail {
	return func(d *ecs.RegisterTaskDefinitionInput, in *ecs.CreateServiceInput) {
		stopsWithin(120)(d, in)
		out := r.route("slow", 2, "/slow/*", delay)
		in.LoadBalancers = []types.LoadBalancer{{TargetGroupArn: out, ContainerName: in.ServiceName, ContainerPort: new(int32(80))}}
		in.HealthCheckGracePeriodSeconds = new(int32(60))
	}
}

// registered tells whether the cluster has a container instance.
func (r *rota) registered(id string) (there bool) {
	r.Sim.With(func(w *world.World) {
		for k := range w.Region("eu-west-1").ECS.Clusters.Rows() {
			ci, ok := k.Instances.Get(id)
			there = there || ok && ci.Status != "INACTIVE"
		}
	})
	return there
}
