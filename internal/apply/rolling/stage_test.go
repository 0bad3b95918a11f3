package rolling_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/autoscaling"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"berth/internal/cloud"
	"berth/internal/config"
	"berth/internal/drive"
	"berth/internal/lease"
	"berth/internal/model"
	"berth/internal/sim"
	"berth/internal/sim/scenario"
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
	lose  string         // the operation whose next answer is lost
}

func newStage(t *testing.T, texts ...string) *stage {
	t.Helper()
	s := &stage{T: t, sim: sim.New(world.New(1)), calls: map[string]int{}}
	s.scope = model.Scope{Account: world.Account, Region: "eu-west-1", Partition: "aws", Environment: "prod", Cluster: "shop"}
	client := s.sim.Client()
	next := client.Transport
	client.Transport = wire(func(r *http.Request) (*http.Response, error) {
		name := operation(r)
		s.calls[name]++
		if out, err := next.RoundTrip(r); err != nil || name != s.lose {
			return out, err
		}
		s.lose = ""
		return nil, errors.New("connection reset by peer")
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

// operation is what a request asks for.
func operation(r *http.Request) string {
	if _, name, ok := strings.Cut(r.Header.Get("X-Amz-Target"), "."); ok {
		return name
	}
	if r.Body == nil || r.Header.Get("Content-Type") != "application/x-www-form-urlencoded" {
		return r.Method
	}
	text, _ := io.ReadAll(r.Body)
	r.Body = io.NopCloser(strings.NewReader(string(text)))
	form, _ := url.ParseQuery(string(text))
	return form.Get("Action")
}

// apply carries a file out.
func (s *stage) apply(texts ...string) {
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

func (s *stage) resize(n int32) {
	s.Helper()
	_, err := s.c.Groups.SetDesiredCapacity(s.Context(), &autoscaling.SetDesiredCapacityInput{AutoScalingGroupName: new(s.scope.GroupName("default")), DesiredCapacity: &n})
	s.must(err)
}

// play does what a sentence of a scenario says.
func (s *stage) play(text string) {
	s.Helper()
	sentence, err := scenario.Parse(text)
	s.must(err)
	s.must(s.sim.Play("eu-west-1", []scenario.Step{{Text: text, Sentence: sentence}}))
}
