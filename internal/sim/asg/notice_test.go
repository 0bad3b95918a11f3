package asg

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/autoscaling"

	"berth/internal/sim/ec2"
	"berth/internal/sim/world"
)

// announcement is an event as it arrives on the bus.
type announcement struct {
	DetailType string         `json:"detail-type"`
	Source     string         `json:"source"`
	Resources  []string       `json:"resources"`
	Detail     map[string]any `json:"detail"`
}

// listen makes a rule that is about everything, and keeps what is said from then on, by detail type.
func (s *stage) listen() map[string][]announcement {
	heard := map[string][]announcement{}
	all := world.Handlers{}
	for _, h := range []world.Handlers{ec2.Handlers(), Handlers()} {
		for kind, list := range h { // unordered: kinds do not meet
			all[kind] = append(all[kind], list...)
		}
	}
	all[world.Emitted] = []func(*world.World, world.Event){func(_ *world.World, e world.Event) {
		var m announcement
		if err := json.Unmarshal([]byte(e.Arg), &m); err != nil {
			s.t.Error(err)
		}
		heard[m.DetailType] = append(heard[m.DetailType], m)
	}}
	s.Attach(all, nil)
	s.Region.Events.Rules.Put("default/all", &world.EventRule{Name: "all", Bus: "default"})
	return heard
}

// Auto Scaling user guide, "Amazon EventBridge event reference", and EC2 user guide, "State change events".
func TestLaunchesAndTerminationsAreSaid(t *testing.T) {
	s := newStage(t)
	heard := s.listen()
	g := s.group(0)
	for _, transition := range []string{Launching, Terminating} {
		_, err := PutLifecycleHook(s.Call, &autoscaling.PutLifecycleHookInput{
			AutoScalingGroupName: aws.String("web"), LifecycleHookName: aws.String("wait"), LifecycleTransition: aws.String(transition),
			HeartbeatTimeout: aws.Int32(60), DefaultResult: aws.String(Continue), NotificationMetadata: aws.String("note"),
		})
		must(s, 0, err)
		desired := int32(0)
		if transition == Launching {
			desired = 1
		}
		_, err = SetDesiredCapacity(s.Call, &autoscaling.SetDesiredCapacityInput{AutoScalingGroupName: aws.String("web"), DesiredCapacity: aws.Int32(desired)})
		must(s, 0, err)
		s.Advance(10 * time.Minute)
	}
	s.saidHow(g, heard)
}

// saidHow checks what was said while one instance came and went.
func (s *stage) saidHow(g *world.ScalingGroup, heard map[string][]announcement) {
	t := s.t
	t.Helper()
	states := ""
	id := ""
	for _, m := range heard["EC2 Instance State-change Notification"] {
		id, _ = m.Detail["instance-id"].(string)
		states += m.Detail["state"].(string) + " "
		if m.Source != "aws.ec2" || m.Resources[0] != "arn:aws:ec2:eu-west-1:123456789012:instance/"+id {
			t.Errorf("%+v", m)
		}
	}
	if states != "pending running shutting-down terminated " {
		t.Errorf("%s", states)
	}
	for kind, want := range map[string]map[string]any{
		"EC2 Instance-launch Lifecycle Action":    {"LifecycleTransition": Launching, "Origin": "EC2", "Destination": "AutoScalingGroup"},
		"EC2 Instance-terminate Lifecycle Action": {"LifecycleTransition": Terminating, "Origin": "AutoScalingGroup", "Destination": "EC2"},
		"EC2 Instance Launch Successful":          {"StatusCode": "InProgress", "Description": "Launching a new EC2 instance: " + id},
		"EC2 Instance Terminate Successful":       {"StatusCode": "InProgress", "Description": "Terminating EC2 instance: " + id},
	} {
		if len(heard[kind]) != 1 {
			t.Errorf("%s was said %d times", kind, len(heard[kind]))
			continue
		}
		m := heard[kind][0]
		want["EC2InstanceId"], want["AutoScalingGroupName"] = id, "web"
		if strings.HasSuffix(kind, "Action") {
			want["LifecycleHookName"], want["NotificationMetadata"] = "wait", "note"
		}
		for name, value := range want {
			if m.Detail[name] != value {
				t.Errorf("%s: %s is %v, want %v", kind, name, m.Detail[name], value)
			}
		}
		if m.Source != "aws.autoscaling" || m.Resources[0] != g.ARN {
			t.Errorf("%s: %+v", kind, m)
		}
	}
	details, _ := heard["EC2 Instance Launch Successful"][0].Detail["Details"].(map[string]any)
	if details["Availability Zone"] != "eu-west-1a" || details["Subnet ID"] == nil {
		t.Errorf("%v", details)
	}
}

func TestLaunchesThatFailAreSaid(t *testing.T) {
	s := newStage(t)
	heard := s.listen()
	s.Region.EC2.Shortages = []world.Shortage{{}}
	s.group(1)
	all := heard["EC2 Instance Launch Unsuccessful"]
	if len(all) == 0 || all[0].Detail["StatusCode"] != "Failed" || all[0].Detail["EC2InstanceId"] != "" || len(all[0].Resources) != 1 ||
		!strings.Contains(all[0].Detail["StatusMessage"].(string), "Launching EC2 instance failed.") {
		t.Errorf("%+v", all)
	}
}

// EC2 user guide, "Spot Instance interruption notices" and "EC2 instance rebalance recommendations".
func TestSpotWarningsAreSaid(t *testing.T) {
	s := newStage(t)
	heard := s.listen()
	i := &world.Instance{ID: "i-1"}
	ec2.WarnInterruption(s.World, s.Region, i, "terminate")
	ec2.Recommend(s.World, s.Region, i)
	s.Advance(2 * time.Second)
	if m := heard["EC2 Spot Instance Interruption Warning"]; len(m) != 1 || m[0].Detail["instance-action"] != "terminate" || m[0].Detail["instance-id"] != "i-1" {
		t.Errorf("%+v", m)
	}
	if m := heard["EC2 Instance Rebalance Recommendation"]; len(m) != 1 || len(m[0].Detail) != 1 {
		t.Errorf("%+v", m)
	}
}
