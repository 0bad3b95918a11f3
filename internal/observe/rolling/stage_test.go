package rolling_test

import (
	"context"
	"errors"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/autoscaling"
	scaling "github.com/aws/aws-sdk-go-v2/service/autoscaling/types"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"berth/internal/cloud"
	"berth/internal/config"
	"berth/internal/drive"
	"berth/internal/lease"
	"berth/internal/model"
	"berth/internal/observe/rolling"
	"berth/internal/sim"
	"berth/internal/sim/world"
)

const file = `
environment        = "prod"
cluster            = "shop"
aws_region         = "eu-west-1"
vpc_cidr           = "10.0.0.0/16"
availability_zones = ["eu-west-1a", "eu-west-1b"]
nat                = "single"
instance_type      = "t3.large"
min_size           = 4
desired_capacity   = 4
max_size           = 8
managed_scaling    = false
load_balancers     = {}
`

// stage is a simulated AWS with a cluster as a file says.
type stage struct {
	*testing.T
	sim   *sim.Sim
	c     *cloud.Cloud
	scope model.Scope
	calls map[string]int // made so far, by operation
}

func newStage(t *testing.T, texts ...string) *stage {
	t.Helper()
	s := &stage{T: t, sim: sim.New(world.New(1)), calls: map[string]int{}}
	s.scope = model.Scope{Account: world.Account, Region: "eu-west-1", Partition: "aws", Environment: "prod", Cluster: "shop"}
	client := s.sim.Client()
	next := client.Transport
	client.Transport = wire(func(r *http.Request) (*http.Response, error) {
		if _, name, ok := strings.Cut(r.Header.Get("X-Amz-Target"), "."); ok {
			s.calls[name]++
		}
		return next.RoundTrip(r)
	})
	s.c = cloud.Embedded(client, "eu-west-1", cloud.Options{Clock: s.sim, Run: "stage", Width: 1})
	s.apply(texts...)
	s.sim.With(func(w *world.World) { w.Advance(10 * time.Minute) })
	return s
}

type wire func(*http.Request) (*http.Response, error)

func (f wire) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

func (s *stage) must(err error) {
	s.Helper()
	if err != nil {
		s.Fatal(err)
	}
}

// apply carries a file out, and gives what stands then.
func (s *stage) apply(texts ...string) model.Inventory {
	s.Helper()
	var files []string
	for _, text := range append([]string{file}, texts...) {
		name := filepath.Join(s.TempDir(), "ecs.tfvars")
		s.must(os.WriteFile(name, []byte(text), 0o600))
		files = append(files, name)
	}
	c, faults := config.Load(config.Sources{Files: files})
	if faults.Failed() {
		s.Fatal(faults.String())
	}
	cluster := drive.Cluster{Cloud: s.c, Config: c}
	first, err := cluster.Survey(s.Context())
	s.must(err)
	j := drive.Job{Cluster: cluster, Who: lease.Holder{Run: "apply"}, Again: cluster.Survey, Agree: func(drive.Survey) error { return nil }}
	_, res, err := j.Do(s.Context(), first)
	for _, f := range res.Failed {
		err = errors.Join(err, f.Err)
	}
	s.must(err)
	last, err := cluster.Survey(s.Context())
	s.must(err)
	return last.Have
}

// groups are the groups as they were observed.
func groups(have model.Inventory) []model.Group {
	var out []model.Group
	for r := range have.All() {
		if g, ok := r.(model.Group); ok {
			out = append(out, g)
		}
	}
	return out
}

// serve makes a service.
func (s *stage) serve(name string, tasks int32, change func(*ecs.CreateServiceInput)) {
	s.Helper()
	d, err := s.c.ECS.RegisterTaskDefinition(s.Context(), &ecs.RegisterTaskDefinitionInput{
		Family: &name, ContainerDefinitions: []types.ContainerDefinition{{Name: &name, Image: new("berth.sim/x:1?slowstop=20s"), Cpu: 64, Memory: new(int32(64))}},
	})
	s.must(err)
	in := &ecs.CreateServiceInput{
		Cluster: new(s.scope.ClusterName()), ServiceName: &name, TaskDefinition: d.TaskDefinition.TaskDefinitionArn, LaunchType: types.LaunchTypeEc2, DesiredCount: &tasks,
	}
	if change != nil {
		change(in)
	}
	_, err = s.c.ECS.CreateService(s.Context(), in)
	s.must(err)
}

func (s *stage) pass(d time.Duration) {
	s.Helper()
	s.must(s.sim.Sleep(context.Background(), d))
}

func (s *stage) reader(have model.Inventory) *rolling.Reader {
	return &rolling.Reader{Cloud: s.c, Scope: s.scope, Groups: groups(have)}
}

func (s *stage) resize(n int32) {
	s.Helper()
	_, err := s.c.Groups.SetDesiredCapacity(s.Context(), &autoscaling.SetDesiredCapacityInput{AutoScalingGroupName: new(s.scope.GroupName("default")), DesiredCapacity: &n})
	s.must(err)
}

func (s *stage) terminate(id string) {
	s.Helper()
	_, err := s.c.Groups.TerminateInstanceInAutoScalingGroup(s.Context(), &autoscaling.TerminateInstanceInAutoScalingGroupInput{InstanceId: &id, ShouldDecrementDesiredCapacity: new(true)})
	s.must(err)
}

func (s *stage) tag(group, key, value string) {
	s.Helper()
	_, err := s.c.Groups.CreateOrUpdateTags(s.Context(), &autoscaling.CreateOrUpdateTagsInput{Tags: []scaling.Tag{
		{ResourceId: &group, ResourceType: new("auto-scaling-group"), Key: &key, Value: &value, PropagateAtLaunch: new(false)},
	}})
	s.must(err)
}
