package apply_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/autoscaling"
	"github.com/aws/aws-sdk-go-v2/service/autoscaling/types"
	ec2types "github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"berth/internal/config"
	"berth/internal/model"
	"berth/internal/plan"
)

func (a *account) resize(group string, desired int32) {
	a.t.Helper()
	do(a, a.cloud.Groups.SetDesiredCapacity, &autoscaling.SetDesiredCapacityInput{
		AutoScalingGroupName: aws.String("prod_shop_" + group), DesiredCapacity: aws.Int32(desired),
	})
}

func TestTheLeastSizeIsMended(t *testing.T) {
	a := newAccount(t, nil)
	a.mends(model.CapacityKey("default"), func() {
		do(a, a.cloud.Groups.UpdateAutoScalingGroup, &autoscaling.UpdateAutoScalingGroupInput{AutoScalingGroupName: aws.String("prod_shop_default"), MinSize: aws.Int32(0)})
	}, "min_size")
	if d := aws.ToInt32(a.group("default").DesiredCapacity); d != 2 {
		t.Errorf("the size is %d", d)
	}
}

func TestWhatManagedScalingDoesIsNoDrift(t *testing.T) {
	a := newAccount(t, nil)
	a.resize("default", 4)
	a.sleep(5 * time.Minute)
	a.look()
	if p := a.plan(); !p.Empty() {
		t.Errorf("the plan would change %v", p.Changes)
	}
}

func TestANewStartingSizeIsApplied(t *testing.T) {
	a := newAccount(t, nil)
	a.file.Groups[0].Desired = 3
	a.settle()
	if n := len(a.group("default").Instances); n != 3 {
		t.Errorf("%d instances", n)
	}
}

func TestALostMemoryOfTheStartingSizeIsMended(t *testing.T) {
	a := newAccount(t, nil)
	a.mends(model.CapacityKey("default"), func() {
		do(a, a.cloud.Groups.DeleteTags, &autoscaling.DeleteTagsInput{Tags: []types.Tag{{
			ResourceId: aws.String("prod_shop_default"), ResourceType: aws.String("auto-scaling-group"), Key: aws.String(model.TagDesired),
		}}})
	}, "desired_capacity")
}

func TestWithoutManagedScalingTheFileSetsTheSize(t *testing.T) {
	a := newAccount(t, func(c *config.Config) { c.Groups[0].ManagedScaling = false })
	a.mends(model.CapacityKey("default"), func() { a.resize("default", 4) }, "desired_capacity")
	a.sleep(5 * time.Minute)
	if n := len(a.group("default").Instances); n != 2 {
		t.Errorf("%d instances", n)
	}
}

func TestTurningManagedScalingOffBringsTheSizeOfTheFileInTheSameRun(t *testing.T) {
	a := newAccount(t, nil)
	a.resize("default", 4)
	a.sleep(5 * time.Minute)
	a.file.Groups[0].ManagedScaling = false
	a.settle()
	a.sleep(5 * time.Minute)
	if n := len(a.group("default").Instances); n != 2 {
		t.Errorf("%d instances", n)
	}
}

func TestACapacityThatIsShortSaysWhy(t *testing.T) {
	a := newAccount(t, nil)
	a.overwrite(ec2types.RequestLaunchTemplateData{KeyName: aws.String("gone")})
	do(a, a.cloud.Groups.UpdateAutoScalingGroup, &autoscaling.UpdateAutoScalingGroupInput{
		AutoScalingGroupName: aws.String("prod_shop_default"), DesiredCapacity: aws.Int32(3),
		MixedInstancesPolicy: launches(types.LaunchTemplate{LaunchTemplateSpecification: &types.LaunchTemplateSpecification{
			LaunchTemplateName: aws.String("prod_shop_default"), Version: aws.String("2"),
		}}),
	})
	a.sleep(20 * time.Second)
	a.look()
	h := a.have.Handle(model.CapacityKey("default"))
	if h.Status != model.Pending || !strings.HasPrefix(h.Reason, "2 of 3 instances in service: ") || !strings.Contains(h.Reason, "key pair") {
		t.Errorf("%s: %s", h.Status, h.Reason)
	}
}

func TestAGroupIsEmptiedWhileItsProviderIsAttached(t *testing.T) {
	a := newAccount(t, nil)
	p, err := plan.Make(model.Set{}, a.have)
	a.must(err)
	providers, _ := p.Find(plan.Step{Verb: plan.Delete, Key: model.ClusterProvidersKey()})
	if !slices.Contains(providers.Needs, plan.Step{Verb: plan.Delete, Key: model.CapacityKey("default")}) {
		t.Errorf("detaching needs only %v", providers.Needs)
	}
	a.file.Groups = a.file.Groups[:1]
	update, _ := a.plan().Find(plan.Step{Verb: plan.Update, Key: model.ClusterProvidersKey()})
	if !slices.Contains(update.Needs, plan.Step{Verb: plan.Delete, Key: model.CapacityKey("batch")}) {
		t.Errorf("taking a provider off the list needs only %v", update.Needs)
	}
}
