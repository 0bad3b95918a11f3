package ecs

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"berth/internal/sim/ecs/attribute"
	"berth/internal/sim/ecs/definition"
	"berth/internal/sim/world"
)

// on is the container instance of a task.
func (s *stage) on(t types.Task) *world.ContainerInstance {
	s.t.Helper()
	i, ok := instanceOf(s.k().Cluster, aws.ToString(t.ContainerInstanceArn))
	if !ok {
		s.t.Fatal("a task without an instance")
	}
	return i
}

// rack gives an instance the attribute rack, or with an empty value takes it off.
func (s *stage) rack(i *world.ContainerInstance, value string) {
	s.t.Helper()
	a := []types.Attribute{{Name: aws.String("rack"), TargetId: aws.String(i.ARN)}}
	if value == "" {
		_, err := attribute.DeleteAttributes(s.Call, &ecs.DeleteAttributesInput{Cluster: aws.String("shop"), Attributes: a})
		must(s, 0, err)
		return
	}
	a[0].Value = aws.String(value)
	_, err := attribute.PutAttributes(s.Call, &ecs.PutAttributesInput{Cluster: aws.String("shop"), Attributes: a})
	must(s, 0, err)
}

func member(expression string) types.PlacementConstraint {
	return types.PlacementConstraint{Type: types.PlacementConstraintTypeMemberOf, Expression: aws.String(expression)}
}

func distinct() types.PlacementConstraint {
	return types.PlacementConstraint{Type: types.PlacementConstraintTypeDistinctInstance}
}

// bound makes services with constraints.
func bound(all ...types.PlacementConstraint) func(*ecs.CreateServiceInput) {
	return func(in *ecs.CreateServiceInput) { in.PlacementConstraints = all }
}

func strategy(kind types.PlacementStrategyType, field string) types.PlacementStrategy {
	return types.PlacementStrategy{Type: kind, Field: aws.String(field)}
}

// counts are the tasks of each instance, in the order of registration.
func (s *stage) counts() string {
	var out []int
	for _, i := range s.instances() {
		out = append(out, i.RunningTasks+i.PendingTasks)
	}
	return fmt.Sprint(out)
}

func TestRunTaskPlacesByItsConstraintsAndSaysOfEveryInstanceWhyNot(t *testing.T) {
	// ECS developer guide, "Example Amazon ECS task placement constraints" and "API failure reasons"
	s := newStage(t)
	s.shopOf(2)
	run := func(n int32, all ...types.PlacementConstraint) *ecs.RunTaskOutput {
		out, err := s.runTasks(func(in *ecs.RunTaskInput) { in.Count, in.PlacementConstraints = aws.Int32(n), all })
		return must(s, out, err)
	}
	out := run(3, distinct())
	s.equal([]any{len(out.Tasks), len(out.Failures), s.counts()}, "[2 2 [1 1]]")
	for _, f := range out.Failures {
		s.equal(*f.Reason, "DistinctInstance placement constraint unsatisfied.")
	}
	s.equal(len(run(1, distinct()).Tasks), 0) // the group has tasks everywhere
	zone := s.instances()[1].Zone
	for _, task := range run(3, member("attribute:ecs.availability-zone == "+zone)).Tasks {
		s.equal(*task.AvailabilityZone, zone)
	}
	out = run(1, member("attribute:ecs.instance-type =~ t3.*"), member("attribute:rack exists"))
	s.equal([]any{len(out.Tasks), *out.Failures[0].Arn, *out.Failures[1].Reason}, "[0 "+s.instances()[0].ARN+" MemberOf placement constraint unsatisfied.]")
	s.equal(len(run(1, member("not(task:group == family:web)")).Tasks), 0)
	s.equal(len(run(1, member("task:group == family:web")).Tasks), 1)
	s.honest()
}

func TestRunTaskPlacesByItsStrategies(t *testing.T) {
	// ECS developer guide, "Use strategies to define Amazon ECS task placement"
	for name, c := range map[string]struct {
		ties     world.Ties
		strategy []types.PlacementStrategy
		want     string
	}{
		"packed":                 {"", []types.PlacementStrategy{strategy("binpack", "MEMORY")}, "[5 0 0]"},
		"packed, the newest":     {world.TiesNewest, []types.PlacementStrategy{strategy("binpack", "cpu")}, "[0 0 5]"},
		"spread over instances":  {"", []types.PlacementStrategy{strategy("spread", "host")}, "[2 2 1]"},
		"spread over instances,": {world.TiesNewest, []types.PlacementStrategy{strategy("spread", "instanceId")}, "[1 2 2]"},
	} {
		t.Run(name, func(t *testing.T) {
			s := newStage(t)
			s.shopOf(3)
			s.Tuning.Ties = c.ties
			out, err := s.runTasks(func(in *ecs.RunTaskInput) { in.Count, in.PlacementStrategy = aws.Int32(5), c.strategy })
			s.equal([]any{len(must(s, out, err).Tasks), s.counts()}, "[5 "+c.want+"]")
		})
	}
}

func TestPlacementThatCannotBeIsRefused(t *testing.T) {
	s := newStage(t)
	s.shopOf(1)
	many := make([]types.PlacementConstraint, 11)
	for n := range many {
		many[n] = distinct()
	}
	const code = "InvalidParameterException"
	for want, in := range map[string]ecs.RunTaskInput{
		"distinctInstance expression should not be specified.":                 {PlacementConstraints: []types.PlacementConstraint{{Type: "distinctInstance", Expression: aws.String("")}}},
		"memberOf expression should be specified.":                             {PlacementConstraints: []types.PlacementConstraint{{Type: "memberOf"}}},
		`unknown subject "colour" at position 1`:                               {PlacementConstraints: []types.PlacementConstraint{member("colour == red")}},
		"at most 10 placement constraints":                                     {PlacementConstraints: many},
		"A maximum of 5 placement strategies":                                  {PlacementStrategy: make([]types.PlacementStrategy, 6)},
		"Placement strategy field disk is invalid":                             {PlacementStrategy: []types.PlacementStrategy{strategy("binpack", "disk")}},
		"Placement strategy field attribute: is invalid for the type spread":   {PlacementStrategy: []types.PlacementStrategy{strategy("spread", "attribute:")}},
		"Placement strategy type near is invalid. Valid values are: random, s": {PlacementStrategy: []types.PlacementStrategy{strategy("near", "x")}},
	} {
		_, err := s.runTasks(func(to *ecs.RunTaskInput) {
			to.PlacementConstraints, to.PlacementStrategy = in.PlacementConstraints, in.PlacementStrategy
		})
		s.refused(err, code, want)
		s.refused(s.create(1, func(to *ecs.CreateServiceInput) {
			to.PlacementConstraints, to.PlacementStrategy = in.PlacementConstraints, in.PlacementStrategy
		}), code, want)
	}
	s.refused(s.create(0, daemon, bound(distinct())), code, "does not support the placement constraint distinctInstance")
	s.refused(s.create(0, daemon, func(in *ecs.CreateServiceInput) {
		in.PlacementStrategy = []types.PlacementStrategy{strategy("random", "")}
	}),
		code, "The daemon scheduling strategy does not support placement strategies. Remove the placement strategy and try again")
	in := webDefinition()
	in.PlacementConstraints = []types.TaskDefinitionPlacementConstraint{{Type: "distinctInstance"}}
	_, err := definition.RegisterTaskDefinition(s.Call, in)
	s.refused(err, "ClientException", "constraint.type 'distinctInstance' is not supported.")
	in.PlacementConstraints = []types.TaskDefinitionPlacementConstraint{{Type: "memberOf", Expression: aws.String("(")}}
	_, err = definition.RegisterTaskDefinition(s.Call, in)
	s.refused(err, code, "Invalid placement constraint expression: expected a subject, found end of expression at position 2.")
	_, err = ListContainerInstances(s.Call, &ecs.ListContainerInstancesInput{Cluster: aws.String("shop"), Filter: aws.String("x")})
	s.refused(err, code, "Invalid filter expression")
	_, err = attribute.ListAttributes(s.Call, &ecs.ListAttributesInput{Cluster: aws.String("shop"), TargetType: "container-instance", AttributeValue: aws.String("x")})
	s.refused(err, code, "attribute value")
}

func TestServicesKeepTheirPlacementUntilItIsChanged(t *testing.T) {
	// ECS API reference, UpdateService: what is left out stays, an empty array removes, and neither begins a deployment
	s := newStage(t)
	s.shopOf(3)
	must(s, 0, s.create(2, bound(member("attribute:ecs.os-type == linux")), func(in *ecs.CreateServiceInput) {
		in.PlacementStrategy = []types.PlacementStrategy{strategy("spread", "host"), strategy("binpack", "CPU"), strategy("random", "x")}
	}))
	s.steady("api")
	v := s.service("api")
	s.equal([]any{v.PlacementConstraints[0].Type, *v.PlacementConstraints[0].Expression}, "[memberOf attribute:ecs.os-type == linux]")
	s.equal([]any{v.PlacementStrategy[0].Type, *v.PlacementStrategy[0].Field, *v.PlacementStrategy[1].Field, v.PlacementStrategy[2].Field}, "[spread instanceId cpu <nil>]")
	must(s, 0, s.update(func(in *ecs.UpdateServiceInput) {
		in.PlacementStrategy = []types.PlacementStrategy{strategy("binpack", "memory")}
	}))
	s.scale(5)
	s.steady("api")
	packed := func() string {
		return strings.Join(slices.Sorted(strings.SplitSeq(strings.Trim(s.counts(), "[]"), " ")), " ")
	}
	s.equal(packed(), "0 1 4")
	s.scale(2)
	s.steady("api")
	s.equal(packed(), "0 0 2")
	v = s.service("api")
	s.equal([]any{len(v.Deployments), len(v.PlacementConstraints), len(v.PlacementStrategy)}, "[1 1 1]")
	must(s, 0, s.update(func(in *ecs.UpdateServiceInput) {
		in.PlacementStrategy, in.PlacementConstraints = []types.PlacementStrategy{{}}, []types.PlacementConstraint{}
	}))
	v = s.service("api")
	s.equal([]any{len(v.Deployments), len(v.PlacementConstraints), len(v.PlacementStrategy)}, "[1 0 0]")
	s.refused(s.update(func(in *ecs.UpdateServiceInput) { in.PlacementConstraints = []types.PlacementConstraint{{}} }), "InvalidParameterException", "")
}

func TestServiceSaysWhichConstraintKeepsItsTasksAndGoesOnWhenNoneDoes(t *testing.T) {
	// ECS developer guide, "Amazon ECS service event messages"
	s := newStage(t)
	s.shopOf(2)
	must(s, 0, s.create(3, bound(distinct())))
	s.until("it has complained", func() bool {
		return s.heard("api", `has started 2 tasks`) == 1 && s.heard("api", `encountered error "DistinctInstance placement constraint unsatisfied.". For more`) == 1
	})
	s.equal(s.counts(), "[1 1]")
	must(s, 0, s.update(func(in *ecs.UpdateServiceInput) {
		in.DesiredCount, in.PlacementConstraints = aws.Int32(4), []types.PlacementConstraint{member("attribute:rack in [a, b]")}
	}))
	s.until("it has complained", func() bool {
		return s.heard("api", `encountered error "MemberOf placement constraint unsatisfied."`) == 1
	})
	s.equal(s.counts(), "[1 1]")
	s.rack(s.instances()[1], "b")
	s.steady("api")
	s.equal(s.counts(), "[1 3]")
	quiet(t, s)
}

func TestServiceFollowsTheTasksThatItWantsToBeWith(t *testing.T) {
	// ECS developer guide, "Create expressions to define container instances", task affinity
	s := newStage(t)
	s.shopOf(2)
	must(s, 0, s.create(2, bound(member("task:group == service:cache"))))
	s.until("it has complained", func() bool { return s.heard("api", "MemberOf") == 1 })
	must(s, 0, s.create(1, func(in *ecs.CreateServiceInput) { in.ServiceName = aws.String("cache") }))
	s.steady("api")
	s.equal(s.counts(), "[3 0]")
	quiet(t, s)
}

func TestConstraintsOfADefinitionHoldWhoeverRunsIt(t *testing.T) {
	// ECS API reference, TaskDefinitionPlacementConstraint
	s := newStage(t)
	s.shopOf(2)
	s.definition(func(in *ecs.RegisterTaskDefinitionInput) {
		in.PlacementConstraints = []types.TaskDefinitionPlacementConstraint{{Type: "memberOf", Expression: aws.String("attribute:rack == a")}}
	})
	s.rack(s.instances()[1], "a")
	must(s, 0, s.create(2))
	must(s, 0, s.create(0, daemon))
	s.steady("api")
	s.steady("agent")
	out, err := s.runTasks()
	s.equal(s.on(must(s, out, err).Tasks[0]).ID, s.instances()[1].ID)
	s.equal([]any{s.counts(), s.service("agent").DesiredCount}, "[[0 4] 1]")
	many := make([]types.PlacementConstraint, 10)
	for n := range many {
		many[n] = distinct()
	}
	s.refused(s.update(func(in *ecs.UpdateServiceInput) { in.PlacementConstraints = many }), "InvalidParameterException", "including those of its task definition")
	s.honest()
}

func TestDaemonsLeaveInstancesThatNoLongerMeetTheirConstraints(t *testing.T) {
	// ECS developer guide, "Amazon ECS services", the daemon scheduling strategy
	s := newStage(t)
	s.shopOf(3)
	for _, i := range s.instances() {
		s.rack(i, "a")
	}
	s.rack(s.instances()[0], "b")
	must(s, 0, s.create(0, daemon, bound(member("attribute:rack == a"))))
	s.steady("agent")
	s.equal([]any{s.counts(), s.service("agent").DesiredCount}, "[[0 1 1] 2]")
	s.rack(s.instances()[1], "")
	s.rack(s.instances()[0], "a")
	s.until("it has moved", func() bool { return s.counts() == "[1 0 1]" })
	s.steady("agent")
	s.equal(s.heard("agent", "has stopped 1 running tasks"), 1)
	must(s, 0, s.update(func(in *ecs.UpdateServiceInput) {
		in.Service, in.PlacementConstraints = aws.String("agent"), []types.PlacementConstraint{}
	}))
	s.until("it is everywhere", func() bool { return s.counts() == "[1 1 1]" })
	quiet(t, s)
}

func TestDaemonsDoNotDriveThemselvesAway(t *testing.T) {
	s := newStage(t)
	s.shopOf(2)
	must(s, 0, s.create(0, daemon, bound(member("not(task:group == service:agent) and runningTasksCount < 1"))))
	s.steady("agent")
	s.equal([]any{s.counts(), s.heard("agent", "has stopped")}, "[[1 1] 0]")
	must(s, 0, s.create(0, daemon, bound(member("task:group == service:api")), func(in *ecs.CreateServiceInput) { in.ServiceName = aws.String("beside") }))
	must(s, 0, s.create(1))
	s.until("only one is left", func() bool { return s.service("beside").RunningCount == 1 && s.service("agent").RunningCount == 1 })
	must(s, 0, s.drop("api", true))
	s.until("they have changed places", func() bool { return s.service("beside").RunningCount == 0 && s.service("agent").RunningCount == 2 })
	quiet(t, s)
}

func TestTasksOfAProviderWaitForAnInstanceThatMeetsTheirConstraints(t *testing.T) {
	s := newStage(t)
	g := s.shopOf(2)
	s.provider("web", g.ARN)
	must(s, 0, s.associate("web"))
	s.Advance(time.Minute)
	for _, i := range s.instances() {
		i.Provider = "web"
	}
	share := []types.CapacityProviderStrategyItem{{CapacityProvider: aws.String("web"), Weight: 1}}
	out, err := s.runTasks(func(in *ecs.RunTaskInput) {
		in.CapacityProviderStrategy, in.PlacementConstraints, in.Count = share, []types.PlacementConstraint{member("attribute:rack == a"), distinct()}, aws.Int32(2)
	})
	s.equal(len(must(s, out, err).Tasks), 2)
	affine, err := s.runTasks(func(in *ecs.RunTaskInput) {
		in.CapacityProviderStrategy, in.PlacementConstraints, in.Group = share, []types.PlacementConstraint{member("task:group == family:web")}, aws.String("beside")
	})
	must(s, affine, err)
	s.Advance(time.Minute)
	s.equal([]any{s.counts(), len(s.k().Waiting)}, "[[0 0] 3]")
	s.rack(s.instances()[1], "a")
	s.Advance(time.Minute)
	s.equal([]any{s.counts(), len(s.k().Waiting)}, "[[0 2] 1]")
	s.rack(s.instances()[0], "a")
	s.Advance(time.Minute)
	s.equal([]any{s.counts(), len(s.k().Waiting)}, "[[1 2 0] 0]") // managed scaling has launched another one meanwhile
	s.honest()
}

func TestInstancesAreListedByExpression(t *testing.T) {
	// ECS developer guide, "Define which container instances Amazon ECS uses for tasks"
	s := newStage(t)
	s.shopOf(3)
	s.rack(s.instances()[0], "a")
	s.rack(s.instances()[2], "b")
	out, err := s.runTasks(func(in *ecs.RunTaskInput) {
		in.PlacementConstraints = []types.PlacementConstraint{member("attribute:rack == b")}
	})
	must(s, out, err)
	for filter, want := range map[string]string{
		"attribute:rack exists": "0 2", "attribute:rack != a": "2", "attribute:rack == a or task:group == family:web": "0 2",
		"agentConnected == false": "", "runningTasksCount == 0 and registeredAt > 2000-01-01": "0 1 2",
		"ec2InstanceId in ['" + s.instances()[1].EC2ID + "']": "1", "attribute:ecs.instance-type =~ t3.*": "0 1 2", "agentVersion >= 1.0": "0 1 2",
	} {
		out, err := ListContainerInstances(s.Call, &ecs.ListContainerInstancesInput{Cluster: aws.String("shop"), Filter: aws.String(filter)})
		var got []string
		for n, i := range s.instances() {
			if strings.Contains(fmt.Sprint(must(s, out, err).ContainerInstanceArns), i.ARN) {
				got = append(got, fmt.Sprint(n))
			}
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%s: got %v, want %s", filter, got, want)
		}
	}
}
