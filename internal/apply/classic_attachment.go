package apply

import (
	"context"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/autoscaling"
	elbv1 "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancing"
	types1 "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancing/types"

	"berth/internal/cloud"
	"berth/internal/model"
)

// balancersAtOnce is how many classic load balancers AWS takes in a call (Auto Scaling API reference,
// AttachLoadBalancers).
const balancersAtOnce = 10

// setClassics attaches all that are wanted, which is harmless for those that are attached, and detaches the others.
func (j *job) setClassics(ctx context.Context, from, to model.Group) error {
	have, want := j.ids(from.Classic), j.ids(to.Classic)
	for names := range slices.Chunk(want, balancersAtOnce) {
		in := &autoscaling.AttachLoadBalancersInput{AutoScalingGroupName: aws.String(to.Name), LoadBalancerNames: names}
		if _, err := cloud.Repeat(ctx, j.c, j.c.Groups.AttachLoadBalancers, in); err != nil {
			return err
		}
	}
	for names := range slices.Chunk(notIn(have, want), balancersAtOnce) {
		in := &autoscaling.DetachLoadBalancersInput{AutoScalingGroupName: aws.String(to.Name), LoadBalancerNames: names}
		if _, err := cloud.Repeat(ctx, j.c, j.c.Groups.DetachLoadBalancers, in); err != nil && !detached(err) {
			return err
		}
	}
	return j.reregister(ctx, from, to)
}

// detached says that what was to be detached is not attached any more; Auto Scaling has no code for it.
func detached(err error) bool {
	return cloud.Code(err) == "ValidationError" && strings.Contains(cloud.Message(err), "not part of the group")
}

// reregister gives the instances to load balancers that were made anew. A group knows a load balancer by its name, so
// to the group nothing has changed, and it registers only instances that it launches from now on.
func (j *job) reregister(ctx context.Context, from, to model.Group) error {
	var ids []string
	for _, i := range from.Instances {
		if i.State == inService {
			ids = append(ids, i.ID)
		}
	}
	for _, k := range to.Classic {
		name := j.have.ID(k)
		if len(ids) == 0 || !j.madeAnew(k) && !slices.Contains(from.Classic, model.Foreign(name)) {
			continue
		}
		err := j.register(ctx, name, ids)
		if cloud.Code(err) == invalidInstance { // one has gone meanwhile, which makes AWS refuse them all
			err = j.registerEach(ctx, name, ids)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// madeAnew tells whether the plan replaces a load balancer that stays attached.
func (j *job) madeAnew(k model.Key) bool {
	for _, f := range j.change.Fields {
		if f.Name == string(model.KindClassic) && f.From == k.String() {
			return true
		}
	}
	return false
}

// invalidInstance is how Elastic Load Balancing says that an instance is not there.
const invalidInstance = "InvalidInstance"

func (j *job) register(ctx context.Context, balancer string, ids []string) error {
	in := &elbv1.RegisterInstancesWithLoadBalancerInput{LoadBalancerName: aws.String(balancer)}
	for _, id := range ids {
		in.Instances = append(in.Instances, types1.Instance{InstanceId: aws.String(id)})
	}
	_, err := cloud.Repeat(ctx, j.c, j.c.Classic.RegisterInstancesWithLoadBalancer, in)
	return err
}

func (j *job) registerEach(ctx context.Context, balancer string, ids []string) error {
	for _, id := range ids {
		if err := j.register(ctx, balancer, []string{id}); err != nil && cloud.Code(err) != invalidInstance {
			return err
		}
	}
	return nil
}
