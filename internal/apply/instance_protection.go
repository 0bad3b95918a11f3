package apply

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/autoscaling"
	"github.com/aws/aws-sdk-go-v2/service/autoscaling/types"

	"berth/internal/cloud"
	"berth/internal/model"
)

// leftBehind are the instances in zones that the group leaves.
func leftBehind(from, to model.Group) []model.Instance {
	var zones []string
	for _, k := range to.Subnets {
		_, zone, _ := strings.Cut(k.Name, "/")
		zones = append(zones, zone)
	}
	return slices.DeleteFunc(slices.Clone(from.Instances), func(i model.Instance) bool { return slices.Contains(zones, i.Zone) })
}

// protectFor makes the instances that stand follow the setting for new ones, before that setting itself is changed: a
// run that dies in between finds the difference again. With managed scaling off nothing else would take the protection
// away, and with it on ECS wants every instance protected, except in zones that are left.
func (j *job) protectFor(ctx context.Context, from, to model.Group) error {
	if !j.differs("new_instances_protected_from_scale_in") {
		return nil
	}
	stay := from.Instances
	if to.ProtectNew {
		left := leftBehind(from, to)
		stay = slices.DeleteFunc(slices.Clone(stay), func(i model.Instance) bool {
			return slices.ContainsFunc(left, func(l model.Instance) bool { return l.ID == i.ID })
		})
	}
	return j.protect(ctx, to.Name, stay, to.ProtectNew)
}

// protectionsAtOnce is how many instances AWS takes in a call (Auto Scaling API reference, SetInstanceProtection).
const protectionsAtOnce = 50

// protect sets the protection from scale-in where it is not so yet. Only what is in service can be asked about, and
// one instance that has left service meanwhile makes AWS refuse all of them; then each is asked about by itself.
func (j *job) protect(ctx context.Context, group string, instances []model.Instance, on bool) error {
	var ids []string
	for _, i := range instances {
		if i.Protected != on && i.State == inService {
			ids = append(ids, i.ID)
		}
	}
	for some := range slices.Chunk(ids, protectionsAtOnce) {
		err := j.setProtection(ctx, group, on, some...)
		if cloud.Code(err) == "ValidationError" {
			err = j.protectEach(ctx, group, on, some)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (j *job) protectEach(ctx context.Context, group string, on bool, ids []string) error {
	for _, id := range ids {
		if err := j.setProtection(ctx, group, on, id); err != nil && cloud.Code(err) != "ValidationError" {
			return err
		}
	}
	return nil
}

func (j *job) setProtection(ctx context.Context, group string, on bool, ids ...string) error {
	_, err := cloud.Repeat(ctx, j.c, j.c.Groups.SetInstanceProtection, &autoscaling.SetInstanceProtectionInput{
		AutoScalingGroupName: aws.String(group), InstanceIds: ids, ProtectedFromScaleIn: aws.Bool(on),
	})
	return err
}

// inService is the state of an instance that works.
const inService = string(types.LifecycleStateInService)

func number(n int) string { return strconv.Itoa(n) }
