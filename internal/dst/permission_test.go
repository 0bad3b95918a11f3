package dst

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/autoscaling"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	ec2types "github.com/aws/aws-sdk-go-v2/service/ec2/types"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	ecstypes "github.com/aws/aws-sdk-go-v2/service/ecs/types"
	elbv2 "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2"
	elbtypes "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2/types"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/kms"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	s3types "github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"berth/internal/ami"
	"berth/internal/apply"
	"berth/internal/cli/watching"
	"berth/internal/config"
	"berth/internal/drive"
	"berth/internal/lease"
	"berth/internal/model"
	releases "berth/internal/observe/ami"
	closer "berth/internal/observe/machine"
	"berth/internal/observe/service"
	"berth/internal/permit"
	"berth/internal/plan"
	"berth/internal/sim/access"
	"berth/internal/sim/world"
)

// ledger is which rules of which policies were ever what let a call pass.
type ledger struct{ policies map[string][]*access.Policy }

// rig is a new AWS in an account that may have enough of everything, whose runs the ledger sees, and those on its forks.
func (l *ledger) rig() *Rig {
	r := NewRig(1)
	r.quota("L-0263D0A3", 100) // addresses
	r.Policies = func(verb string, p *access.Policy) { l.policies[verb] = append(l.policies[verb], p) }
	return r
}

// unused are the rules of a verb's policies that no run needed, as "Sid action"; rules of clusters that differ only in names are
// the same.
func (l *ledger) unused(verb string) []string {
	uses := map[string]int{}
	for _, p := range l.policies[verb] {
		for rule, n := range p.Rules() {
			uses[rule.Sid+" "+rule.Action] += n
		}
	}
	var out []string
	for rule, n := range uses {
		if n == 0 {
			out = append(out, rule)
		}
	}
	slices.Sort(out)
	return out
}

// idle are the rules that no run on the simulated AWS can need, and why they are there. A rule may be written without its action,
// for all of a statement, or with a verb before it.
func idle() map[string]string {
	out := map[string]string{
		"Anywhere servicequotas:GetAWSDefaultServiceQuota": "asked only where AWS knows no quota of the account's own, and here it always does",
	}
	for _, action := range []string{
		"AssociateRouteTable", "AttachInternetGateway", "CreateNatGateway", "CreateRoute", "CreateRouteTable", "CreateSecurityGroup", "CreateSubnet",
		"CreateFlowLogs", "CreateVpcEndpoint", "ReplaceRoute", "RunInstances",
	} {
		out["apply OwnWithoutKey ec2:"+action] = "with many calls at once it may run before the key of what it is about is set again; here one comes after the other"
	}
	return out
}

// onServices are the verbs whose policies have tests of their own: TestEveryPermissionToDeployIsNeeded, TestEveryMishapIsDiagnosed,
// TestEveryPermissionToWatchIsNeeded, TestEveryPermissionToTryTheAlertsIsNeeded, TestEveryPermissionToRollIsNeeded.
var onServices = []string{"alerts", "deploy", "roll", "rollback", "watch", "why"}

func TestEveryPermissionOfAPolicyIsNeeded(t *testing.T) {
	t.Parallel()
	l := &ledger{map[string][]*access.Policy{}}
	history(t, l, everything)
	for _, f := range features(t) {
		chapter(t, l.rig(), f.text)
	}
	archive := l.rig()
	cluster, _ := archive.cluster(Load(t, small))
	_, err := cluster.Cloud.S3.CreateBucket(t.Context(), &s3.CreateBucketInput{
		Bucket: new("acme-logs"), CreateBucketConfiguration: &s3types.CreateBucketConfiguration{LocationConstraint: "eu-west-1"},
	})
	fine(t, err)
	chapter(t, archive, `flow_logs = "arn:aws:s3:::acme-logs"`)
	lodger := l.rig()
	lodger.settleEstate(t)
	chapter(t, lodger, moved)
	informed(t, l)
	rotated(t, l)
	hosted(t, l)
	served(t, l)
	excused := map[string]bool{}
	for _, verb := range permit.Verbs() {
		if slices.Contains(onServices, verb) {
			continue
		}
		for _, rule := range l.unused(verb) {
			sid, _, _ := strings.Cut(rule, " ")
			why := ""
			for _, name := range []string{rule, sid, verb + " " + rule, verb + " " + sid} {
				if idle()[name] != "" {
					why, excused[name] = idle()[name], true
				}
			}
			if why == "" {
				t.Errorf("%s may %s, and nothing ever needed it: narrow its row in internal/permit, or add a scenario", verb, rule)
			}
		}
	}
	for name := range idle() {
		if !excused[name] {
			t.Errorf("%q is excused, but something needs it, or no policy has it", name)
		}
	}
}

// history is a life of a cluster in which everything happens that berth answers with a call of its own.
func history(t *testing.T, l *ledger, texts ...string) {
	c := Load(t, texts...)
	r := l.rig()
	r.looksAt(t, c)
	fine(t, r.Apply(c))
	r.Settle()
	plain := r.Fork(t)

	for _, next := range []string{untagged, tuned, narrowed, shifted, smaller, everything} { // and back again
		fine(t, r.Apply(Load(t, append(slices.Clone(texts), next)...)))
		r.Settle()
	}
	for _, lose := range []bool{false, true} {
		for pass := range 3 {
			broken := plain.Fork(t)
			wreck(t, broken, c, pass)
			if lose {
				loseKeys(broken)
			}
			if err := broken.Apply(c); err != nil && denied(err) { // what cannot be mended is what was broken twice
				t.Fatal(err)
			}
			broken.Settle()
		}
	}
	for _, next := range []string{smaller, shifted, tuned} {
		lost := plain.Fork(t)
		loseKeys(lost)
		fine(t, lost.Apply(Load(t, append(slices.Clone(texts), next)...)))
		lost.Settle()
	}
	for _, lose := range []bool{false, true} {
		fresh := plain.Fork(t)
		if lose {
			loseKeys(fresh)
		}
		fine(t, fresh.Apply(Load(t, append(slices.Clone(texts), renumbered)...)))
	}
	strange(t, plain.Fork(t), c)
	leaving(t, plain.Fork(t), c)
	for _, lose := range []bool{false, true} {
		last := plain.Fork(t)
		last.meddle(t, c)
		last.looksAt(t, c) // at a group that lacks instances
		if lose {
			loseKeys(last)
		}
		fine(t, last.Destroy(Load(t, append(slices.Clone(texts), `log_prefix = "elsewhere"`)...)))
	}
}

// chapter is a shorter life: something comes, changes, loses its key, goes, and is destroyed.
func chapter(t *testing.T, r *Rig, what string) {
	before, after := Load(t, small), Load(t, small, what)
	fine(t, r.Apply(before))
	fine(t, r.Apply(after))
	r.Settle()
	r.looksAt(t, after)
	for _, lose := range []bool{false, true} {
		for pass := range 3 {
			broken := r.Fork(t)
			wreck(t, broken, after, pass)
			if err := broken.Apply(after); err != nil && denied(err) { // what cannot be mended is what was broken twice
				t.Fatalf("%s: %v", what, err)
			}
		}
		gone, back := r.Fork(t), r.Fork(t)
		if lose {
			loseKeys(gone)
			loseKeys(back)
		}
		for _, err := range []error{gone.Destroy(after), back.Apply(before)} {
			if err != nil && (!lose || denied(err)) { // how much is mended without a key is not the question here
				t.Fatalf("%s: %v", what, err)
			}
		}
	}
}

// looksAt is what the verbs do that only look, each under its own policy.
func (r *Rig) looksAt(t *testing.T, c *config.Config) {
	for _, verb := range []string{"diagram", "outputs", "plan", "status", "ami"} {
		cluster, _ := r.acting(c, verb)
		if verb != "plan" {
			cluster.Secrets = nil // they compare no passwords
		}
		s, err := cluster.Survey(t.Context())
		fine(t, err)
		switch verb {
		case "ami":
			r.looksAtImages(t, c, s)
		case "plan":
			fine(t, cluster.Quotas(t.Context(), s.Plan))
		case "status":
			_, err := closer.Look(t.Context(), cluster.Cloud, s.Have)
			fine(t, err)
			_, err = watching.Recall(t.Context(), cluster.Cloud, s, "", t.Logf)
			fine(t, err)
			if s.Have.Has(model.ClusterKey()) {
				_, err := service.Overview(t.Context(), cluster.Cloud, s.Facts.Scope, service.Breadth{Glance: true})
				fine(t, err)
			}
		}
	}
}

// looksAtImages is what ami does beside the survey. The lease was left behind by a run that died, which takes a while to see. So it
// goes on in a fork.
func (r *Rig) looksAtImages(t *testing.T, c *config.Config, s drive.Survey) {
	r = r.Fork(t)
	cluster, who := r.acting(c, "ami")
	machines, err := closer.Look(t.Context(), cluster.Cloud, s.Have)
	fine(t, err)
	_, err = releases.Look(t.Context(), cluster.Cloud, ami.IDs(s.Facts, s.Have, machines.Images))
	fine(t, err)
	if !s.Have.Has(model.BucketKey()) {
		return
	}
	_, dead := r.acting(c, "ami")
	_, err = lease.Take(t.Context(), cluster.Cloud, s.Facts.Scope.BucketName(), lease.Infra, dead)
	fine(t, err)
	held, err := lease.Take(t.Context(), cluster.Cloud, s.Facts.Scope.BucketName(), lease.Infra, who)
	fine(t, err)
	fine(t, held.Release(t.Context()))
}

// served is a cluster with services behind load balancers of both sorts, at which every verb looks that only looks.
func served(t *testing.T, l *ledger) {
	c := Load(t, shop, `load_balancers = { public = {}, old = { type = "classic" } }`)
	r := l.rig()
	fine(t, r.Apply(c))
	r.Settle()
	s := standOf(t, r)
	s.front()
	d, err := s.ecs.RegisterTaskDefinition(t.Context(), &ecs.RegisterTaskDefinitionInput{
		Family: new("old"), ContainerDefinitions: []ecstypes.ContainerDefinition{{
			Name: new("old"), Image: new("berth.sim/old:1"), Memory: new(int32(64)), PortMappings: []ecstypes.PortMapping{{ContainerPort: new(int32(80)), HostPort: new(int32(80))}},
		}},
	})
	fine(t, err)
	_, err = s.ecs.CreateService(t.Context(), &ecs.CreateServiceInput{
		Cluster: new("acc"), ServiceName: new("old"), TaskDefinition: d.TaskDefinition.TaskDefinitionArn, DesiredCount: new(int32(1)),
		LoadBalancers: []ecstypes.LoadBalancer{{LoadBalancerName: new("acc-acc-old"), ContainerName: new("old"), ContainerPort: new(int32(80))}},
	})
	fine(t, err)
	r.looksAt(t, c) // while a deployment is under way
	s.wire("wired", 64, 1)
	s.pass(5 * time.Minute)
	r.looksAt(t, c)
	for _, name := range []string{"", "web", "old", "wired"} {
		s.overviewAs(c, "services", service.Breadth{Name: name})
	}
}

// informed is a life with a queue of others that hears of failures, and with a key that goes and comes back.
func informed(t *testing.T, l *ledger) {
	c := Load(t, small, `alerts = { queue = { sqs_arn = "arn:aws:sqs:eu-west-1:123456789012:others" } }`)
	r := l.rig()
	cluster, _ := r.cluster(c)
	_, err := cluster.Cloud.SQS.CreateQueue(t.Context(), &sqs.CreateQueueInput{QueueName: new("others")})
	fine(t, err)
	fine(t, r.Apply(c))
	r.Settle()
	r.looksAt(t, c)
	for _, lose := range []bool{false, true} {
		again := r.Fork(t)
		if lose {
			loseKeys(again)
		}
		fine(t, again.Destroy(c))
		fine(t, again.Apply(c))
	}
	for _, lose := range []bool{false, true} {
		nameless := r.Fork(t)
		if lose {
			loseKeys(nameless)
		}
		cluster, _ := nameless.cluster(c)
		_, err := cluster.Cloud.KMS.DeleteAlias(t.Context(), &kms.DeleteAliasInput{AliasName: new("alias/acc_acc_events")})
		fine(t, err)
		nameless.looksAt(t, c)
		fine(t, nameless.Fork(t).Destroy(c))
		fine(t, nameless.Apply(c))
	}
}

// rotated is a life with logins that change and tags that go.
func rotated(t *testing.T, l *ledger) {
	logins := `registries = { "docker.io" = { username = "acme", password_env = "HUB_TOKEN" } }`
	r := l.rig()
	fine(t, r.Apply(Load(t, small, logins, `tags = { team = "platform" }`)))
	r.Passwords = map[string]string{"docker.io": "another password"}
	fine(t, r.Apply(Load(t, small, logins)))
}

// denied tells whether AWS refused for want of a permission.
func denied(err error) bool { return strings.Contains(err.Error(), "is not authorized to perform") }

// meddle does what no setting of the file stands for, and what is in the way of taking a cluster away.
func (r *Rig) meddle(t *testing.T, c *config.Config) {
	s, err := r.Survey(c)
	fine(t, err)
	cluster, _ := r.cluster(c)
	api, group := cluster.Cloud, s.Have.ID(model.InstanceGroupKey("default"))
	_, err = api.EC2.AuthorizeSecurityGroupEgress(t.Context(), &ec2.AuthorizeSecurityGroupEgressInput{GroupId: &group, IpPermissions: []ec2types.IpPermission{{
		IpProtocol: new("tcp"), FromPort: new(int32(1)), ToPort: new(int32(1)), UserIdGroupPairs: []ec2types.UserIdGroupPair{{GroupId: &group}},
	}}})
	fine(t, err)
	_, err = api.Groups.SetDesiredCapacity(t.Context(), &autoscaling.SetDesiredCapacityInput{
		AutoScalingGroupName: new(s.Have.ID(model.GroupKey("default"))), DesiredCapacity: new(int32(4)),
	})
	fine(t, err)
}

// strange lets somebody do to a cluster what only an apply can find and undo, and looks at it as apply --output json does.
func strange(t *testing.T, r *Rig, c *config.Config) {
	s, err := r.Survey(c)
	fine(t, err)
	cluster, _ := r.cluster(c)
	api, role := cluster.Cloud, s.Have.ID(model.RoleKey("instance"))
	_, err = api.Groups.EnableMetricsCollection(t.Context(), &autoscaling.EnableMetricsCollectionInput{
		AutoScalingGroupName: new(s.Have.ID(model.GroupKey("default"))), Granularity: new("1Minute"), Metrics: []string{"WarmPoolTotalCapacity"},
	})
	fine(t, err)
	_, err = api.IAM.AttachRolePolicy(t.Context(), &iam.AttachRolePolicyInput{RoleName: &role, PolicyArn: new("arn:aws:iam::aws:policy/CloudWatchAgentServerPolicy")})
	fine(t, err)
	_, err = api.IAM.RemoveRoleFromInstanceProfile(t.Context(), &iam.RemoveRoleFromInstanceProfileInput{InstanceProfileName: &role, RoleName: &role})
	fine(t, err)
	_, err = api.IAM.AddRoleToInstanceProfile(t.Context(), &iam.AddRoleToInstanceProfileInput{InstanceProfileName: &role, RoleName: new(s.Have.ID(model.RoleKey("task")))})
	fine(t, err)
	_, err = api.Balance.ModifyListener(t.Context(), &elbv2.ModifyListenerInput{
		ListenerArn: new(s.Have.Handle(model.ListenerKey("public", 80)).ARN), DefaultActions: []elbtypes.Action{{
			Type: elbtypes.ActionTypeEnumFixedResponse, FixedResponseConfig: &elbtypes.FixedResponseActionConfig{StatusCode: new("503")},
		}},
	})
	fine(t, err)
	fine(t, r.Apply(c))
	for _, verb := range []string{"apply", "destroy"} {
		cluster, _ := r.acting(c, verb)
		_, err = closer.Look(t.Context(), cluster.Cloud, s.Have)
		fine(t, err)
	}
}

// What the file becomes in the course of the history.
const (
	untagged = `
tags = {}
`
	tuned = `
nat                = "single"
log_prefix         = "elsewhere"
log_retention_days = 60
managed_scaling    = false
desired_capacity   = 3
tags               = { owner = "shop" }
`
	narrowed = `
availability_zones = ["eu-west-1a", "eu-west-1b"]
`
	shifted = `
availability_zones = ["eu-west-1a", "eu-west-1b"]
instance_type      = "t3.small"
load_balancers     = { public = { allow_cidrs = ["192.0.2.0/24"] }, legacy = { type = "classic", scheme = "internal", instance_port = 9090, allow_cidrs = ["192.0.2.0/24"] } }
`
	renumbered = `
vpc_cidr = "10.9.0.0/16"
`
	smaller = `
load_balancers  = {}
instance_groups = {}
`
)

// wreck changes every third setting of every resource behind berth's back; what AWS refuses stays as it is.
func wreck(t *testing.T, r *Rig, c *config.Config, pass int) {
	s, err := r.Survey(c)
	fine(t, err)
	cluster, _ := r.cluster(c)
	w := apply.Writer{Cloud: cluster.Cloud, Scope: s.Facts.Scope}
	n := 0
	for res := range s.Want.All() {
		k := res.Key()
		have, _ := s.Have.Get(k)
		for _, changed := range vandalise(res) {
			fields := plan.Diff(have, changed)
			if !worthwhile(res, fields, map[string]bool{}) || strings.HasPrefix(fields[0].Name, "tags.") && fields[0].Name != "tags.team" {
				continue
			}
			if n++; n%3 != pass {
				continue
			}
			_, _ = w.Do(t.Context(), plan.Change{Step: plan.Step{Verb: plan.Update, Key: k}, From: have, To: changed, Fields: fields}, s.Have, n)
		}
	}
}

// loseKeys takes the tag off that says what a resource of EC2 is, or a key of KMS, wherever berth knows it again.
func loseKeys(r *Rig) {
	r.Sim.With(func(w *world.World) {
		for _, region := range w.Regions.All() {
			for _, tags := range ec2Tags(&region.EC2) {
				*tags = tags.Without(model.TagKey)
			}
			for k := range region.KMS.Keys.Rows() {
				k.Tags = k.Tags.Without(model.TagKey)
			}
		}
	})
}

func ec2Tags(e *world.EC2) []*world.Tags {
	var out []*world.Tags
	for x := range e.VPCs.Rows() {
		out = append(out, &x.Tags)
	}
	first := true
	for x := range e.Subnets.Rows() {
		if !first { // one has to say whose VPC it is in
			out = append(out, &x.Tags)
		}
		first = false
	}
	for x := range e.RouteTables.Rows() {
		out = append(out, &x.Tags)
	}
	for x := range e.InternetGateways.Rows() {
		out = append(out, &x.Tags)
	}
	for x := range e.Addresses.Rows() {
		out = append(out, &x.Tags)
	}
	for x := range e.NATGateways.Rows() {
		out = append(out, &x.Tags)
	}
	for x := range e.SecurityGroups.Rows() {
		out = append(out, &x.Tags)
	}
	for x := range e.Endpoints.Rows() {
		out = append(out, &x.Tags)
	}
	for x := range e.Templates.Rows() {
		out = append(out, &x.Tags)
	}
	for x := range e.FlowLogs.Rows() {
		out = append(out, &x.Tags)
	}
	for x := range e.KeyPairs.Rows() {
		out = append(out, &x.Tags)
	}
	return out
}

// leaving destroys a cluster in which somebody runs something; once with something in it that AWS deletes nothing around.
func leaving(t *testing.T, r *Rig, c *config.Config) {
	cluster, _ := r.cluster(c)
	r.busy(t, c, 1)
	_, err := cluster.Cloud.ECS.CreateService(t.Context(), &ecs.CreateServiceInput{
		Cluster: new("acc"), ServiceName: new("web"), TaskDefinition: new("batch"), DesiredCount: new(int32(1)),
	})
	fine(t, err)
	r.Settle()
	s, err := r.Survey(c)
	fine(t, err)
	halted := r.Fork(t)
	cluster, _ = halted.cluster(c)
	_, err = cluster.Cloud.EC2.CreateNetworkInterface(t.Context(), &ec2.CreateNetworkInterfaceInput{
		SubnetId: new(s.Have.ID(model.SubnetKey(model.Private, "eu-west-1a"))),
	})
	fine(t, err)
	if halted.Destroy(c) == nil {
		t.Error("a subnet with somebody else's interface in it was deleted")
	}
	fine(t, r.Destroy(c))
}

// fine stops the test at an error.
func fine(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
