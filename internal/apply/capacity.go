package apply

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/autoscaling"

	"berth/internal/cloud"
	"berth/internal/model"
)

func capacityEntry() entry { return typed(createCapacity, updateCapacity, deleteCapacity) }

func createCapacity(ctx context.Context, j *job, c model.Capacity) (model.Handle, error) {
	return j.setCapacity(ctx, c, true, true)
}

func updateCapacity(ctx context.Context, j *job, c model.Capacity) (model.Handle, error) {
	return j.setCapacity(ctx, c, j.differs("min_size"), j.differs("desired_capacity"))
}

// setCapacity remembers the starting size last: until the tag stands the next look finds the size not applied yet.
func (j *job) setCapacity(ctx context.Context, c model.Capacity, least, desired bool) (model.Handle, error) {
	group := j.have.ID(model.GroupKey(c.Group))
	h := model.Handle{ID: group, Status: model.Pending}
	in := &autoscaling.UpdateAutoScalingGroupInput{AutoScalingGroupName: aws.String(group)}
	if least {
		in.MinSize = aws.Int32(int32(c.Min))
	}
	if desired {
		in.DesiredCapacity = aws.Int32(int32(c.Desired))
	}
	if _, err := cloud.Repeat(ctx, j.c, j.c.Groups.UpdateAutoScalingGroup, in); err != nil {
		return h, err
	}
	if !desired {
		return h, nil
	}
	tags := model.NewTags(model.Tag{Key: model.TagDesired, Value: number(c.Desired)})
	_, err := cloud.Repeat(ctx, j.c, j.c.Groups.CreateOrUpdateTags, &autoscaling.CreateOrUpdateTagsInput{Tags: scalingTags(group, tags)})
	return h, err
}

// deleteCapacity empties the group: its instances are drained and terminated, those that come meanwhile are not
// protected any more. The tag goes last: until then the next look finds the group not emptied yet.
func deleteCapacity(ctx context.Context, j *job, c model.Capacity) (model.Handle, error) {
	k := model.GroupKey(c.Group)
	group := j.have.ID(k)
	g, _ := model.Find[model.Group](&j.have.Set, k)
	h := model.Handle{ID: group, Status: model.Leaving}
	if j.have.Handle(k).Status == model.Leaving {
		return h, nil // a group that is being deleted takes its instances along
	}
	if err := j.protect(ctx, group, g.Instances, false); err != nil {
		return h, groupGone(err)
	}
	_, err := cloud.Repeat(ctx, j.c, j.c.Groups.UpdateAutoScalingGroup, &autoscaling.UpdateAutoScalingGroupInput{
		AutoScalingGroupName: aws.String(group), MinSize: aws.Int32(0), DesiredCapacity: aws.Int32(0),
		NewInstancesProtectedFromScaleIn: aws.Bool(false),
	})
	if err == nil {
		err = j.untagGroup(ctx, group, model.TagDesired)
	}
	if err != nil && groupGone(err) == nil {
		return model.Handle{}, nil
	}
	return h, err
}
