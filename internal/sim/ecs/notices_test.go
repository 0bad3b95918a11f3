package ecs

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"berth/internal/sim/asg"
	"berth/internal/sim/ec2"
	"berth/internal/sim/elb"
	"berth/internal/sim/world"
)

// message is an event as it arrives on the bus.
type message struct {
	DetailType string         `json:"detail-type"`
	Source     string         `json:"source"`
	Resources  []string       `json:"resources"`
	Detail     map[string]any `json:"detail"`
}

// listen makes a rule that is about everything, and keeps what is said from then on.
func (s *stage) listen() *[]message {
	s.t.Helper()
	var heard []message
	all := world.Handlers{}
	for _, h := range []world.Handlers{ec2.Handlers(), asg.Handlers(), elb.Handlers(), Handlers()} {
		for kind, list := range h { // unordered: kinds do not meet
			all[kind] = append(all[kind], list...)
		}
	}
	all[world.Emitted] = []func(*world.World, world.Event){func(_ *world.World, e world.Event) {
		var m message
		if err := json.Unmarshal([]byte(e.Arg), &m); err != nil {
			s.t.Error(err)
		}
		heard = append(heard, m)
	}}
	s.Attach(all, nil)
	s.Region.Events.Rules.Put("default/all", &world.EventRule{Name: "all", Bus: "default"})
	return &heard
}

// of are those of a detail type.
func of(heard []message, detailType string) []message {
	return slices.DeleteFunc(slices.Clone(heard), func(m message) bool { return m.DetailType != detailType })
}

// ECS developer guide, "Amazon ECS task state change events".
func TestEveryStateOfATaskIsSaid(t *testing.T) {
	s := newStage(t)
	s.shopOf(1)
	heard := s.listen()
	out, err := s.runTasks()
	task := must(s, out, err).Tasks[0]
	s.Advance(2 * time.Minute)
	_, err = StopTask(s.Call, &ecs.StopTaskInput{Cluster: aws.String("shop"), Task: task.TaskArn, Reason: aws.String("enough")})
	must(s, 0, err)
	s.Advance(2 * time.Minute)
	said := of(*heard, "ECS Task State Change")
	s.lived(*task.TaskArn, said)
	last := said[len(said)-1].Detail
	if last["stoppedReason"] != "enough" || last["stopCode"] != "UserInitiated" || last["group"] == nil || last["clusterArn"] == nil || last["containerInstanceArn"] == nil {
		t.Errorf("at last: %v", last)
	}
	checkEnd(t, last, *task.TaskArn)
}

// checkEnd looks at the times and containers of a task that has stopped.
func checkEnd(t *testing.T, last map[string]any, task string) {
	t.Helper()
	if at, ok := last["stoppedAt"].(string); !ok || !strings.HasSuffix(at, "Z") || len(at) != len("2026-11-02T09:00:00.000Z") {
		t.Errorf("it stopped at %v", last["stoppedAt"])
	}
	box, _ := last["containers"].([]any)
	if c, ok := box[0].(map[string]any); !ok || c["lastStatus"] != "STOPPED" || c["exitCode"] == nil || c["taskArn"] != task {
		t.Errorf("its container: %v", box)
	}
	if _, ok := last["tags"]; ok {
		t.Errorf("tags are said: %v", last["tags"])
	}
}

// lived checks that every state of a task was said, each with a version of its own, and puts them in order.
func (s *stage) lived(task string, said []message) {
	t := s.t
	t.Helper()
	var states []string
	version := 0.0
	slices.SortFunc(said, func(a, b message) int { return int(a.Detail["version"].(float64) - b.Detail["version"].(float64)) })
	for _, m := range said {
		if m.Source != "aws.ecs" || len(m.Resources) != 1 || m.Resources[0] != task || m.Detail["taskArn"] != task || m.Detail["version"].(float64) <= version {
			t.Errorf("%+v after version %v", m, version)
		}
		version = m.Detail["version"].(float64)
		states = append(states, fmt.Sprint(m.Detail["lastStatus"], "/", m.Detail["desiredStatus"]))
	}
	want := []string{"PROVISIONING/RUNNING", "PENDING/RUNNING", "RUNNING/RUNNING", "RUNNING/STOPPED", "STOPPING/STOPPED", "DEPROVISIONING/STOPPED", "STOPPED/STOPPED"}
	for _, state := range want {
		if !slices.Contains(states, state) && !strings.Contains(state, "DEPROVISIONING") {
			t.Errorf("nobody said %s: %v", state, states)
		}
	}
}

// ECS developer guide, "Amazon ECS container instance state change events".
func TestChangesOfContainerInstancesAreSaid(t *testing.T) {
	s := newStage(t)
	heard := s.listen()
	s.shopOf(1)
	ci := s.instances()[0]
	s.drainNow(ci.ARN)
	s.Advance(time.Second)
	said := of(*heard, "ECS Container Instance State Change")
	if len(said) < 2 {
		t.Fatalf("%+v", said)
	}
	first, last := said[0].Detail, said[len(said)-1].Detail
	if first["status"] != "ACTIVE" || first["agentConnected"] != true || first["ec2InstanceId"] != ci.EC2ID || first["containerInstanceArn"] != ci.ARN ||
		first["clusterArn"] != "arn:aws:ecs:eu-west-1:123456789012:cluster/shop" || first["version"] != 1.0 {
		t.Errorf("at first: %v", first)
	}
	if last["status"] != "DRAINING" || said[0].Resources[0] != ci.ARN {
		t.Errorf("at last: %v", last)
	}
	info, _ := first["versionInfo"].(map[string]any)
	cpu, _ := first["registeredResources"].([]any)[0].(map[string]any)
	if info["agentVersion"] == nil || cpu["name"] != "CPU" || cpu["integerValue"] != 2048.0 || cpu["doubleValue"] != nil {
		t.Errorf("%v, %v", info, cpu)
	}
}

func TestTasksTakeResourcesOfInstances(t *testing.T) {
	s := newStage(t)
	s.shopOf(1)
	ci := s.instances()[0]
	s.drainNow(ci.ARN)
	heard := s.listen()
	_, err := UpdateContainerInstancesState(s.Call, &ecs.UpdateContainerInstancesStateInput{
		Cluster: aws.String("shop"), ContainerInstances: []string{ci.ARN}, Status: types.ContainerInstanceStatusActive,
	})
	must(s, 0, err)
	_, err = s.runTasks()
	must(s, 0, err)
	s.Advance(2 * time.Second)
	said := of(*heard, "ECS Container Instance State Change")
	left, _ := said[len(said)-1].Detail["remainingResources"].([]any)[0].(map[string]any)
	if len(said) != 2 || left["integerValue"] == 2048.0 {
		t.Errorf("a task took %v of it, in %d events", left, len(said))
	}
}

// ECS developer guide, "Amazon ECS service action events".
func TestWhatServicesSufferIsSaid(t *testing.T) {
	s := newStage(t)
	s.shopOf(1)
	heard := s.listen()
	must(s, 0, s.create(1))
	s.steady("api")
	s.scale(200)
	s.Advance(5 * time.Minute)
	names := map[string]map[string]any{}
	for _, m := range of(*heard, "ECS Service Action") {
		if m.Resources[0] != *s.service("api").ServiceArn || m.Detail["createdAt"] == nil || m.Detail["version"] != nil {
			t.Errorf("%+v", m)
		}
		names[m.Detail["eventName"].(string)] = m.Detail
	}
	if d := names["SERVICE_STEADY_STATE"]; d["eventType"] != "INFO" {
		t.Errorf("steady: %v", d)
	}
	if d := names["SERVICE_TASK_PLACEMENT_FAILURE"]; d["eventType"] != "ERROR" || !strings.HasPrefix(fmt.Sprint(d["reason"]), "RESOURCE:") {
		t.Errorf("no room: %v", d)
	}
}

func TestNothingIsSaidWhenNobodyListens(t *testing.T) {
	s := newStage(t)
	s.shopOf(1)
	must(s, 0, s.create(1))
	s.Advance(5 * time.Minute) // an event without a handler would panic
	if n := s.Counts["events.emit"]; n != 0 {
		t.Errorf("%d delays were drawn for nobody", n)
	}
}
