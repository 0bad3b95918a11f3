package dst

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/autoscaling"
	groups "github.com/aws/aws-sdk-go-v2/service/autoscaling/types"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"berth/internal/placement"
	"berth/internal/roll"
	"berth/internal/sim/asg"
	simecs "berth/internal/sim/ecs"
	"berth/internal/sim/ecs/attribute"
	"berth/internal/sim/world"
)

// pilot rolls instances without the wire: it sees by a chart, decides, stores its memory and acts by typed calls. What goes wrong with
// calls goes wrong with its own as well, and it may die at any of them.
type pilot struct {
	*Rig

	look   *lookout
	chart  *chart
	decide func(roll.Snapshot) roll.Decision
	order  roll.Order
	stored []byte // its memory, where every run finds it
	dies   int    // so many calls from now; 0: it does not
	log    []string
}

// What ends a run before its time, and what an action comes to that must be tried again.
var (
	errDead = errors.New("the run has died")
	errLost = errors.New("the call went wrong")
)

// act carries out one typed call of berth's, in whatever weather.
func act[I, O any](p *pilot, service, operation string, f func(*world.Call, *I) (*O, error), in *I) (out *O, err error) {
	if p.dies--; p.dies == 0 {
		return nil, errDead
	}
	trouble := world.Fine
	p.Sim.With(func(w *world.World) { trouble = w.Happens(service, operation).Fault })
	if trouble == world.Throttle || trouble == world.Break || trouble == world.LoseRequest {
		return nil, errLost
	}
	p.look.acts("berth", func() { out, err = somebody(p.Rig, service, operation, f, in) })
	p.note(fmt.Sprintf("%s %s", operation, brief(in)), err)
	if p.dies == 1 || trouble == world.LoseAnswer {
		return nil, errLost
	}
	return out, err
}

// brief is an input in few words.
func brief(in any) string {
	b, _ := json.Marshal(in) // of the SDK's plain structs
	var set map[string]any
	_ = json.Unmarshal(b, &set)
	for name, v := range set { // unordered: each of its own
		if v == nil {
			delete(set, name)
		}
	}
	b, _ = json.Marshal(set)
	return string(b)
}

func (p *pilot) note(text string, err error) {
	p.log = append(p.log, fmt.Sprintf("%s %s %v", p.Sim.Now().Format("15:04:05"), text, err))
}

// sail runs until it is over, or dies. pass lets time go by.
func (p *pilot) sail(pass func(time.Duration), looks int) (roll.Decision, error) {
	var m roll.Memory
	if len(p.stored) > 0 {
		if err := json.Unmarshal(p.stored, &m); err != nil {
			return roll.Decision{}, err
		}
	}
	var why []roll.Line
	said := ""
	for range looks {
		var s roll.Snapshot
		p.Sim.With(func(w *world.World) { s = p.chart.snapshot(w, p.order, m) })
		d := p.decide(s)
		m, why = d.Memory, d.Why
		if text := countdown.ReplaceAllString(fmt.Sprint(d.Memory.Stage, why), "…"); text != said {
			p.note("says "+text, nil)
			said = text
		}
		if err := p.store(m); err != nil {
			return d, err
		}
		if d.Outcome != roll.Running {
			return d, nil
		}
		for _, a := range d.Actions {
			made, err := p.do(a)
			if errors.Is(err, errDead) {
				return d, err
			}
			if err != nil {
				break
			}
			m = m.After(a, made, p.Sim.Now())
		}
		pass(max(d.Again, time.Second))
	}
	return roll.Decision{Memory: m}, fmt.Errorf("it is not over after %d looks, at %s: %s, %v", looks, p.Sim.Now().Format(time.DateTime), m.Stage, why)
}

// store keeps the memory where the next run finds it.
func (p *pilot) store(m roll.Memory) error {
	b, err := json.Marshal(m)
	if err != nil || string(b) == string(p.stored) {
		return err
	}
	if p.dies--; p.dies == 0 {
		return errDead
	}
	p.stored = b
	return nil
}

// do carries out an action.
func (p *pilot) do(a roll.Action) (roll.Made, error) {
	var err error
	switch a.Verb {
	case roll.LaunchNew:
		return p.launch(a)
	case roll.Give:
		return p.give(a)
	case roll.RunProbe:
		return roll.Made{}, nil // worlds without the wire have no probes
	case roll.SetMark, roll.DropMark, roll.StartDrain, roll.Activate, roll.Deregister:
		err = p.host(a)
	case roll.StopTasks:
		for _, arn := range a.ARNs {
			if _, e := act(p, "ecs", "StopTask", simecs.StopTask, &ecs.StopTaskInput{Cluster: new("acc"), Task: &arn, Reason: &a.Value}); e != nil {
				err = e
			}
		}
	case roll.EditService:
		err = p.edit(a)
	default:
		err = p.group(a)
	}
	return roll.Made{}, err
}

func (p *pilot) launch(a roll.Action) (roll.Made, error) {
	out, err := act(p, "autoscaling", "LaunchInstances", asg.LaunchInstances, &autoscaling.LaunchInstancesInput{
		AutoScalingGroupName: &a.Group, ClientToken: &a.Token, RequestedCapacity: new(int32(a.Count)), AvailabilityZones: []string{a.Zone}, RetryStrategy: groups.RetryStrategyNone,
	})
	if err != nil {
		if errors.Is(err, errLost) || errors.Is(err, errDead) {
			return roll.Made{}, err
		}
		return roll.Made{Refused: map[string]string{a.Zone: err.Error()}}, nil
	}
	made := roll.Made{Refused: map[string]string{}}
	for _, i := range out.Instances {
		made.Instances = append(made.Instances, i.InstanceIds...)
	}
	for _, e := range out.Errors {
		made.Refused[a.Zone] = *e.ErrorCode
	}
	return made, nil
}

func (p *pilot) give(a roll.Action) (roll.Made, error) {
	_, err := act(p, "autoscaling", "TerminateInstanceInAutoScalingGroup", asg.TerminateInstanceInAutoScalingGroup, &autoscaling.TerminateInstanceInAutoScalingGroupInput{
		InstanceId: &a.Instances[0], ShouldDecrementDesiredCapacity: &a.Decrement,
	})
	return roll.Made{}, err
}

// host changes container instances, a few at a time.
func (p *pilot) host(a roll.Action) error {
	for some := range slices.Chunk(a.ARNs, 10) {
		if err := p.hosts(a, some); err != nil {
			return err
		}
	}
	return nil
}

func (p *pilot) hosts(a roll.Action, arns []string) error {
	var err error
	switch a.Verb {
	case roll.StartDrain, roll.Activate:
		status := types.ContainerInstanceStatusDraining
		if a.Verb == roll.Activate {
			status = types.ContainerInstanceStatusActive
		}
		_, err = act(p, "ecs", "UpdateContainerInstancesState", simecs.UpdateContainerInstancesState, &ecs.UpdateContainerInstancesStateInput{
			Cluster: new("acc"), ContainerInstances: arns, Status: status,
		})
		return err
	case roll.Deregister:
		for _, arn := range arns {
			if _, err = act(p, "ecs", "DeregisterContainerInstance", simecs.DeregisterContainerInstance, &ecs.DeregisterContainerInstanceInput{
				Cluster: new("acc"), ContainerInstance: &arn, Force: new(true),
			}); err != nil {
				return err
			}
		}
		return nil
	default:
	}
	for _, arn := range arns { // one at a time: one that is gone keeps no other back
		one := types.Attribute{Name: &a.Key, TargetId: &arn}
		if a.Verb == roll.SetMark {
			one.Value = &a.Value
			_, err = act(p, "ecs", "PutAttributes", attribute.PutAttributes, &ecs.PutAttributesInput{Cluster: new("acc"), Attributes: []types.Attribute{one}})
		} else {
			_, err = act(p, "ecs", "DeleteAttributes", attribute.DeleteAttributes, &ecs.DeleteAttributesInput{Cluster: new("acc"), Attributes: []types.Attribute{one}})
		}
		if errors.Is(err, errDead) || errors.Is(err, errLost) {
			return err
		}
	}
	return nil
}

func (p *pilot) edit(a roll.Action) error {
	in := &ecs.UpdateServiceInput{Cluster: new("acc"), Service: &a.Service}
	if a.Count > 0 {
		in.DeploymentConfiguration = &types.DeploymentConfiguration{MaximumPercent: new(int32(a.Count))}
	}
	if a.Constraints != nil {
		in.PlacementConstraints = constraintsFor(a.Constraints)
	}
	in.AvailabilityZoneRebalancing = types.AvailabilityZoneRebalancing(a.Zones)
	_, err := act(p, "ecs", "UpdateService", simecs.UpdateService, in)
	return err
}

func constraintsFor(list []placement.Constraint) []types.PlacementConstraint {
	out := []types.PlacementConstraint{}
	for _, c := range list {
		one := types.PlacementConstraint{Type: types.PlacementConstraintType(c.Type)}
		if c.Expression != "" {
			one.Expression = new(c.Expression)
		}
		out = append(out, one)
	}
	return out
}

// group changes an Auto Scaling group.
func (p *pilot) group(a roll.Action) error {
	var err error
	tag := []groups.Tag{{Key: &a.Key, ResourceId: &a.Group, ResourceType: new("auto-scaling-group"), PropagateAtLaunch: new(false)}}
	switch a.Verb {
	case roll.Mark:
		tag[0].Value = &a.Value
		_, err = act(p, "autoscaling", "CreateOrUpdateTags", asg.CreateOrUpdateTags, &autoscaling.CreateOrUpdateTagsInput{Tags: tag})
	case roll.Unmark:
		_, err = act(p, "autoscaling", "DeleteTags", asg.DeleteTags, &autoscaling.DeleteTagsInput{Tags: tag})
	case roll.SetMax:
		_, err = act(p, "autoscaling", "UpdateAutoScalingGroup", asg.UpdateAutoScalingGroup, &autoscaling.UpdateAutoScalingGroupInput{AutoScalingGroupName: &a.Group, MaxSize: new(int32(a.Count))})
	case roll.SetMin:
		_, err = act(p, "autoscaling", "UpdateAutoScalingGroup", asg.UpdateAutoScalingGroup, &autoscaling.UpdateAutoScalingGroupInput{AutoScalingGroupName: &a.Group, MinSize: new(int32(a.Count))})
	case roll.Protect, roll.Unprotect:
		_, err = act(p, "autoscaling", "SetInstanceProtection", asg.SetInstanceProtection, &autoscaling.SetInstanceProtectionInput{
			AutoScalingGroupName: &a.Group, InstanceIds: a.Instances, ProtectedFromScaleIn: new(a.Verb == roll.Protect),
		})
	case roll.Suspend:
		_, err = act(p, "autoscaling", "SuspendProcesses", asg.SuspendProcesses, &autoscaling.SuspendProcessesInput{AutoScalingGroupName: &a.Group, ScalingProcesses: a.Names})
	case roll.Resume:
		_, err = act(p, "autoscaling", "ResumeProcesses", asg.ResumeProcesses, &autoscaling.ResumeProcessesInput{AutoScalingGroupName: &a.Group, ScalingProcesses: a.Names})
	default:
		err = fmt.Errorf("nobody knows how to %s", a.Verb)
	}
	return err
}
