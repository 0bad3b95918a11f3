package dst

import (
	"context"
	"strings"
	"testing"

	"berth/internal/deploy"
	"berth/internal/sim/access"
)

// shipping is a cluster with what folders can ask for.
const shipping = `
load_balancers   = { public = {}, legacy = { type = "classic", instance_port = 8080 } }
instance_groups  = {}
instance_type    = "t3.large"
min_size         = 3
desired_capacity = 3
max_size         = 6
registries       = { "docker.io" = { username = "acme", password_env = "HUB_TOKEN" } }
`

// A service with a network interface for each task, and one behind a classic load balancer.
const (
	wired = `{"networkMode": "awsvpc", "containerDefinitions": [{"name": "web", "image": "IMAGE", "memory": 64, "portMappings": [{"containerPort": 80}]}]}`
	fixed = `{"containerDefinitions": [{"name": "web", "image": "IMAGE", "memory": 64, "portMappings": [{"containerPort": 80, "hostPort": 8080}]}]}`
	ports = `{"desiredCount": 1, "networkConfiguration": {"awsvpcConfiguration": {"subnets": "${berth.subnets.private}",
		"securityGroups": ["${berth.security_group.default}"]}}}`
	classic = `{"desiredCount": 1, "loadBalancers": [{"loadBalancerName": "${berth.load_balancer.legacy}", "containerName": "web", "containerPort": 80}]}`
)

// needless are the rules of deploy and rollback that the life below does not need, and why they are there.
func needless() map[string]string {
	out := map[string]string{}
	for _, rule := range []string{
		"Anywhere autoscaling:DescribeAutoScalingGroups", "Anywhere autoscaling:DescribeAutoScalingInstances", "Anywhere autoscaling:DescribeScalingActivities", "Anywhere ec2:DescribeInstanceTypes",
		"Anywhere elasticloadbalancing:DescribeLoadBalancers", "Anywhere elasticloadbalancing:DescribeTargetGroups",
		"ContainerLists ecs:ListServices", "Containers ecs:DescribeCapacityProviders", "Containers ecs:DescribeClusters",
		"Containers ecs:ListContainerInstances", "Secrets secretsmanager:DescribeSecret", "Services ecs:GetTaskProtection",
	} {
		out[rule] = "part of the closer look at what failed, which asks for it only where a cause may hide there, as berth why does"
	}
	out["SeeImages ecr:GetDownloadUrlForLayer"] = "the simulated registries have images for several machines only, whose index says for which"
	return out
}

func TestEveryPermissionToDeployIsNeeded(t *testing.T) {
	l := &ledger{map[string][]*access.Policy{}}
	r := l.rig()
	c := Load(t, small, shipping)
	fine(t, r.Apply(c))
	deployed := func(name string, v release, want deploy.Outcome) {
		t.Helper()
		fine(t, done(want)(r.Deploy(t, c, name, v)))
	}
	back := func(name string) {
		t.Helper()
		fine(t, done(deploy.Succeeded)(r.Rollback(t, c, name)))
	}
	deployed("web", release{image: "nginx:1", service: behind}, deploy.Succeeded)
	for _, other := range []string{"path=/api/*&priority=200", "path=/api/*&priority=300&health_check=/up&deregistration_delay=5"} {
		deployed("web", release{image: "nginx:1", service: strings.Replace(behind, "path=/web/*&priority=200", other, 1)}, deploy.Succeeded)
	}
	deployed("web", release{image: "berth.sim/web?pull=missing", service: behind}, deploy.RolledBack)
	deployed("web", release{image: "nginx:2", service: behind}, deploy.Succeeded)
	back("web")
	deployed("web", release{image: "nginx:3", service: alone}, deploy.Succeeded)
	deployed("web", release{image: slow, service: alone, policy: deploy.Policy{NoWait: true}}, deploy.Started)
	back("web")
	run, err := r.order(t, c, "web", release{image: "berth.sim/web:5?pull=slow=20m", service: alone, policy: deploy.Policy{RollbackOnInterrupt: true}})
	fine(t, err)
	ctx, cancel := context.WithCancel(t.Context())
	run.Tell = func(_ deploy.Snapshot, d deploy.Decision) {
		if d.Run.Following != "" {
			cancel()
		}
	}
	_, _, err = run.Do(ctx)
	fine(t, err)
	deployed("wired", release{image: "nginx:1", service: ports, definition: wired}, deploy.Succeeded)
	for _, image := range []string{"nginx:1", "nginx:2"} {
		deployed("old", release{image: image, service: classic, definition: fixed}, deploy.Succeeded)
	}
	back("old")
	deployed("job", release{image: "berth.sim/job?once=3s&exit=3"}, deploy.Failed)
	foreseen(t, l)
	excused := map[string]bool{}
	for _, verb := range []string{"deploy", "rollback"} {
		for _, rule := range l.unused(verb) {
			excused[rule] = true
			if needless()[rule] == "" {
				t.Errorf("%s may %s, and nothing ever needed it: narrow its row in internal/permit, or add a scenario", verb, rule)
			}
		}
	}
	for rule := range needless() { // unordered: each is looked for alone
		if !excused[rule] {
			t.Errorf("%q is excused, but something needs it, or no policy has it", rule)
		}
	}
}
