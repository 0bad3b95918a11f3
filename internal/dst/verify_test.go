package dst

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	elb "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2"
	elbtypes "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2/types"

	"berth/internal/cli/folder"
	"berth/internal/cloud"
	"berth/internal/config"
	"berth/internal/deploy"
	"berth/internal/deploy/verify"
	"berth/internal/observe/image"
	"berth/internal/observe/service"
	"berth/internal/registry"
)

// foresee looks at a folder as berth deploy --verify does, with the policy of deploy.
func (r *Rig) foresee(t *testing.T, c *config.Config, def, spec string) ([]verify.Finding, bool) {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "web")
	fine(t, os.MkdirAll(dir, 0o700))
	fine(t, os.WriteFile(filepath.Join(dir, "taskdef.json"), []byte(def), 0o600))
	if spec != "" {
		fine(t, os.WriteFile(filepath.Join(dir, "service.json"), []byte(spec), 0o600))
	}
	run := r.rollout(t, c, "deploy")
	order, err := folder.Read(t.Context(), run.Cloud, c, run.Scope, folder.Files{Dir: dir})
	fine(t, err)
	run.Order = order.Order
	run.Order.Policy.Timeout = 15 * time.Minute
	s, err := run.Look(t.Context())
	fine(t, err)
	f, err := service.Facts(t.Context(), run.Cloud, run.Scope, s)
	fine(t, err)
	mayPull(t, run.Cloud, "123456789012.dkr.ecr.eu-west-1.amazonaws.com")
	found := verify.Check(s.Order, f)
	return found, verify.Outage(s.Order, f, found)
}

// mayPull wants whoever deploys to see what is in a registry of ECR.
func mayPull(t *testing.T, c *cloud.Cloud, host string) {
	t.Helper()
	answers, err := image.Ask(t.Context(), c, []registry.Image{{Host: host, Repository: "shared/web", Reference: "1"}}, nil)
	fine(t, err)
	if a := answers[0]; a.State != registry.There {
		t.Errorf("an image in %s is %s for whoever may deploy: %s", host, a.State, a.Note)
	}
}

// hindrance is something that is wrong with a folder or with what it names.
type hindrance struct {
	def, spec string // instead of those that are well
	want      string // the code that it is found as
}

const (
	steady  = `{"desiredCount": 3, "healthCheckGracePeriodSeconds": 30, "loadBalancers": [{"containerName": "web", "containerPort": 80, "targetGroupArn": "${berth.target_group.public?path=/web/*}"}]}`
	healthy = `{"containerDefinitions": [{"name": "web", "image": "berth.sim/web:1", "cpu": 64, "memory": 64, "portMappings": [{"containerPort": 80}]}]}`
	rolesAt = "arn:aws:iam::123456789012:role/ecs/"
)

// hindrances are all that AWS is asked about.
func hindrances() map[string]hindrance {
	with := func(word string) string { return strings.Replace(healthy, `"memory": 64`, `"memory": 64, `+word, 1) }
	whole := func(word string) string { return strings.Replace(healthy, "{", "{"+word+", ", 1) }
	beside := func(word string) string { return strings.Replace(steady, "{", "{"+word+", ", 1) }
	behind := func(arn string) string {
		return `{"desiredCount": 2, "loadBalancers": [{"containerName": "web", "containerPort": 80, "targetGroupArn": "` + arn + `"}]}`
	}
	return map[string]hindrance{
		"a secret":    {def: with(`"secrets": [{"name": "A", "valueFrom": "arn:aws:secretsmanager:eu-west-1:123456789012:secret:a-abcdef"}]`), want: "DEP111"},
		"a parameter": {def: with(`"secrets": [{"name": "A", "valueFrom": "/shop/key"}]`), want: "DEP111"},
		"a secret elsewhere": {
			def: with(`"secrets": [{"name": "A", "valueFrom": "arn:aws:secretsmanager:eu-central-1:123456789012:secret:a-abcdef"}]`), want: "DEP112",
		},
		"a login":           {def: with(`"repositoryCredentials": {"credentialsParameter": "arn:aws:secretsmanager:eu-west-1:123456789012:secret:a-abcdef"}`), want: "DEP113"},
		"a role":            {def: whole(`"taskRoleArn": "` + rolesAt + `nobody"`), want: "DEP121"},
		"a role of EC2":     {def: whole(`"taskRoleArn": "` + rolesAt + `acc_acc_eu-west-1_instance"`), want: "DEP122"},
		"a target group":    {spec: behind("arn:aws:elasticloadbalancing:eu-west-1:123456789012:targetgroup/none/0123456789abcdef"), want: "DEP131"},
		"a size":            {def: strings.Replace(healthy, `"memory": 64`, `"memory": 7000`, 1), spec: beside(`"placementConstraints": [{"type": "memberOf", "expression": "attribute:disk == ssd"}]`), want: "DEP141"},
		"an attribute":      {spec: beside(`"placementConstraints": [{"type": "memberOf", "expression": "attribute:disk == ssd"}]`), want: "DEP141"},
		"too many":          {def: strings.Replace(healthy, `"memory": 64`, `"memory": 6000`, 1), spec: strings.Replace(steady, `"desiredCount": 3`, `"desiredCount": 9`, 1), want: "DEP142"},
		"an instance each":  {spec: strings.Replace(beside(`"placementConstraints": [{"type": "distinctInstance"}]`), `"desiredCount": 3`, `"desiredCount": 6`, 1), want: "DEP152"},
		"no breaker":        {spec: beside(`"deploymentConfiguration": {"deploymentCircuitBreaker": {"enable": false, "rollback": false}}`), want: "DEP163"},
		"a slow start":      {def: with(`"healthCheck": {"command": ["CMD", "true"], "startPeriod": 200}`), want: "DEP139"},
		"a slow leave":      {spec: strings.Replace(steady, "path=/web/*", "path=/web/*&deregistration_delay=3600", 1), want: "DEP138"},
		"somebody's subnet": {def: whole(`"networkMode": "awsvpc"`), spec: `{"desiredCount": 1, "networkConfiguration": {"awsvpcConfiguration": {"subnets": ["subnet-0123456789abcdef0"], "securityGroups": ["sg-0123456789abcdef0"]}}}`, want: "DEP171"},
	}
}

func TestWhatIsWrongIsFoundBeforehand(t *testing.T) {
	c := Load(t, small, fleet)
	base := NewRig(1)
	fine(t, base.Apply(c))
	base.Settle()
	for name, f := range hindrances() { // unordered: each has an AWS of its own
		t.Run(name, func(t *testing.T) {
			r := base.Fork(t)
			def, spec := f.def, f.spec
			if def == "" {
				def = healthy
			}
			if spec == "" {
				spec = steady
			}
			before := r.deployments() + r.Census()
			found, _ := r.foresee(t, c, def, spec)
			if !slices.ContainsFunc(found, func(v verify.Finding) bool { return v.Code == f.want }) {
				t.Errorf("%s is not among %s", f.want, said(found))
			}
			if after := r.deployments() + r.Census(); after != before {
				t.Errorf("something was changed:\n%s\nbefore:\n%s", after, before)
			}
		})
	}
}

func said(found []verify.Finding) string {
	b, _ := json.MarshalIndent(found, "", " ") // plain texts and numbers always marshal
	return string(b)
}

func TestAHealthyFolderHasNoFindingAndVerifyingItWritesNothing(t *testing.T) {
	c := Load(t, small, fleet)
	r := NewRig(1)
	fine(t, r.Apply(c))
	r.Settle()
	look := func(when string) {
		t.Helper()
		trace := r.Sim.Record()
		if found, _ := r.foresee(t, c, healthy, steady); len(found) > 0 {
			t.Errorf("%s: %s", when, said(found))
		}
		for n, e := range trace.Entries {
			if wrote(trace.Entries[n : n+1]) {
				t.Errorf("%s: it calls %s", when, e.Name)
			}
		}
		if len(trace.Entries) == 0 {
			t.Errorf("%s: no call at all was seen", when)
		}
	}
	look("before the first deployment")
	fine(t, done(deploy.Succeeded)(r.Deploy(t, c, "web", release{image: "berth.sim/web:1", service: behind})))
	look("beside what runs")
}

func TestATargetGroupThatNobodyUsesIsFound(t *testing.T) {
	c := Load(t, small, fleet)
	r := NewRig(1)
	fine(t, r.Apply(c))
	s := standOf(t, r)
	lbs, err := s.elb.DescribeLoadBalancers(t.Context(), &elb.DescribeLoadBalancersInput{})
	fine(t, err)
	out, err := s.elb.CreateTargetGroup(t.Context(), &elb.CreateTargetGroupInput{
		Name: new("loose"), Protocol: elbtypes.ProtocolEnumHttp, Port: new(int32(80)), VpcId: lbs.LoadBalancers[0].VpcId, TargetType: elbtypes.TargetTypeEnumIp,
	})
	fine(t, err)
	spec := `{"desiredCount": 2, "loadBalancers": [{"containerName": "web", "containerPort": 80, "targetGroupArn": "` + *out.TargetGroups[0].TargetGroupArn + `"}]}`
	found, _ := r.foresee(t, c, healthy, spec)
	for _, want := range []string{"DEP132", "DEP134"} {
		if !slices.ContainsFunc(found, func(v verify.Finding) bool { return v.Code == want }) {
			t.Errorf("%s is not among %s", want, said(found))
		}
	}
}

func TestADeploymentThatWouldOnlyTakeTasksAwayIsSeen(t *testing.T) {
	c := Load(t, small, fleet)
	r := NewRig(1)
	fine(t, r.Apply(c))
	r.Settle()
	fine(t, done(deploy.Succeeded)(r.Deploy(t, c, "web", release{image: "berth.sim/web:1", service: alone})))
	lost := strings.Replace(healthy, `"memory": 64`, `"memory": 64, "secrets": [{"name": "A", "valueFrom": "arn:aws:secretsmanager:eu-west-1:123456789012:secret:a-abcdef"}]`, 1)
	careful := `{"desiredCount": 2}`
	rash := `{"desiredCount": 2, "deploymentConfiguration": {"minimumHealthyPercent": 0, "maximumPercent": 200}}`
	if _, outage := r.foresee(t, c, lost, careful); outage {
		t.Error("one that keeps the old tasks is called an outage")
	}
	if found, outage := r.foresee(t, c, lost, rash); !outage {
		t.Errorf("it is not seen: %s", said(found))
	}
	if _, outage := r.foresee(t, c, healthy, rash); outage {
		t.Error("one that comes to a good end is called an outage")
	}
}

// foreseen is a look beforehand that needs everything which one may look at.
func foreseen(t *testing.T, l *ledger) {
	c, r := Load(t, small, fleet), l.rig()
	fine(t, r.Apply(c))
	r.Settle()
	def := `{"networkMode": "awsvpc", "taskRoleArn": "` + rolesAt + `nobody", "containerDefinitions": [{"name": "web", "image": "berth.sim/web:1", "cpu": 64, "memory": 64,
		"secrets": [{"name": "A", "valueFrom": "arn:aws:secretsmanager:eu-west-1:123456789012:secret:a-abcdef"}, {"name": "B", "valueFrom": "/shop/key"}]}]}`
	r.foresee(t, c, def, `{"desiredCount": 1, "networkConfiguration": {"awsvpcConfiguration": {"subnets": "${berth.subnets.private}", "securityGroups": ["${berth.security_group.default}"]}}}`)
	elsewhere, _ := r.acting(c, "deploy")
	mayPull(t, elsewhere.Cloud, "210987654321.dkr.ecr.us-east-1.amazonaws.com") // of another account and region
}
