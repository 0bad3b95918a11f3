package dst

import (
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/autoscaling"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	ec2types "github.com/aws/aws-sdk-go-v2/service/ec2/types"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"berth/internal/sim/world"
	"berth/internal/watch"
)

// plight is something that people must be told of.
type plight struct {
	name  string
	does  func(*vigil)
	lasts time.Duration // until it is mended
	mends func(*vigil)  // nil: it is over by itself
	want  []string      // "CODE severity": the incidents that it brings, in the order in which they are told
	first func(*vigil)  // what is done before anybody watches
	more  []string      // what follows from it by itself, and is told as well where there is a queue
}

// plight is the mishap that somebody mends after a while.
func (m mishap) plight(name string, mends func(*vigil), want ...string) plight {
	return plight{name: name, does: func(v *vigil) { m.does(v.stand) }, mends: mends, want: want}
}

// besides is a plight from which more follows.
func (x plight) besides(more ...string) plight {
	x.more = more
	return x
}

// mended deploys a version that works.
func mended(v *vigil) { v.update("berth.sim/web:3?boot=5s") }

// healed ends all outages.
func healed(v *vigil) { v.fault("heal outages") }

// mistakes are versions that do not work, and what they want.
func mistakes() []plight {
	i, w := images(), wants()
	return []plight{
		i["an image that is not there"].plight("image not in its registry", nil, "WHY101 error"),
		i["a repository that lets nobody in"].plight("registry lets nobody in", nil, "WHY102 error"),
		i["a registry that has had enough"].plight("registry has had too many pulls", nil, "WHY103 warning"),
		i["a registry without a way to it"].plight("no way to the registry", nil, "WHY105 warning"),
		i["an instance whose disk is full"].plight("disk of an instance is full", nil, "WHY106 warning"),
		i["an image for another processor"].plight("image for another processor", nil, "WHY104 error"),
		i["a program that ends with an exit code"].plight("crash loop", mended, "WHY201 warning"),
		i["a command that is not there"].plight("command not in the image", mended, "WHY209 error"),
		i["a program that is killed"].plight("program is killed", mended, "WHY206 warning"),
		i["a program that crashes"].plight("program crashes", mended, "WHY207 warning"),
		i["a server that is done"].plight("server ends with 0", mended, "WHY202 warning"),
		i["a program that takes too much memory"].plight("too much memory", mended, "WHY203 warning"),
		i["a program that answers with errors"].plight("health check gets an error", nil, "WHY301 warning"),
		i["a program that never answers"].plight("health check gets no answer", nil, "WHY302 warning"),
		i["a program that starts slowly"].plight("slow start, short grace period", nil, "WHY303 warning"),
		w["a container that is never healthy"].plight("health check of the container fails", nil, "WHY304 warning"),
		w["a secret that is not the role's"].plight("role may not read the secret", nil, "WHY502 error"),
		w["a role that is not there"].plight("execution role is gone", nil, "WHY505 error"),
		w["more CPU than there is"].plight("no instance has the CPU", mended, "WHY401 error"),
		w["more memory than there is"].plight("no instance has the memory", mended, "WHY402 error"),
		w["a constraint that nobody meets"].plight("no instance meets the constraints", mended, "WHY405 error"),
		w["a processor that nobody has"].plight("no instance has the attribute", mended, "WHY404 error"),
		{name: "job ends with an error", does: func(v *vigil) { v.run("berth.sim/job:1?once=5s&exit=3") }, want: []string{"WHY201 error"}},
		{name: "alarm goes off during a deployment", does: alarming, want: []string{"WHY702 error"}},
		{name: "deployment fails and stays", does: func(v *vigil) { v.breaks(false) }, mends: mended, want: []string{"WHY101 error"}},
	}
}

// surroundings are what happens around services.
func surroundings() []plight {
	s, w := standstills(), worlds()
	return []plight{
		w["an agent that is gone"].plight("agent of an instance is gone", healed, "WHY601 warning"),
		w["a machine that is lost"].plight("machine is terminated", nil, "WHY608 warning"),
		w["a zone that is lost"].plight("zone is lost", healed, "WHY611 error").besides("WHY602 warning"),
		{name: "group gets no instances from AWS", does: func(v *vigil) {
			v.fault("no capacity for t3.large")
			v.crowd()
		}, mends: healed, want: []string{"WHY602 warning"}},
		{name: "quota of vCPUs is used up", does: func(v *vigil) {
			v.fault("quota L-1216C47A is 6")
			v.crowd()
		}, mends: func(v *vigil) { v.fault("quota L-1216C47A is 64") }, want: []string{"WHY603 error"}},
		{name: "another service has the host port", does: func(v *vigil) {
			v.occupy("api", 5)
			v.cause = v.Sim.Now()
			v.must(serves(v.t.Context(), v.ecs, "rival", 8080, 1))
		}, mends: func(v *vigil) { v.gone("api") }, want: []string{"WHY403 error"}},
		s["a deployment that a protected task holds up"].plight("protected task holds a deployment up", nil, "WHY711 warning"),
		w["bounds that let nothing move"].plight("deployment can neither stop nor start a task", func(v *vigil) { v.loosen() }, "WHY707 error"),
		s["a drain that the bounds do not let end"].plight("drain that the bounds do not let end", func(v *vigil) { v.loosen() }, "WHY604 warning"),
		s["a drain that a protected task holds up"].plight("drain that a protected task holds up", nil, "WHY605 warning"),
		s["a drain that a task of no service holds up"].plight("drain that a task of no service holds up", func(v *vigil) { v.alone() }, "WHY606 warning"),
		s["a drain without room elsewhere"].plight("drain without room elsewhere", func(v *vigil) { v.gone("api") }, "WHY607 warning"),
	}
}

// silences are what no event tells.
func silences() []plight {
	return []plight{
		{name: "service has too few tasks for long", does: func(v *vigil) { v.serve("worker", "berth.sim/worker:1?pull=slow=60m", false, 2) }, want: []string{"WHY999 error"}, mends: func(v *vigil) { v.gone("worker") }},
		{name: "machine does not join the cluster", does: (*vigil).strange, mends: (*vigil).expel, want: []string{"WHY610 warning"}},
		{name: "image of the machines is at its end of life", does: (*vigil).ages, mends: (*vigil).renews, want: []string{"AMI504 warning"}},
		{name: "image of the machines is gone", does: func(v *vigil) { v.runs("ami-0123456789abcdef0") }, mends: (*vigil).renews, want: []string{"AMI504 error"}},
		{name: "subscription is not confirmed", first: (*vigil).subscribes, does: func(*vigil) {}, lasts: 65 * time.Minute, mends: func(v *vigil) { v.confirm(v.t) }, want: []string{"OPS403 warning"}},
	}
}

// breaks deploys an image that is not there; back says whether the circuit breaker goes back.
func (v *vigil) breaks(back bool) {
	v.alter(func(in *ecs.RegisterTaskDefinitionInput) {
		in.ContainerDefinitions[0].Image = new("berth.sim/web:2?pull=missing")
	}, func(in *ecs.UpdateServiceInput) {
		in.DeploymentConfiguration = &types.DeploymentConfiguration{DeploymentCircuitBreaker: &types.DeploymentCircuitBreaker{Enable: true, Rollback: back}}
	})
}

// alarming lets an alarm go off while a version is deployed.
func alarming(v *vigil) {
	alarm("OK")(v.Rig)
	v.alter(func(*ecs.RegisterTaskDefinitionInput) {}, func(in *ecs.UpdateServiceInput) {
		in.DeploymentConfiguration = &types.DeploymentConfiguration{Alarms: &types.DeploymentAlarms{AlarmNames: []string{"errors"}, Enable: true, Rollback: true}}
	})
	v.pass(5 * time.Second)
	v.cause = v.Sim.Now()
	alarm("ALARM")(v.Rig)
}

// crowd makes a service that wants two more instances than there are.
func (v *vigil) crowd() { v.wants("big", 1500, 5) }

// wants makes a service whose tasks want so much CPU, where the capacity provider puts them.
func (v *vigil) wants(name string, cpu, tasks int32) {
	d, err := v.ecs.RegisterTaskDefinition(v.t.Context(), &ecs.RegisterTaskDefinitionInput{Family: &name, ContainerDefinitions: []types.ContainerDefinition{{
		Name: &name, Image: new("berth.sim/" + name + ":1"), Cpu: cpu, Memory: new(int32(64)),
	}}})
	v.must(err)
	_, err = v.ecs.CreateService(v.t.Context(), &ecs.CreateServiceInput{
		Cluster: new("acc"), ServiceName: &name, TaskDefinition: d.TaskDefinition.TaskDefinitionArn, DesiredCount: &tasks,
	})
	v.must(err)
}

// loosen lets ECS start more tasks of web than there are to be, as it did at first.
func (v *vigil) loosen() {
	_, err := v.ecs.UpdateService(v.t.Context(), &ecs.UpdateServiceInput{Cluster: new("acc"), Service: new("web"), DeploymentConfiguration: &types.DeploymentConfiguration{
		MinimumHealthyPercent: new(int32(100)), MaximumPercent: new(int32(200)),
	}})
	v.must(err)
}

// gone deletes a service.
func (v *vigil) gone(service string) {
	_, err := v.ecs.DeleteService(v.t.Context(), &ecs.DeleteServiceInput{Cluster: new("acc"), Service: &service, Force: new(true)})
	v.must(err)
}

// alone stops the tasks that belong to no service.
func (v *vigil) alone() {
	out, err := v.ecs.ListTasks(v.t.Context(), &ecs.ListTasksInput{Cluster: new("acc"), Family: new("batch")})
	v.must(err)
	for _, arn := range out.TaskArns {
		_, err := v.ecs.StopTask(v.t.Context(), &ecs.StopTaskInput{Cluster: new("acc"), Task: &arn})
		v.must(err)
	}
}

// strange starts a machine in a group that never joins the cluster.
func (v *vigil) strange() {
	v.fault("image acc/1 never registers for 1h")
	v.holds(4)
}

// expel takes the machine away again.
func (v *vigil) expel() {
	v.fault("heal outages")
	joined := map[string]bool{}
	stranger := ""
	v.Sim.With(func(w *world.World) {
		r := w.Region("eu-west-1")
		cluster, _ := r.ECS.Clusters.Get("acc")
		for i := range cluster.Instances.Rows() {
			joined[i.EC2ID] = true
		}
		group, _ := r.AutoScaling.Groups.Get("acc_acc_default")
		for id := range group.Members.All() {
			if !joined[id] {
				stranger = id
			}
		}
	})
	_, err := autoscaling.NewFromConfig(v.sdk()).TerminateInstanceInAutoScalingGroup(v.t.Context(), &autoscaling.TerminateInstanceInAutoScalingGroupInput{
		InstanceId: &stranger, ShouldDecrementDesiredCapacity: new(false),
	})
	v.must(err)
}

// holds sets how many machines the default group has.
func (v *vigil) holds(n int32) {
	_, err := autoscaling.NewFromConfig(v.sdk()).SetDesiredCapacity(v.t.Context(), &autoscaling.SetDesiredCapacityInput{AutoScalingGroupName: new("acc_acc_default"), DesiredCapacity: &n})
	v.must(err)
}

// runs makes all machines of the default group look as if they ran an image.
func (v *vigil) runs(image string) {
	v.Sim.With(func(w *world.World) {
		group, _ := w.Region("eu-west-1").AutoScaling.Groups.Get("acc_acc_default")
		for id := range group.Members.All() {
			i, _ := w.Region("eu-west-1").EC2.Instances.Get(id)
			i.ImageID = image
		}
	})
}

// ages lets the machines run an image that AWS does not care for any more.
func (v *vigil) ages() {
	in := &ec2.DescribeImagesInput{IncludeDeprecated: new(true), Filters: []ec2types.Filter{{Name: new("name"), Values: []string{"amzn2-ami-ecs-hvm-*-x86_64-ebs"}}}}
	out, err := v.client().EC2.DescribeImages(v.t.Context(), in)
	v.must(err)
	v.runs(*out.Images[0].ImageId)
}

// renews lets the machines run the image of the newest again.
func (v *vigil) renews() {
	in := &ec2.DescribeImagesInput{Filters: []ec2types.Filter{{Name: new("name"), Values: []string{"al2023-ami-ecs-hvm-*-x86_64"}}}}
	out, err := v.client().EC2.DescribeImages(v.t.Context(), in)
	v.must(err)
	newest := slices.MaxFunc(out.Images, func(a, b ec2types.Image) int { return strings.Compare(*a.CreationDate, *b.CreationDate) })
	v.runs(*newest.ImageId)
}

// subscribes names a receiver whom AWS asks for a confirmation.
func (v *vigil) subscribes() {
	text := strings.Replace(v.ear.alerts(), "alerts = {", "alerts = {\n  ops = { email = \"ops@example.com\" }", 1)
	v.c = Load(v.t, shop, text)
	v.must(v.Apply(v.c))
	v.cause = v.Sim.Now()
}

// line is a message in few words.
func (p post) line() string {
	var members []string
	for _, m := range p.Incident.Members {
		members = append(members, m.Name)
	}
	return fmt.Sprintf("%s %s %s of %s: %s", p.Kind, p.Incident.Code, p.Incident.Severity, strings.Join(members, ", "), p.Title)
}

// How long is watched before something happens, and after it was mended. The watcher looks at other moments than those.
const (
	before = 2*time.Minute + 23*time.Second
	after  = time.Hour
)

// outcome is what people were told of a plight.
type outcome struct {
	told, over time.Duration // from the cause to the first message, and from the mending to the last one
	lines      []string
}

// suffers lets a plight happen under a watcher.
func (x plight) suffers(v *vigil, deaf bool) outcome {
	if x.first != nil {
		x.first(v)
	}
	if deaf {
		v.deaf()
	}
	if x.lasts == 0 {
		x.lasts = 25 * time.Minute
	}
	cause, mended := v.cause, time.Time{}
	v.watches(before+x.lasts+after, blow{before, func(v *vigil) {
		x.does(v)
		if x.first == nil {
			cause = v.cause
		}
	}}, blow{before + x.lasts, func(v *vigil) {
		mended = v.Sim.Now()
		if x.mends != nil {
			x.mends(v)
		}
	}})
	all := v.ear.heard(v.t)
	var o outcome
	for _, p := range all {
		o.lines = append(o.lines, p.line())
	}
	if len(all) == 0 || all[0].came.After(mended) {
		v.t.Fatalf("nobody is told in time: %q", o.lines)
	}
	o.told, o.over = all[0].came.Sub(cause), all[len(all)-1].came.Sub(mended)
	x.agrees(v, all, deaf)
	return o
}

// agrees wants every incident told once, and its end. By looks alone several ends of tasks are seen at once, so that it may be told
// as worse from the beginning.
func (x plight) agrees(v *vigil, all []post, deaf bool) {
	var got []string
	open := map[string]string{}
	for _, p := range all {
		i := p.Incident
		switch p.Kind {
		case watch.Opened, watch.Reopened:
			said := i.Code + " " + i.Severity.String()
			if warned := i.Code + " warning"; deaf && slices.Contains(x.want, warned) {
				said = warned
			}
			got = append(got, said)
			open[i.ID] = i.Code
		case watch.Resolved:
			delete(open, i.ID)
		}
	}
	want := x.want
	if !deaf {
		want = slices.Concat(x.want, x.more)
	}
	if !slices.Equal(got, want) || len(open) > 0 {
		v.t.Errorf("by looks alone: %v; %q are told, want %q; still open: %v", deaf, got, want, open)
	}
}

// watchingPage is the guide whose table is measured.
const watchingPage = "../../docs/guide/watching-figures.md"

// row is what the table says of a plight.
func row(name string, heard, looked outcome) string {
	first := strings.Fields(heard.lines[0])
	return fmt.Sprintf("| %s | %s | %s | %s | %s |\n", name, first[1], first[2], seconds(heard.told), seconds(looked.told))
}

func TestEveryFailureIsToldOnceWithItsCauseAndItsEnd(t *testing.T) {
	t.Parallel()
	base := newStand(t)
	text, err := os.ReadFile(watchingPage)
	fine(t, err)
	head, rest, found := strings.Cut(string(text), tableBegins)
	old, tail, ends := strings.Cut(rest, tableEnds)
	if !found || !ends {
		t.Fatal("the page has no place for the table")
	}
	all := slices.Concat(mistakes(), surroundings(), silences())
	table := "| what happens | code | severity | told after, with the queue | told after, by looks alone |\n|---|---|---|---|---|\n"
	for n, x := range all {
		if !*update && !sampled(t, n, len(all), 8) {
			continue
		}
		t.Run(x.name, func(t *testing.T) {
			heard, looked := x.suffers(base.fork(t).watched(), false), x.suffers(base.fork(t).watched(), true)
			golden(t, x.name, "with the queue:\n"+strings.Join(heard.lines, "\n")+"\n\nby looks alone:\n"+strings.Join(looked.lines, "\n")+"\n")
			one := row(x.name, heard, looked)
			table += one
			if !*update && !strings.Contains(old, one) {
				t.Errorf("the page says otherwise (-update rewrites it): %s", one)
			}
		})
	}
	if *update {
		fine(t, os.WriteFile(watchingPage, []byte(head+tableBegins+table+tableEnds+tail), 0o600))
	}
}

// golden compares what was told with the file of a plight.
func golden(t *testing.T, name, got string) {
	t.Helper()
	path := "testdata/watching/" + strings.NewReplacer(" ", "-", ",", "").Replace(name) + ".txt"
	if *update {
		fine(t, os.WriteFile(path, []byte(got), 0o600))
	}
	want, err := os.ReadFile(path)
	if err != nil || got != string(want) {
		t.Errorf("%v, messages:\n%s", err, got)
	}
}

func TestWhatIsMeantToHappenIsToldToNobody(t *testing.T) {
	t.Parallel()
	base := newStand(t)
	calm := map[string]func(*vigil){
		"nothing":                       func(*vigil) {},
		"a deployment":                  func(v *vigil) { v.update("berth.sim/web:2?boot=5s") },
		"fewer tasks":                   func(v *vigil) { v.want(2) },
		"no tasks":                      func(v *vigil) { v.want(0) },
		"more tasks":                    func(v *vigil) { v.want(9) },
		"more tasks than there is room": func(v *vigil) { v.crowd() },
		"a spot instance is taken":      func(v *vigil) { v.fault("interrupt spot instances in eu-west-1a") },
		"a job that ends with 0":        func(v *vigil) { v.run("berth.sim/job:1?once=5s") },
		"an instance is replaced":       func(v *vigil) { v.replaced() },
		"an instance drains":            func(v *vigil) { v.empties("web") },
		"an agent connects anew":        func(v *vigil) { v.fault("agent of acc/1 gone for 1m") },
		"somebody stops a task":         func(v *vigil) { v.stopOne() },
		"a deployment that is stopped":  func(v *vigil) { v.abort() },
		"another apply":                 func(v *vigil) { v.must(v.Apply(v.c)) },
		"a group comes and goes": func(v *vigil) {
			v.must(v.Apply(Load(v.t, shop, v.ear.alerts(), `instance_groups = { more = { min_size = 1, max_size = 2 } }`)))
			v.must(v.Apply(v.c))
		},
		"destroy": func(v *vigil) {
			v.ended = true
			v.must(v.Destroy(v.c))
		},
		"other machines": func(v *vigil) {
			v.must(v.Apply(Load(v.t, strings.Replace(shop, `"t3.large"`, `"m7i.large"`, 1), v.ear.alerts())))
		},
	}
	for n, name := range slices.Sorted(maps.Keys(calm)) {
		if !sampled(t, n, len(calm), 6) {
			continue
		}
		t.Run(name, func(t *testing.T) {
			for _, deaf := range []bool{false, true} {
				v := base.fork(t).watched()
				if deaf {
					v.deaf()
				}
				v.watches(before+40*time.Minute, blow{before, calm[name]})
				for _, p := range v.ear.heard(t) {
					t.Errorf("without a queue: %v, after %s somebody is told: %s", deaf, p.came.Sub(v.cause), p.line())
				}
			}
		})
	}
}
