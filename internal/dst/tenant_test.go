package dst

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"berth/internal/apply/service"
	"berth/internal/check"
	"berth/internal/cloud"
	"berth/internal/config"
	"berth/internal/deploy"
	"berth/internal/deploy/given"
	"berth/internal/document"
	"berth/internal/drive"
	"berth/internal/model"
	"berth/internal/observe"
	observed "berth/internal/observe/service"
	"berth/internal/plan"
	"berth/internal/sim/access"
)

// hosting is a cluster with two load balancers, one instance and a login.
const hosting = small + `
load_balancers = { public = {}, back = { scheme = "internal" }, legacy = { type = "classic", instance_port = 8080 } }
registries     = { "docker.io" = { username = "acme", password_env = "DOCKERHUB_TOKEN" } }
log_retention_days = 14
`

// left is what stands in a world, without what the simulation keeps of requests.
func left(r *Rig) string {
	return strings.Join(slices.DeleteFunc(strings.Split(r.Census(), "\n"), func(line string) bool { return strings.Contains(line, ".Traffic.") }), "\n")
}

// bare is what the same cluster leaves when nobody lodged in it: AWS's own roles.
func bare(t *testing.T) string {
	t.Helper()
	c, r := Load(t, hosting), NewRig(1)
	fine(t, r.Apply(c))
	fine(t, r.Destroy(c))
	r.Settle()
	return left(r)
}

// host is the tool at berth deploy, with what it may do then, in a cluster with room for services.
type host struct {
	*stand
	c       *config.Config
	cluster drive.Cluster
}

func newHost(t *testing.T) *host {
	t.Helper()
	c, r := Load(t, hosting), NewRig(1)
	fine(t, r.Apply(c))
	r.Settle()
	return hostOf(t, r, c)
}

func hostOf(t *testing.T, r *Rig, c *config.Config) *host {
	cluster, _ := r.acting(c, "deploy")
	return &host{stand: standOf(t, r), c: c, cluster: cluster}
}

// wants is a folder's documents with the values of the cluster in them, and what they need.
func (h *host) wants(path string) (def, spec document.Value, needs []deploy.Need) {
	h.t.Helper()
	route := "target_group.public"
	if path != "" {
		route += "?path=" + path
	}
	table := h.given(route, "registry.docker.io")
	mark, err := table.Lookup(route)
	h.must(err)
	login, err := table.Lookup("registry.docker.io")
	h.must(err)
	role, err := table.Lookup("role.execution")
	h.must(err)
	def, err = document.Parse("", []byte(`{"family":"web","executionRoleArn":"`+role.Text+`","containerDefinitions":[{"name":"web","image":"acme/web:1",`+
		`"repositoryCredentials":{"credentialsParameter":"`+login.Text+`"},"logConfiguration":{"logDriver":"awslogs","options":{"awslogs-group":"services/web","awslogs-region":"eu-west-1"}}}]}`))
	h.must(err)
	spec = document.New("loadBalancers", document.Items())
	if path != "" {
		spec = document.New("loadBalancers", document.Items(document.New("targetGroupArn", mark, "containerName", document.Of("web"), "containerPort", document.Int(80))))
	}
	spec, needs, err = table.Provide("web", def, spec)
	h.must(err)
	return def, spec, needs
}

// hosted is a life with a service, which goes with the cluster.
func hosted(t *testing.T, l *ledger) {
	c, r := Load(t, hosting), l.rig()
	fine(t, r.Apply(c))
	r.Settle()
	h := hostOf(t, r, c)
	h.moveIn()
	fine(t, h.Destroy(c))
}

// given is what the cluster gives, as far as the names need it.
func (h *host) given(names ...string) given.Table {
	h.t.Helper()
	scope, err := observe.Who(h.t.Context(), h.cluster.Cloud, h.c.Environment, h.c.Cluster)
	h.must(err)
	table, err := observed.Given(h.t.Context(), h.cluster.Cloud, h.cluster.Offer(scope), names)
	h.must(err)
	return table
}

func (h *host) standing(needs []deploy.Need) []deploy.Standing {
	h.t.Helper()
	stands, err := observed.Needs(h.t.Context(), h.cluster.Cloud, h.given().Scope, "web", needs)
	h.must(err)
	return stands
}

// provide looks and writes until nothing is to be done, and tells what was.
func (h *host) provide(next func() []deploy.Action) string {
	h.t.Helper()
	var done []string
	for range 5 {
		actions := next()
		if len(actions) == 0 {
			return strings.Join(done, ", ")
		}
		for _, a := range actions {
			if err := service.Balancing()[a.Verb](h.t.Context(), h.cluster.Cloud, a.Spec); err != nil {
				h.t.Fatal(a.Verb, err)
			}
			done = append(done, a.Verb)
		}
	}
	h.t.Fatal("it never comes to rest:", done)
	return ""
}

func (h *host) need(needs []deploy.Need) string {
	h.t.Helper()
	return h.provide(func() []deploy.Action { return deploy.Provide(needs, h.standing(needs)) })
}

// moveIn makes the service web with all that it needs, and a task that runs once.
func (h *host) moveIn() {
	h.t.Helper()
	def, spec, needs := h.wants("/api/*")
	if got := h.need(needs); got != "create log group, create target group, create listener rule" {
		h.t.Errorf("made: %s", got)
	}
	spec, ready := deploy.Resolve(spec, h.standing(needs))
	if !ready {
		h.t.Fatal("a target group is not known:", spec.JSON())
	}
	tags := []types.Tag{{Key: new("Environment"), Value: new("acc")}, {Key: new("Cluster"), Value: new("acc")}, {Key: new("berth:service"), Value: new("web")}}
	arn := ""
	for range 2 {
		c := def.Get("containerDefinitions", "0")
		out, err := h.ecs.RegisterTaskDefinition(h.t.Context(), &ecs.RegisterTaskDefinitionInput{
			Family: new("web"), Tags: tags, ExecutionRoleArn: new(def.Get("executionRoleArn").Text),
			ContainerDefinitions: []types.ContainerDefinition{{
				Name: new("web"), Image: new("berth.sim/web:1?boot=5s"), Cpu: 128, Memory: new(int32(128)), PortMappings: []types.PortMapping{{ContainerPort: new(int32(80))}},
				RepositoryCredentials: &types.RepositoryCredentials{CredentialsParameter: new(c.Get("repositoryCredentials", "credentialsParameter").Text)},
				LogConfiguration: &types.LogConfiguration{LogDriver: types.LogDriverAwslogs, Options: map[string]string{
					"awslogs-group": "services/web", "awslogs-region": "eu-west-1", "awslogs-stream-prefix": "web",
				}},
			}},
		})
		h.must(err)
		arn = *out.TaskDefinition.TaskDefinitionArn
	}
	_, err := h.ecs.CreateService(h.t.Context(), &ecs.CreateServiceInput{
		Cluster: new("acc"), ServiceName: new("web"), TaskDefinition: &arn, DesiredCount: new(int32(1)), LaunchType: types.LaunchTypeEc2, Tags: tags,
		LoadBalancers: []types.LoadBalancer{{
			TargetGroupArn: new(spec.Get("loadBalancers", "0", "targetGroupArn").Text), ContainerName: new("web"), ContainerPort: new(int32(80)),
		}},
	})
	h.must(err)
	_, err = h.ecs.RunTask(h.t.Context(), &ecs.RunTaskInput{Cluster: new("acc"), TaskDefinition: &arn, LaunchType: types.LaunchTypeEc2, Tags: tags})
	h.must(err)
	h.pass(5 * time.Minute)
}

func TestWhatAServiceNeedsIsMadeOnceAndChangedInPlace(t *testing.T) {
	h := newHost(t)
	_, _, needs := h.wants("/api/*")
	if got := h.need(needs); got != "create log group, create target group, create listener rule" {
		t.Error("made: " + got)
	}
	before := h.standing(needs)
	_, _, moved := h.wants("/v2/*,/v3/*&priority=7&health_check=/up&deregistration_delay=5&health_codes=200")
	if got := h.need(moved); got != "modify target group, modify listener rule" {
		t.Error("changed: " + got)
	}
	after := h.standing(moved)
	for i := range before {
		if before[i].ARN != after[i].ARN || !before[i].Ours {
			t.Errorf("%s %s was not changed in place", before[i].Kind, before[i].Name)
		}
	}
	if p, _ := before[2].Spec.Get("Priority").Number(); p != 100 {
		t.Error("the first rule has priority", p)
	}
	h.Agrees(t, h.c, "with what a service needs")

	_, _, none := h.wants("")
	release := func() []deploy.Action { return deploy.Release(none, h.standing(none), nil) }
	if got := h.provide(release); got != "delete listener rule, delete target group" {
		t.Error("taken away: " + got)
	}
}

func TestTheDeployerRoleMayMakeWhatAServiceNeeds(t *testing.T) {
	c, r := Load(t, hosting, `deployer = { account = "210987654321" }`), NewRig(1)
	fine(t, r.Apply(c))
	r.Settle()
	s, err := r.Survey(c)
	fine(t, err)
	role, _ := model.Find[model.Role](&s.Have.Set, model.RoleKey("deployer"))
	p, err := access.New(role.Inline[0].Document)
	fine(t, err)
	h := hostOf(t, r, c)
	h.cluster, _ = r.run(c, r.Sim.Under(p))
	_, _, needs := h.wants("/api/*")
	if got := h.need(needs); got != "create log group, create target group, create listener rule" {
		t.Error("made: " + got)
	}
	_, _, moved := h.wants("/v2/*&priority=7&health_check=/up&deregistration_delay=5")
	if got := h.need(moved); got != "modify target group, modify listener rule" {
		t.Error("changed: " + got)
	}
	_, _, none := h.wants("")
	h.provide(func() []deploy.Action { return deploy.Release(none, h.standing(none), nil) })

	own := s.Have.Handle(model.TargetGroupKey("public")).ARN
	drop := document.New("TargetGroupArn", document.Of(own), "HealthCheckPath", document.Of("/nowhere"))
	if err := service.Balancing()["modify target group"](t.Context(), h.cluster.Cloud, drop); !cloud.Denied(err) {
		t.Error("it may change the cluster's own target group:", err)
	}
}

func TestLookingAtWhatAClusterGivesTakesFewCalls(t *testing.T) {
	h := newHost(t)
	trace := h.Sim.Record()
	table := h.given(
		"target_group.public?path=/", "target_group.back", "load_balancer.legacy", "registry.docker.io", "security_group.default", "subnets.private", "role.task", "cluster",
	)
	calls := 0
	for _, e := range trace.Entries {
		if e.What == "call" {
			calls++
		}
	}
	if calls > 15 {
		t.Errorf("%d calls", calls)
	}
	for _, name := range table.Names() {
		if v, err := table.Lookup(name); err != nil {
			t.Errorf("%s: %s, %v", name, v.JSON(), err)
		}
	}
	if n := len(table.PrivateSubnets); n != 2 {
		t.Error("private subnets:", n)
	}
	if l := table.Fronts["public"].Listeners; len(l) != 1 || l[0].Port != 80 || !l[0].Forwards {
		t.Error(l)
	}
}

func TestTenantsAreNobodysStraysAndGoWithTheCluster(t *testing.T) {
	h := newHost(t)
	h.moveIn()
	h.Agrees(t, h.c, "with a service in it")
	s, err := h.Survey(h.c)
	h.must(err)
	if len(s.Have.Strays) > 0 {
		t.Error("strays:", s.Have.Strays)
	}
	fine(t, h.Apply(Load(t, hosting, `tags = { team = "platform" }`)))
	if got := deploy.Provide(h.needs(), h.standing(h.needs())); got != nil {
		t.Error("apply took what a service needs:", got)
	}
	fine(t, h.Destroy(h.c))
	h.Settle()
	if got, want := left(h.Rig), bare(t); got != want {
		t.Errorf("left:\n%s\nwant\n%s", got, want)
	}
}

func (h *host) needs() []deploy.Need {
	_, _, needs := h.wants("/api/*")
	return needs
}

func TestALoadBalancerThatGoesIsHeldAgainstTheServicesBehindIt(t *testing.T) {
	h := newHost(t)
	h.moveIn()
	s, err := h.Survey(Load(t, strings.Replace(hosting, "public = {}, ", "", 1)))
	h.must(err)
	i := slices.IndexFunc(s.Findings, func(f check.Finding) bool { return f.Code == "OPS412" })
	if i < 0 || !strings.Contains(s.Findings[i].Text, "load balancer public goes, and requests reach service web") {
		t.Fatal(s.Findings)
	}
	drop, found := s.Plan.Find(plan.Step{Verb: plan.Delete, Key: model.LoadBalancerKey("public")})
	if !found || drop.Impact != plan.Outage {
		t.Error("it would go without being asked for:", drop.Impact)
	}
	fine(t, h.Apply(Load(t, strings.Replace(hosting, "public = {}, ", "", 1)))) // who allows the outage gets what the file says
	h.Settle()
	fine(t, h.Destroy(h.c))
	h.Settle()
	if got, want := left(h.Rig), bare(t); got != want {
		t.Errorf("left:\n%s", got)
	}
}

func TestTenantsOfAnotherClusterStay(t *testing.T) {
	h := newHost(t)
	h.moveIn()
	var others []types.Tag
	for _, tag := range [][2]string{{"Environment", "acc"}, {"Cluster", "other"}, {"berth:service", "web"}} {
		others = append(others, types.Tag{Key: new(tag[0]), Value: new(tag[1])})
	}
	_, err := h.ecs.RegisterTaskDefinition(t.Context(), &ecs.RegisterTaskDefinitionInput{
		Family: new("web"), Tags: others, ContainerDefinitions: []types.ContainerDefinition{{Name: new("web"), Image: new("x"), Memory: new(int32(64))}},
	})
	h.must(err)
	own, _ := h.Rig.cluster(h.c)
	for name, tags := range map[string]map[string]string{
		"acc_acc/others": {"Environment": "acc", "Cluster": "other", "berth:service": "web"}, "acc_acc/nobodys": nil,
	} {
		_, err := own.Cloud.Logs.CreateLogGroup(t.Context(), &cloudwatchlogs.CreateLogGroupInput{LogGroupName: new(name), Tags: tags})
		h.must(err)
	}
	h.Agrees(t, h.c, "with others' log groups beside it")
	fine(t, h.Destroy(h.c))
	h.Settle()
	if got := left(h.Rig); !strings.Contains(got, "Logs.Groups 2") || !strings.Contains(got, "ECS.Definitions 1") || strings.Count(got, "\n") != strings.Count(bare(t), "\n")+2 {
		t.Error(got)
	}
}

func TestLogsThatOthersWriteOutliveTheCluster(t *testing.T) {
	base := newHost(t)
	base.moveIn()
	for _, one := range []struct {
		name, family, cluster, region string
		kept                          bool
	}{
		{"a service of another cluster", "other-web", "other", "eu-west-1", true},
		{"the same family of another cluster", "web", "other", "eu-west-1", true},
		{"a task definition of nobody's", "job", "", "", true},
		{"a group of that name in another region", "other-web", "other", "eu-central-1", false},
		{"the cluster's own service", "worker", "acc", "eu-west-1", false},
	} {
		t.Run(one.name, func(t *testing.T) {
			h := hostOf(t, base.Fork(t), base.c)
			h.writes(one.family, one.cluster, one.region)
			h.Agrees(t, h.c, "with others at its log group")
			fine(t, h.Destroy(h.c))
			h.Settle()
			own, _ := h.Rig.cluster(h.c)
			out, err := own.Cloud.Logs.DescribeLogGroups(t.Context(), &cloudwatchlogs.DescribeLogGroupsInput{LogGroupNamePrefix: new("services/web")})
			h.must(err)
			if kept := len(out.LogGroups) == 1; kept != one.kept {
				t.Errorf("the log group is there: %v, want %v", kept, one.kept)
			}
		})
	}
}

// writes registers a task definition that writes to the log group of the service web; without a cluster it is nobody's.
func (h *host) writes(family, cluster, region string) {
	h.t.Helper()
	in := &ecs.RegisterTaskDefinitionInput{Family: &family, ContainerDefinitions: []types.ContainerDefinition{{
		Name: new("app"), Image: new("x"), Memory: new(int32(64)),
		LogConfiguration: &types.LogConfiguration{LogDriver: types.LogDriverAwslogs, Options: map[string]string{"awslogs-group": "services/web"}},
	}}}
	if region != "" {
		in.ContainerDefinitions[0].LogConfiguration.Options["awslogs-region"] = region
	}
	if cluster != "" {
		in.Tags = []types.Tag{{Key: new("Environment"), Value: new("acc")}, {Key: new("Cluster"), Value: new(cluster)}, {Key: new("berth:service"), Value: &family}}
	}
	_, err := h.ecs.RegisterTaskDefinition(h.t.Context(), in)
	h.must(err)
}

func TestADestroyWithTenantsThatDiesAtAnyCallIsFinishedByTheNext(t *testing.T) {
	t.Parallel()
	h := newHost(t)
	h.moveIn()
	want := bare(t)
	deaths := h.deaths(t, 20, func() error { return h.Destroy(h.c) })
	for f := range deaths {
		t.Run(f.name, func(t *testing.T) {
			fine(t, f.Destroy(h.c))
			f.Settle()
			if got := left(f.Rig); got != want {
				t.Errorf("left:\n%s", got)
			}
		})
	}
}

func TestADestroyPlanShowsWhatWasMadeForServices(t *testing.T) {
	h := newHost(t)
	h.moveIn()
	cluster, _ := h.acting(h.c, "destroy")
	cluster.Secrets = nil
	s, err := cluster.Farewell(t.Context())
	h.must(err)
	var kinds []string
	for _, c := range s.Plan.Changes {
		if c.Key.Kind.Tenant() && c.Verb == plan.Delete {
			kinds = append(kinds, string(c.Key.Kind))
		}
	}
	slices.Sort(kinds)
	if got := strings.Join(kinds, " "); got != "service service_definition service_log_group service_rule service_target_group task" {
		t.Error(got)
	}
}
