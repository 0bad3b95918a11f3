package dst

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"berth/internal/deploy"
	"berth/internal/roll"
	"berth/internal/sim/access"
)

// unrolled are the rules of roll that the lives below do not need, and why they are there. What else a roll sees before it begins it sees
// as plan does, whose rules have their own test.
func unrolled() map[string]string {
	out := map[string]string{
		"PassTaskRoles iam:PassRole":                           "a probe whose definition names a role: the simulated AWS checks the handing over where a definition is registered",
		"Containers ecs:DeregisterContainerInstance":           "an instance whose agent did not answer when it was terminated",
		"Anywhere elasticloadbalancing:DescribeInstanceHealth": "a service behind a classic load balancer",
	}
	for _, action := range []string{
		"autoscaling:DescribeScalingActivities", "ec2:DescribeVpcEndpointServices", "ecs:ListTaskDefinitions", "elasticloadbalancing:DescribeListenerCertificates",
		"kms:ListAliases", "kms:ListKeys",
	} {
		out["Anywhere "+action] = "to compare a file that has more in it, as plan does"
	}
	out["Secrets secretsmanager:DescribeSecret"] = out["Anywhere kms:ListKeys"]
	return out
}

func TestEveryPermissionToRollIsNeeded(t *testing.T) {
	t.Parallel()
	l := &ledger{map[string][]*access.Policy{}}
	for _, managed := range []string{"managed_scaling = true\n", "managed_scaling = false\n"} {
		r := l.rig()
		c := Load(t, small, fleetOfSix, managed)
		fine(t, r.Apply(c))
		fine(t, done(deploy.Succeeded)(r.Deploy(t, c, "web", release{image: "berth.sim/web:1?boot=5s", service: behind})))
		probes(t, r, "berth.sim/probe:1?once=20s&exit=0")
		s := standOf(t, r)
		_, err := s.ecs.RunTask(t.Context(), &ecs.RunTaskInput{Cluster: new("acc"), TaskDefinition: new("web"), LaunchType: types.LaunchTypeEc2})
		fine(t, err)
		c = Load(t, small, fleetOfSix, managed, newer)
		fine(t, r.Apply(c))
		run := r.roller(t, c)
		run.Order.Fence, run.Order.Probe, run.Order.Standalone = true, "probe", roll.StopThem
		_, d, err := run.Do(t.Context())
		fine(t, err)
		if d.Outcome != roll.Replaced {
			t.Errorf("%s: %v", d.Outcome, d.Memory.Why)
		}
	}
	excused := unrolled()
	for _, rule := range l.unused("roll") {
		if excused[rule] == "" {
			t.Errorf("roll may %s, and nothing ever needed it: narrow its row in internal/permit, or add a scenario", rule)
		}
		delete(excused, rule)
	}
	for rule := range excused {
		t.Errorf("%q is excused, but something needs it, or no policy has it", rule)
	}
}
