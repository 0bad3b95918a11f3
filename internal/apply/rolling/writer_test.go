package rolling_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"berth/internal/apply/rolling"
	"berth/internal/cloud"
	"berth/internal/document"
	"berth/internal/placement"
	"berth/internal/roll"
	"berth/internal/sim/world"
)

func (s *stage) writer() *rolling.Writer {
	return &rolling.Writer{Cloud: s.c, Cluster: s.scope.ClusterName()}
}

func (s *stage) do(w *rolling.Writer, a roll.Action) roll.Made {
	s.Helper()
	made, err := w.Do(s.Context(), a)
	s.must(err)
	return made
}

// group is the group as the world has it.
func (s *stage) group() (out world.ScalingGroup) {
	s.sim.With(func(w *world.World) {
		g, _ := w.Region("eu-west-1").AutoScaling.Groups.Get(s.scope.GroupName("default"))
		out = *g
	})
	return out
}

// hosts are the container instances as the world has them, the EC2 ids beside them.
func (s *stage) hosts() (all []world.ContainerInstance) {
	s.sim.With(func(w *world.World) {
		for k := range w.Region("eu-west-1").ECS.Clusters.Rows() {
			for i := range k.Instances.Rows() {
				if i.Status != "INACTIVE" {
					all = append(all, *i)
				}
			}
		}
	})
	return all
}

func (s *stage) arns() (arns, ids []string) {
	for _, h := range s.hosts() {
		arns, ids = append(arns, h.ARN), append(ids, h.EC2ID)
	}
	return arns, ids
}

func TestEveryVerbIsCarriedOut(t *testing.T) {
	w := (&stage{T: t}).writer()
	for _, v := range []roll.Verb{
		roll.Mark, roll.Unmark, roll.SetMax, roll.SetMin, roll.LaunchNew, roll.Protect, roll.Unprotect, roll.Suspend, roll.Resume, roll.SetMark, roll.DropMark, roll.StartDrain,
		roll.Activate, roll.StopTasks, roll.Give, roll.Deregister, roll.EditService, roll.RunProbe,
	} {
		if !w.Knows(v) {
			t.Errorf("nobody knows how to %s", v)
		}
	}
	if _, err := w.Do(t.Context(), roll.Action{Verb: "dance"}); err == nil {
		t.Error("it does what nobody knows")
	}
}

func TestGroupsAreMarkedSizedAndStopped(t *testing.T) {
	s := newStage(t)
	w, name := s.writer(), s.scope.GroupName("default")
	before := s.group()
	for range 2 { // all may be done twice
		s.do(w, roll.Action{Verb: roll.Mark, Group: name, Key: roll.TagRoll, Value: "r1"})
		s.do(w, roll.Action{Verb: roll.SetMax, Group: name, Count: 9})
		s.do(w, roll.Action{Verb: roll.Suspend, Group: name, Names: []string{"AZRebalance"}})
	}
	g := s.group()
	tagged := slices.ContainsFunc(g.Tags, func(t world.GroupTag) bool { return t.Key == roll.TagRoll && t.Value == "r1" && !t.Propagate })
	if !tagged || g.Max != 9 || g.Min != before.Min || g.Desired != before.Desired || len(g.Suspended) != len(before.Suspended)+1 {
		t.Errorf("%+v", g)
	}
	for range 2 {
		s.do(w, roll.Action{Verb: roll.Unmark, Group: name, Key: roll.TagRoll})
		s.do(w, roll.Action{Verb: roll.SetMax, Group: name, Count: before.Max})
		s.do(w, roll.Action{Verb: roll.Resume, Group: name, Names: []string{"AZRebalance"}})
	}
	if g := s.group(); len(g.Tags) != len(before.Tags) || g.Max != before.Max || len(g.Suspended) != len(before.Suspended) {
		t.Errorf("%+v", g)
	}
}

func TestALaunchWhoseAnswerIsLostLaunchesOnce(t *testing.T) {
	s := newStage(t)
	a := roll.Action{Verb: roll.LaunchNew, Group: s.scope.GroupName("default"), Zone: "eu-west-1a", Count: 2, Token: "r1-1"}
	s.lose = "LaunchInstances"
	first := s.do(s.writer(), a)
	again := s.do(s.writer(), a) // another run, after a crash
	if len(first.Instances) != 2 || !slices.Equal(first.Instances, again.Instances) || len(first.Refused) > 0 || s.group().Desired != 6 {
		t.Errorf("%v, then %v; %d are desired", first, again, s.group().Desired)
	}
	a.Token, a.Count = "r1-2", 9
	made := s.do(s.writer(), a)
	if len(made.Instances) > 0 || !strings.Contains(made.Refused["eu-west-1a"], "max-size") || s.group().Desired != 6 {
		t.Errorf("beyond the maximum: %+v", made)
	}
}

func TestALaunchThatGetsFewerSaysWhyByZone(t *testing.T) {
	s := newStage(t)
	s.play("no capacity for t3.large in eu-west-1a")
	made := s.do(s.writer(), roll.Action{Verb: roll.LaunchNew, Group: s.scope.GroupName("default"), Zone: "eu-west-1a", Count: 2, Token: "r1-1"})
	if len(made.Instances) > 0 || !strings.Contains(made.Refused["eu-west-1a"], "InsufficientInstanceCapacity") {
		t.Errorf("%+v", made)
	}
}

func TestStatesAndAttributesGoInPiecesAndPartsAreRefused(t *testing.T) {
	s := newStage(t, "min_size = 12\ndesired_capacity = 12\nmax_size = 14\n")
	w := s.writer()
	arns, _ := s.arns()
	if len(arns) != 12 {
		t.Fatalf("%d instances", len(arns))
	}
	gone := strings.Replace(arns[0], arns[0][strings.LastIndexByte(arns[0], '/')+1:], strings.Repeat("0", 32), 1)
	for _, v := range []roll.Verb{roll.SetMark, roll.StartDrain} {
		made := s.do(w, roll.Action{Verb: v, ARNs: append(slices.Clone(arns), gone), Key: roll.AttrDrain, Value: "r1"})
		if len(made.Refused) != 1 || made.Refused[gone] == "" {
			t.Errorf("%s: %v", v, made.Refused)
		}
	}
	for _, h := range s.hosts() {
		marked := slices.ContainsFunc(h.Attributes, func(a world.ECSAttribute) bool { return a.Name == roll.AttrDrain && a.Value == "r1" })
		if h.Status != "DRAINING" || !marked {
			t.Errorf("%s is %s, marked %v", h.EC2ID, h.Status, marked)
		}
	}
	if n := s.calls["UpdateContainerInstancesState"]; n != 2 {
		t.Errorf("%d calls for 13 states", n)
	}
	for range 2 {
		s.do(w, roll.Action{Verb: roll.Activate, ARNs: append(slices.Clone(arns), gone)})
		s.do(w, roll.Action{Verb: roll.DropMark, ARNs: append(slices.Clone(arns), gone), Key: roll.AttrDrain})
	}
	for _, h := range s.hosts() {
		marked := slices.ContainsFunc(h.Attributes, func(a world.ECSAttribute) bool { return a.Name == roll.AttrDrain })
		if h.Status != "ACTIVE" || marked {
			t.Errorf("%s is %s, marked %v", h.EC2ID, h.Status, marked)
		}
	}
}

func TestProtectionLeavesOutWhatIsNotInService(t *testing.T) {
	s := newStage(t)
	_, ids := s.arns()
	all := append(slices.Clone(ids), "i-0123456789abcdef0")
	for _, v := range []roll.Verb{roll.Protect, roll.Unprotect} {
		made := s.do(s.writer(), roll.Action{Verb: v, Group: s.scope.GroupName("default"), Instances: all})
		if len(made.Refused) != 1 || made.Refused["i-0123456789abcdef0"] == "" {
			t.Errorf("%v", made.Refused)
		}
		g := s.group()
		for m := range g.Members.Rows() {
			if m.Protected != (v == roll.Protect) {
				t.Errorf("%s: %s", v, m.ID)
			}
		}
	}
}

func TestGivingAnInstanceTwiceIsGivingItOnce(t *testing.T) {
	s := newStage(t, "min_size = 2\n")
	_, ids := s.arns()
	a := roll.Action{Verb: roll.Give, Group: s.scope.GroupName("default"), Instances: ids[:1], Decrement: true}
	s.lose = "TerminateInstanceInAutoScalingGroup"
	for range 3 {
		if made := s.do(s.writer(), a); !slices.Equal(made.Instances, ids[:1]) {
			t.Errorf("%+v", made)
		}
	}
	if g := s.group(); g.Desired != 3 {
		t.Errorf("%d are desired", g.Desired)
	}
	s.pass(20 * time.Minute)
	s.do(s.writer(), a) // it is gone by now
	s.resize(2)
	s.pass(20 * time.Minute)
	_, ids = s.arns()
	a.Instances = ids[:1]
	if _, err := s.writer().Do(t.Context(), a); cloud.Code(err) != "ValidationError" {
		t.Errorf("below the minimum: %v", err)
	}
}

func TestAServiceIsPatchedAndFencedWithoutADeployment(t *testing.T) {
	s := newStage(t)
	s.serve("web", 2, func(in *ecs.CreateServiceInput) {
		in.DeploymentConfiguration = &types.DeploymentConfiguration{
			MinimumHealthyPercent: new(int32(100)), MaximumPercent: new(int32(100)), DeploymentCircuitBreaker: &types.DeploymentCircuitBreaker{Enable: true, Rollback: true},
		}
	})
	s.pass(3 * time.Minute)
	before := s.service("web")
	bounds := document.New("minimumHealthyPercent", document.Int(100), "maximumPercent", document.Int(100),
		"deploymentCircuitBreaker", document.New("enable", document.Value{Kind: document.Bool, Text: "true"}, "rollback", document.Value{Kind: document.Bool, Text: "true"}))
	fence := []placement.Constraint{{Type: "memberOf", Expression: "attribute:berth.generation == r1"}}
	s.do(s.writer(), roll.Action{Verb: roll.EditService, Service: "web", Count: 200, Bounds: bounds, Constraints: fence})
	now := s.service("web")
	if *now.DeploymentConfiguration.MaximumPercent != 200 || *now.DeploymentConfiguration.MinimumHealthyPercent != 100 || !now.DeploymentConfiguration.DeploymentCircuitBreaker.Rollback {
		t.Errorf("%+v", now.DeploymentConfiguration)
	}
	if len(now.PlacementConstraints) != 1 || *now.PlacementConstraints[0].Expression != fence[0].Expression {
		t.Errorf("%+v", now.PlacementConstraints)
	}
	s.do(s.writer(), roll.Action{Verb: roll.EditService, Service: "web", Count: 100, Bounds: bounds, Constraints: []placement.Constraint{}})
	now = s.service("web")
	if *now.DeploymentConfiguration.MaximumPercent != 100 || len(now.PlacementConstraints) > 0 {
		t.Errorf("%+v %+v", now.DeploymentConfiguration, now.PlacementConstraints)
	}
	if len(now.Deployments) != 1 || *now.Deployments[0].Id != *before.Deployments[0].Id {
		t.Error("it began a deployment")
	}
	if made := s.do(s.writer(), roll.Action{Verb: roll.EditService, Service: "none", Count: 100}); made.Refused["none"] == "" {
		t.Errorf("a service that is gone: %+v", made)
	}
}

func (s *stage) service(name string) types.Service {
	s.Helper()
	out, err := s.c.ECS.DescribeServices(s.Context(), &ecs.DescribeServicesInput{Cluster: new(s.scope.ClusterName()), Services: []string{name}})
	s.must(err)
	return out.Services[0]
}

func TestAProbeRunsOnItsInstanceOnce(t *testing.T) {
	s := newStage(t)
	s.serve("web", 1, nil)
	arns, ids := s.arns()
	for n := range arns {
		a := roll.Action{Verb: roll.RunProbe, ARNs: arns[n : n+1], Instances: ids[n : n+1], Value: "web", Token: "berth-roll/r1/" + ids[n]}
		s.lose = "RunTask"
		first, again := s.do(s.writer(), a), s.do(s.writer(), a)
		if len(first.Tasks) != 1 || !slices.Equal(first.Tasks, again.Tasks) {
			t.Fatalf("%v, then %v", first, again)
		}
		out, err := s.c.ECS.DescribeTasks(t.Context(), &ecs.DescribeTasksInput{Cluster: new("shop"), Tasks: first.Tasks})
		s.must(err)
		if *out.Tasks[0].ContainerInstanceArn != arns[n] || *out.Tasks[0].StartedBy != a.Token {
			t.Errorf("it runs on %s, started by %s", *out.Tasks[0].ContainerInstanceArn, *out.Tasks[0].StartedBy)
		}
	}
	made := s.do(s.writer(), roll.Action{Verb: roll.RunProbe, ARNs: arns[:1], Instances: ids[:1], Value: "nothing:1", Token: "x"})
	if len(made.Tasks) > 0 || made.Refused[arns[0]] == "" {
		t.Errorf("a definition that is not there: %+v", made)
	}
}

func TestStoppingAndDeregisteringTwiceIsOnce(t *testing.T) {
	s := newStage(t)
	s.serve("web", 1, nil)
	s.pass(time.Minute)
	list, err := s.c.ECS.ListTasks(t.Context(), &ecs.ListTasksInput{Cluster: new("shop")})
	s.must(err)
	arns, _ := s.arns()
	tasks := append(slices.Clone(list.TaskArns), strings.Replace(list.TaskArns[0], "/shop/", "/shop/f", 1))
	for range 2 {
		s.do(s.writer(), roll.Action{Verb: roll.StopTasks, ARNs: tasks, Value: "because"})
		s.do(s.writer(), roll.Action{Verb: roll.Deregister, ARNs: arns[:1]})
	}
	if left, _ := s.arns(); len(left) != 3 {
		t.Errorf("%d are left", len(left))
	}
}

func TestTheMemoryIsWrittenOnlyOverWhatIsKnown(t *testing.T) {
	s := newStage(t)
	bucket := s.scope.BucketName()
	first, err := rolling.Store(t.Context(), s.c, bucket, roll.Memory{Seq: 1}, "")
	s.must(err)
	if _, err := rolling.Store(t.Context(), s.c, bucket, roll.Memory{Seq: 2}, ""); !rolling.Refused(err) {
		t.Errorf("over what is not known: %v", err)
	}
	second, err := rolling.Store(t.Context(), s.c, bucket, roll.Memory{Seq: 2}, first)
	s.must(err)
	if _, err := rolling.Store(t.Context(), s.c, bucket, roll.Memory{Seq: 3}, first); !rolling.Refused(err) || second == first {
		t.Errorf("over what is not there any more: %v", err)
	}
}

func TestWritesStayBelowHalfOfTheRates(t *testing.T) {
	s := newStage(t)
	w, name := s.writer(), s.scope.GroupName("default")
	began := s.sim.Now()
	for n := range 60 {
		if _, err := w.Do(t.Context(), roll.Action{Verb: roll.Mark, Group: name, Key: roll.TagRoll, Value: fmt.Sprint(n)}); err != nil {
			t.Fatal(errors.Join(err))
		}
	}
	if took := s.sim.Now().Sub(began); took < 14*time.Second || took > 16*time.Second {
		t.Errorf("60 writes took %v: 25 at once, and 5 in 2 seconds", took)
	}
}
