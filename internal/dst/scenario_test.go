package dst

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	sdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"
	elb "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2"
	elbtypes "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2/types"

	"berth/internal/sim/scenario"
)

// shop is the cluster of the scenarios: three zones, an instance in each, and Spot Instances beside them.
const shop = `
environment        = "acc"
aws_region         = "eu-west-1"
vpc_cidr           = "10.0.0.0/16"
availability_zones = ["eu-west-1a", "eu-west-1b", "eu-west-1c"]
instance_type      = "t3.large"
min_size           = 3
max_size           = 6
desired_capacity   = 3
instance_groups    = { spot = { instance_type = "m7i.large", spot = true, min_size = 2, max_size = 4, desired_capacity = 2 } }
load_balancers     = { public = {} }
`

// stand is a rig whose cluster has the service web: six tasks behind the load balancer.
type stand struct {
	*Rig
	t   *testing.T
	ecs *ecs.Client
	elb *elb.Client
}

func newStand(t *testing.T, texts ...string) *stand {
	t.Helper()
	r := NewRig(1)
	if err := r.Apply(Load(t, append([]string{shop}, texts...)...)); err != nil {
		t.Fatal(err)
	}
	r.Settle()
	s := standOf(t, r)
	s.front()
	return s
}

// front makes the service web: six tasks behind the load balancer.
func (s *stand) front() {
	t := s.t
	t.Helper()
	s.deploy("berth.sim/web:1?boot=5s", func(definition string) error {
		_, err := s.ecs.CreateService(t.Context(), &ecs.CreateServiceInput{
			Cluster: new("acc"), ServiceName: new("web"), TaskDefinition: &definition, DesiredCount: new(int32(6)), LaunchType: types.LaunchTypeEc2,
			LoadBalancers:                 []types.LoadBalancer{{TargetGroupArn: s.group(), ContainerName: new("web"), ContainerPort: new(int32(80))}},
			HealthCheckGracePeriodSeconds: new(int32(60)),
			DeploymentConfiguration: &types.DeploymentConfiguration{
				MinimumHealthyPercent: new(int32(100)), MaximumPercent: new(int32(200)),
				DeploymentCircuitBreaker: &types.DeploymentCircuitBreaker{Enable: true, Rollback: true},
			},
			PlacementStrategy: []types.PlacementStrategy{{Type: types.PlacementStrategyTypeSpread, Field: new("attribute:ecs.availability-zone")}},
		})
		return err
	})
	s.pass(10 * time.Minute)
}

// standOf is a rig with clients of its AWS.
func standOf(t *testing.T, r *Rig) *stand {
	cfg := sdk.Config{
		Region: "eu-west-1", HTTPClient: r.Sim.Client(), Credentials: credentials.NewStaticCredentialsProvider("AKIDEXAMPLE", "secret", ""),
	}
	return &stand{Rig: r, t: t, ecs: ecs.NewFromConfig(cfg), elb: elb.NewFromConfig(cfg)}
}

func (s *stand) must(err error) {
	s.t.Helper()
	if err != nil {
		s.t.Fatal(err)
	}
}

func (s *stand) pass(d time.Duration) {
	s.t.Helper()
	s.must(s.Sim.Sleep(context.Background(), d))
}

// deploy registers a revision with an image, and lets f use it.
func (s *stand) deploy(image string, f func(definition string) error) {
	s.t.Helper()
	out, err := s.ecs.RegisterTaskDefinition(s.t.Context(), &ecs.RegisterTaskDefinitionInput{
		Family: new("web"), ContainerDefinitions: []types.ContainerDefinition{{
			Name: new("web"), Image: &image, Cpu: 128, Memory: new(int32(128)), PortMappings: []types.PortMapping{{ContainerPort: new(int32(80))}},
		}},
	})
	s.must(err)
	s.must(f(*out.TaskDefinition.TaskDefinitionArn))
}

// group is a target group for the service, to which the load balancer's listener forwards.
func (s *stand) group() *string {
	s.t.Helper()
	ctx := s.t.Context()
	lbs, err := s.elb.DescribeLoadBalancers(ctx, &elb.DescribeLoadBalancersInput{})
	s.must(err)
	out, err := s.elb.CreateTargetGroup(ctx, &elb.CreateTargetGroupInput{
		Name: new("web"), Protocol: elbtypes.ProtocolEnumHttp, Port: new(int32(80)), VpcId: lbs.LoadBalancers[0].VpcId, HealthCheckIntervalSeconds: new(int32(10)),
	})
	s.must(err)
	group := out.TargetGroups[0].TargetGroupArn
	listeners, err := s.elb.DescribeListeners(ctx, &elb.DescribeListenersInput{LoadBalancerArn: lbs.LoadBalancers[0].LoadBalancerArn})
	s.must(err)
	_, err = s.elb.CreateRule(ctx, &elb.CreateRuleInput{
		ListenerArn: listeners.Listeners[0].ListenerArn, Priority: new(int32(1)),
		Conditions: []elbtypes.RuleCondition{{Field: new("path-pattern"), Values: []string{"/*"}}},
		Actions:    []elbtypes.Action{{Type: elbtypes.ActionTypeEnumForward, TargetGroupArn: group}},
	})
	s.must(err)
	return group
}

// update deploys another image, as somebody does while things break.
func (s *stand) update(image string) {
	s.deploy(image, func(definition string) error {
		_, err := s.ecs.UpdateService(s.t.Context(), &ecs.UpdateServiceInput{Cluster: new("acc"), Service: new("web"), TaskDefinition: &definition})
		return err
	})
}

// examples is the folder of the scenarios.
const examples = "../../examples/scenarios"

// deeds are what somebody does at a time while a scenario goes on, by the scenario's file.
func deeds() map[string]func(*stand) {
	return map[string]func(*stand){
		"zone-lost-during-a-deployment.txt": func(s *stand) { s.pass(time.Minute); s.update("berth.sim/web:2?boot=5s") },
		"registry-rate-limit.txt": func(s *stand) {
			s.pass(time.Minute)
			s.update("berth.sim/web:2?boot=5s")
			s.pass(30 * time.Minute)
			out, err := s.ecs.DescribeServices(s.t.Context(), &ecs.DescribeServicesInput{Cluster: new("acc"), Services: []string{"web"}})
			s.must(err)
			if got := *out.Services[0].TaskDefinition; !strings.HasSuffix(got, "web:1") {
				s.t.Errorf("%s is deployed though nobody can pull it", got)
			}
		},
		"spot-interruption.txt": func(*stand) {},
		"agents-vanish.txt":     func(*stand) {},
		"throttling-storm.txt": func(s *stand) {
			s.pass(time.Minute)
			c := Load(s.t, strings.Replace(shop, `"t3.large"`, `"m7i.large"`, 1))
			persist(s.t, "apply", func() error { return s.Apply(c) })
		},
		"image-that-never-registers.txt": func(*stand) {},
	}
}

func TestTheClusterOfTheScenariosIsThatOfTheirPage(t *testing.T) {
	text, err := os.ReadFile(filepath.Join(examples, "ecs.tfvars"))
	if _, settings, _ := strings.Cut(string(text), "\n"); err != nil || settings != shop {
		t.Errorf("%v: examples/scenarios/ecs.tfvars makes another cluster:\n%s", err, settings)
	}
}

func TestEveryScenarioOfTheExamplesHolds(t *testing.T) {
	files, err := filepath.Glob(filepath.Join(examples, "*.txt"))
	if err != nil || len(files) != len(deeds()) {
		t.Fatalf("%v, %v", files, err)
	}
	base := newStand(t)
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			steps, err := scenario.File(filepath.Base(file), string(text))
			if err != nil {
				t.Fatal(err)
			}
			s := base.fork(t)
			s.must(s.Sim.Play("", steps))
			last := s.Sim.Now().Add(slices.MaxFunc(steps, func(a, b scenario.Step) int { return int(a.At - b.At) }).At)
			deeds()[filepath.Base(file)](s)
			s.pass(last.Sub(s.Sim.Now()) + time.Hour)
			promises := s.Sim.Figures().Promises
			if len(promises) == 0 {
				t.Error("it promises nothing, so nothing can be wrong")
			}
			for _, p := range promises {
				if p.Broken != "" {
					t.Errorf("%s: %s at %s", p.Text, p.Broken, p.At.Format("15:04:05"))
				}
			}
		})
	}
}

// fork is a stand that starts where this one stands.
func (s *stand) fork(t *testing.T) *stand {
	t.Helper()
	return standOf(t, s.Fork(t))
}
