package dst

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"berth/internal/config"
	"berth/internal/deploy"
	"berth/internal/diagnose"
	"berth/internal/live"
	"berth/internal/model"
	"berth/internal/observe/service"
	"berth/internal/sim/access"
)

// why asks what is wrong with something, as berth why does and with its permissions.
func (s *stand) why(c *config.Config, name string) []diagnose.Diagnosis {
	s.t.Helper()
	cluster, _ := s.acting(c, "why")
	scope := model.Scope{Region: c.Region, Environment: c.Environment, Cluster: c.Cluster}
	subject, err := service.Find(s.t.Context(), cluster.Cloud, scope, name)
	s.must(err)
	var found live.Capture
	found, err = service.Why(s.t.Context(), cluster.Cloud, scope, subject)
	s.must(err)
	return diagnose.Of(found)
}

// codes are the codes of diagnoses, in their order.
func codes(found []diagnose.Diagnosis) []string {
	var out []string
	for _, d := range found {
		out = append(out, d.Code)
	}
	return out
}

// mishap is a way in which a service comes to fail.
type mishap struct {
	does func(*stand)
	wait time.Duration // until it shows
	want []string      // codes that must be among the diagnoses, the first one before all others
	says []string      // what people read among them

	about func(*stand) string // what is asked about; nil: the service web
}

// deploys is the mishap that an image brings.
func deploys(image string, wait time.Duration, want ...string) mishap {
	return mishap{does: func(s *stand) { s.update(image) }, wait: wait, want: want}
}

// images are mishaps that begin with what is deployed.
func images() map[string]mishap {
	return map[string]mishap{
		"an image that is not there":            deploys("berth.sim/web:2?pull=missing", 2*time.Minute, "WHY101", "WHY701"),
		"a repository that lets nobody in":      deploys("berth.sim/web:2?pull=unauthorized", 2*time.Minute, "WHY102", "WHY701"),
		"a registry that has had enough":        deploys("berth.sim/web:2?pull=ratelimited", 2*time.Minute, "WHY103", "WHY701"),
		"a registry without a way to it":        deploys("berth.sim/web:2?pull=unreachable", 2*time.Minute, "WHY105", "WHY701"),
		"an instance whose disk is full":        deploys("berth.sim/web:2?pull=disk-full", 2*time.Minute, "WHY106", "WHY701"),
		"an image for another processor":        deploys("berth.sim/web:2?pull=wrong-arch", 2*time.Minute, "WHY104", "WHY701"),
		"a program that ends with an exit code": deploys("berth.sim/web:2?crash=3s&exit=3", 4*time.Minute, "WHY201", "WHY706"),
		"a command that is not there":           deploys("berth.sim/web:2?crash=3s&exit=127", 4*time.Minute, "WHY209", "WHY706"),
		"a program that crashes":                deploys("berth.sim/web:2?crash=3s&exit=139", 4*time.Minute, "WHY207", "WHY706"),
		"a program that is killed":              deploys("berth.sim/web:2?crash=3s&exit=137", 4*time.Minute, "WHY206", "WHY706"),
		"a server that is done":                 deploys("berth.sim/web:2?once=3s", 4*time.Minute, "WHY202"),
		"a program that takes too much memory":  deploys("berth.sim/web:2?oom=5s", 4*time.Minute, "WHY203", "WHY706"),
		"a program that answers with errors":    deploys("berth.sim/web:2?unhealthy", 8*time.Minute, "WHY301"),
		"a program that never answers":          deploys("berth.sim/web:2?silent", 8*time.Minute, "WHY302"),
		"a program that starts slowly":          deploys("berth.sim/web:2?boot=10m", 8*time.Minute, "WHY303"),
	}
}

// alter registers a revision of web that differs in something, and deploys it.
func (s *stand) alter(f func(*ecs.RegisterTaskDefinitionInput), g func(*ecs.UpdateServiceInput)) {
	s.t.Helper()
	in := &ecs.RegisterTaskDefinitionInput{Family: new("web"), ContainerDefinitions: []types.ContainerDefinition{{
		Name: new("web"), Image: new("berth.sim/web:2?boot=5s"), Cpu: 128, Memory: new(int32(128)), PortMappings: []types.PortMapping{{ContainerPort: new(int32(80))}},
	}}}
	f(in)
	out, err := s.ecs.RegisterTaskDefinition(s.t.Context(), in)
	s.must(err)
	update := &ecs.UpdateServiceInput{Cluster: new("acc"), Service: new("web"), TaskDefinition: out.TaskDefinition.TaskDefinitionArn}
	if g != nil {
		g(update)
	}
	_, err = s.ecs.UpdateService(s.t.Context(), update)
	s.must(err)
}

// altered is the mishap that another task definition brings.
func altered(wait time.Duration, f func(*ecs.RegisterTaskDefinitionInput), want ...string) mishap {
	return mishap{does: func(s *stand) { s.alter(f, nil) }, wait: wait, want: want}
}

// wants are mishaps that begin with what a task wants.
func wants() map[string]mishap {
	const secret = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:db-AbCdEf"
	secrets := func(role string) func(*ecs.RegisterTaskDefinitionInput) {
		return func(in *ecs.RegisterTaskDefinitionInput) {
			in.ExecutionRoleArn = new("arn:aws:iam::123456789012:role/" + role)
			in.ContainerDefinitions[0].Secrets = []types.Secret{{Name: new("DB"), ValueFrom: new(secret)}}
		}
	}
	return map[string]mishap{
		"a secret that is not the role's": altered(2*time.Minute, secrets("ecs/acc_acc_eu-west-1_execution"), "WHY502"),
		"a role that is not there":        altered(2*time.Minute, secrets("gone"), "WHY505"),
		"more CPU than there is":          altered(5*time.Minute, func(in *ecs.RegisterTaskDefinitionInput) { in.ContainerDefinitions[0].Cpu = 4096 }, "WHY401"),
		"more memory than there is": altered(5*time.Minute, func(in *ecs.RegisterTaskDefinitionInput) {
			in.ContainerDefinitions[0].Memory = new(int32(30000))
		}, "WHY402"),
		"a port that is taken": altered(5*time.Minute, func(in *ecs.RegisterTaskDefinitionInput) {
			in.ContainerDefinitions[0].PortMappings[0].HostPort = new(int32(22))
		}, "WHY403"),
		"a constraint that nobody meets": altered(5*time.Minute, func(in *ecs.RegisterTaskDefinitionInput) {
			in.PlacementConstraints = []types.TaskDefinitionPlacementConstraint{{Type: types.TaskDefinitionPlacementConstraintTypeMemberOf, Expression: new("attribute:workload == batch")}}
		}, "WHY405"),
		"a processor that nobody has": altered(5*time.Minute, func(in *ecs.RegisterTaskDefinitionInput) {
			in.RuntimePlatform = &types.RuntimePlatform{CpuArchitecture: types.CPUArchitectureArm64, OperatingSystemFamily: types.OSFamilyLinux}
		}, "WHY404"),
		"a container that is never healthy": altered(6*time.Minute, func(in *ecs.RegisterTaskDefinitionInput) {
			in.ContainerDefinitions[0].Image = new("berth.sim/web:2?unhealthy")
			in.ContainerDefinitions[0].HealthCheck = &types.HealthCheck{Command: []string{"CMD-SHELL", "curl -f http://localhost/"}, Interval: new(int32(5)), Retries: new(int32(2))}
		}, "WHY304"),
	}
}

// worlds are mishaps that begin with what happens around a service.
func worlds() map[string]mishap {
	played := func(wait time.Duration, text string, want ...string) mishap {
		return mishap{does: func(s *stand) { s.fault(text) }, wait: wait, want: want}
	}
	return map[string]mishap{
		"an agent that is gone":    played(2*time.Minute, "agent of acc/1 gone", "WHY601"),
		"a machine that is lost":   played(3*time.Minute, "terminate instance acc/1", "WHY608"),
		"a zone that is lost":      played(3*time.Minute, "zone eu-west-1a down", "WHY601"),
		"somebody who stops tasks": {does: (*stand).stopOne, wait: time.Minute, want: []string{"WHY709"}},
		"a deployment that is overtaken": {does: func(s *stand) {
			s.update("berth.sim/web:2?boot=5s")
			s.pass(5 * time.Second)
			s.update("berth.sim/web:3?boot=5s")
		}, wait: 8 * time.Minute, want: []string{"WHY703"}, about: func(s *stand) string { return *s.deployments()[1].ServiceDeploymentArn }},
		"a deployment that somebody stops": {does: (*stand).abort, wait: 5 * time.Minute, want: []string{"WHY704"}},
		"bounds that let nothing move": {does: func(s *stand) {
			s.alter(func(*ecs.RegisterTaskDefinitionInput) {}, func(in *ecs.UpdateServiceInput) {
				in.DeploymentConfiguration = &types.DeploymentConfiguration{MinimumHealthyPercent: new(int32(100)), MaximumPercent: new(int32(100))}
			})
		}, wait: 5 * time.Minute, want: []string{"WHY707"}},
	}
}

// stopOne stops one of the service's tasks.
func (s *stand) stopOne() {
	out, err := s.ecs.ListTasks(s.t.Context(), &ecs.ListTasksInput{Cluster: new("acc"), ServiceName: new("web")})
	s.must(err)
	_, err = s.ecs.StopTask(s.t.Context(), &ecs.StopTaskInput{Cluster: new("acc"), Task: &out.TaskArns[0]})
	s.must(err)
}

// deployments are the service's deployments, the newest first.
func (s *stand) deployments() []types.ServiceDeploymentBrief {
	out, err := s.ecs.ListServiceDeployments(s.t.Context(), &ecs.ListServiceDeploymentsInput{Cluster: new("acc"), Service: new("web")})
	s.must(err)
	return out.ServiceDeployments
}

// abort stops a deployment that is under way.
func (s *stand) abort() {
	s.update("berth.sim/web:2?boot=5s")
	s.pass(5 * time.Second)
	_, err := s.ecs.StopServiceDeployment(s.t.Context(), &ecs.StopServiceDeploymentInput{ServiceDeploymentArn: s.deployments()[0].ServiceDeploymentArn, StopType: types.StopServiceDeploymentStopTypeRollback})
	s.must(err)
}

func TestEveryMishapIsDiagnosed(t *testing.T) {
	t.Parallel()
	base, c := newStand(t), Load(t, shop)
	l := &ledger{map[string][]*access.Policy{}}
	base.Policies = func(verb string, p *access.Policy) { l.policies[verb] = append(l.policies[verb], p) }
	if found := base.why(c, "web"); len(found) > 0 {
		t.Fatalf("nothing is wrong, and yet: %+v", found)
	}
	for _, some := range []map[string]mishap{images(), wants(), worlds()} {
		for name, m := range some {
			t.Run(name, func(t *testing.T) { base.fork(t).suffers(c, m) })
		}
	}
	base.fork(t).isAskedAboutOthers(c)
	base.fork(t).isShortOfCPU(c)
	asksForMore(t, l)
	for _, rule := range l.unused("why") {
		t.Errorf("why may %s, and nothing ever needed it: narrow its row in internal/permit, or add a mishap", rule)
	}
}

// asksForMore asks about a service behind a classic load balancer, and about one whose login somebody has taken away.
func asksForMore(t *testing.T, l *ledger) {
	c := Load(t, small, fleet, `load_balancers = { legacy = { type = "classic", instance_port = 8080 } }`,
		`registries = { "ghcr.io" = { username = "acme", password_env = "REGISTRY_TOKEN" } }`)
	r := l.rig()
	fine(t, r.Apply(c))
	r.Settle()
	fine(t, done(deploy.Succeeded)(r.Deploy(t, c, "old", release{image: "berth.sim/web:1", service: classic, definition: fixed})))
	s := standOf(t, r)
	fine(t, done(deploy.RolledBack)(r.Deploy(t, c, "old", release{image: "berth.sim/web:2?crash=1s", service: classic, definition: fixed})))
	s.why(c, "old")
	fine(t, done(deploy.Succeeded)(r.Deploy(t, c, "web", release{service: alone, definition: private})))
	withoutSecrets(r)
	_, err := s.ecs.UpdateService(t.Context(), &ecs.UpdateServiceInput{Cluster: new("acc"), Service: new("web"), ForceNewDeployment: true})
	fine(t, err)
	s.pass(time.Minute)
	if got := codes(s.why(c, "web")); !slices.Contains(got, "WHY501") {
		t.Errorf("without its login web is diagnosed as %v", got)
	}
}

// isAskedAboutOthers asks about something that is not there, and about an instance that drains.
func (s *stand) isAskedAboutOthers(c *config.Config) {
	cluster, _ := s.acting(c, "why")
	scope := model.Scope{Region: c.Region, Environment: c.Environment, Cluster: c.Cluster}
	for _, none := range []string{"wbe", "i-0123456789abcdef0"} {
		subject, err := service.Find(s.t.Context(), cluster.Cloud, scope, none)
		if err == nil {
			_, err = service.Why(s.t.Context(), cluster.Cloud, scope, subject)
		}
		if unknown := (*service.Unknown)(nil); !errors.As(err, &unknown) {
			s.t.Errorf("there is no %s: %v", none, err)
		}
	}
	found, err := s.ecs.ListContainerInstances(s.t.Context(), &ecs.ListContainerInstancesInput{Cluster: new("acc")})
	s.must(err)
	in := &ecs.UpdateContainerInstancesStateInput{Cluster: new("acc"), ContainerInstances: found.ContainerInstanceArns, Status: types.ContainerInstanceStatusDraining}
	out, err := s.ecs.UpdateContainerInstancesState(s.t.Context(), in)
	s.must(err)
	for _, i := range out.ContainerInstances {
		s.why(c, *i.Ec2InstanceId)
	}
}

// suffers lets a mishap happen and asks why.
func (s *stand) suffers(c *config.Config, m mishap) {
	m.does(s)
	s.pass(m.wait)
	about := "web"
	if m.about != nil {
		about = m.about(s)
	}
	found := s.why(c, about)
	got := codes(found)
	for _, want := range m.want {
		if !slices.Contains(got, want) || got[0] != m.want[0] {
			s.t.Fatalf("%v, want %v first:\n%s", got, m.want, spelled(found))
		}
	}
	for _, text := range m.says {
		if !strings.Contains(spelled(found), text) {
			s.t.Errorf("nothing says %q:\n%s", text, spelled(found))
		}
	}
	if testing.Verbose() {
		s.t.Log("\n" + spelled(found))
	}
}

// spelled are diagnoses for people who read a failed test.
func spelled(found []diagnose.Diagnosis) string {
	text := ""
	for _, d := range found {
		text += fmt.Sprintf("%s %s: %s (%d)\n", d.Code, d.Subject, d.Text, d.Count)
		for _, e := range d.Evidence {
			text += "    " + e + "\n"
		}
		text += "    fix: " + d.Fix + "\n"
	}
	return text
}
