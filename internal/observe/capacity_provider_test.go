package observe

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	scalingtypes "github.com/aws/aws-sdk-go-v2/service/autoscaling/types"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"berth/internal/model"
)

func (l *look) ecsTagsOf(k model.Key) []types.Tag {
	var out []types.Tag
	for _, t := range l.ours(k) {
		out = append(out, types.Tag{Key: aws.String(t.Key), Value: aws.String(t.Value)})
	}
	return out
}

func TestProvidersAreAskedForByEveryNameThatMayBeOurs(t *testing.T) {
	l := groupLook()
	l.scaling = []scalingtypes.AutoScalingGroup{
		{AutoScalingGroupName: aws.String("prod_shop_batch"), Tags: l.groupTags("batch")}, {AutoScalingGroupName: aws.String("theirs")},
	}
	l.inv.Add(model.Group{Group: "known"}, model.Handle{})
	l.ecsCluster = &types.Cluster{Tags: l.ecsTagsOf(model.ClusterKey()), CapacityProviders: []string{"FARGATE", "prod_shop_default"}}
	expect(t, "names", l.providerNames(), []string{"FARGATE", "prod_shop_batch", "prod_shop_default", "prod_shop_known"})
	l.ecsCluster = &types.Cluster{CapacityProviders: []string{"FARGATE", "test_shop_default"}}
	expect(t, "names beside a cluster of others", l.providerNames(), []string{"prod_shop_batch", "prod_shop_default", "prod_shop_known"})
}

func TestTheStatusOfAProviderFollowsItsLastChange(t *testing.T) {
	for _, one := range []struct {
		status types.CapacityProviderStatus
		update types.CapacityProviderUpdateStatus
		want   string
	}{
		{"ACTIVE", "", "ready"},
		{"ACTIVE", "UPDATE_COMPLETE", "ready"},
		{"ACTIVE", "UPDATE_FAILED", "ready"},
		{"ACTIVE", "DELETE_FAILED", "ready"},
		{"ACTIVE", "UPDATE_IN_PROGRESS", "pending"},
		{"PROVISIONING", "CREATE_IN_PROGRESS", "pending"},
		{"PROVISIONING", "", "pending"},
		{"ACTIVE", "DELETE_IN_PROGRESS", "leaving"},
		{"DEPROVISIONING", "", "leaving"},
		{"PROVISIONING", "CREATE_FAILED", "failed"},
		{"INACTIVE", "DELETE_COMPLETE", ""},
	} {
		l := groupLook()
		l.ecsProviders = []types.CapacityProvider{{
			Name: aws.String("prod_shop_default"), Status: one.status, UpdateStatus: one.update, Tags: l.ecsTagsOf(model.ProviderKey("default")),
		}}
		foldProviders(l)
		if k := model.ProviderKey("default"); l.inv.Has(k) != (one.want != "") || l.inv.Has(k) && l.inv.Handle(k).Status.String() != one.want {
			t.Errorf("%s %s: %s", one.status, one.update, l.inv.Handle(k).Status)
		}
	}
}

func TestAProviderKnowsItsGroupByARNAndAYoungOneByName(t *testing.T) {
	const arn = "arn:aws:autoscaling:eu-west-1:123456789012:autoScalingGroup:1:autoScalingGroupName/prod_shop_default"
	ours := model.GroupKey("default")
	l := groupLook()
	l.inv.Add(model.Group{Group: "default", Name: "prod_shop_default"}, model.Handle{ID: "prod_shop_default"})
	if k := l.groupOf(arn); k != ours {
		t.Errorf("a group without an ARN is %s", k)
	}
	l.add(model.Group{Group: "default", Name: "prod_shop_default"}, model.Handle{ID: "prod_shop_default", ARN: arn})
	if k := l.groupOf(arn); k != ours {
		t.Errorf("the group is %s", k)
	}
	const former = "arn:aws:autoscaling:eu-west-1:123456789012:autoScalingGroup:0:autoScalingGroupName/prod_shop_default"
	if k := l.groupOf(former); k != model.Foreign(former) {
		t.Errorf("a former group of that name is %s", k)
	}
}

func TestAProviderOfAnotherSortHasNoGroup(t *testing.T) {
	l := groupLook()
	l.ecsProviders = []types.CapacityProvider{
		{Name: aws.String("FARGATE"), Status: "ACTIVE"},
		{Name: aws.String("prod_shop_default"), Status: "ACTIVE", Tags: l.ecsTagsOf(model.ProviderKey("default"))},
	}
	foldProviders(l)
	if p, ok := model.Find[model.Provider](&l.inv.Set, model.ProviderKey("default")); !ok || !p.AutoScalingGroup.IsZero() {
		t.Errorf("the provider is %+v", p)
	}
	expect(t, "strays", l.strays(), nil)
}

func TestTheListOfProvidersIsOnItsWayUntilECSHasAttachedThem(t *testing.T) {
	for _, one := range []struct {
		providers []string
		status    string
		want      string
	}{
		{nil, "", ""},
		{nil, "UPDATE_COMPLETE", ""},
		{nil, "UPDATE_FAILED", ""},
		{nil, "UPDATE_IN_PROGRESS", "pending"},
		{[]string{"prod_shop_default"}, "UPDATE_IN_PROGRESS", "pending"},
		{[]string{"prod_shop_default"}, "UPDATE_COMPLETE", "ready"},
		{[]string{"prod_shop_default"}, "UPDATE_FAILED", "failed"},
		{[]string{"prod_shop_default"}, "", "ready"},
	} {
		l := groupLook()
		l.inv.Add(model.Provider{Group: "default", Name: "prod_shop_default"}, model.Handle{})
		l.ecsCluster = &types.Cluster{
			ClusterName: aws.String("shop"), Tags: l.ecsTagsOf(model.ClusterKey()), CapacityProviders: one.providers, AttachmentsStatus: aws.String(one.status),
		}
		foldClusterProviders(l)
		k := model.ClusterProvidersKey()
		if l.inv.Has(k) != (one.want != "") || l.inv.Has(k) && l.inv.Handle(k).Status.String() != one.want {
			t.Errorf("%v %s: %s", one.providers, one.status, l.inv.Handle(k).Status)
		}
	}
}

func TestProvidersOfOthersInTheListStayVisible(t *testing.T) {
	l := groupLook()
	l.inv.Add(model.Provider{Group: "default", Name: "prod_shop_default"}, model.Handle{})
	l.ecsCluster = &types.Cluster{
		Tags: l.ecsTagsOf(model.ClusterKey()), CapacityProviders: []string{"prod_shop_default", "FARGATE"},
		DefaultCapacityProviderStrategy: []types.CapacityProviderStrategyItem{{CapacityProvider: aws.String("FARGATE"), Weight: 1, Base: 2}},
	}
	foldClusterProviders(l)
	r, _ := model.Find[model.ClusterProviders](&l.inv.Set, model.ClusterProvidersKey())
	expect(t, "providers", r.Providers, []model.Key{model.ProviderKey("default"), model.Foreign("FARGATE")})
	expect(t, "strategy", r.Strategy, []model.StrategyItem{{Provider: model.Foreign("FARGATE"), Weight: 1, Base: 2}})
}

func TestAClusterIsMissingOnceItIsInactive(t *testing.T) {
	for status, want := range map[string]string{
		"ACTIVE": "ready", "PROVISIONING": "pending", "DEPROVISIONING": "leaving", "FAILED": "ready",
	} {
		l := groupLook()
		l.ecsCluster = &types.Cluster{ClusterName: aws.String("shop"), Status: aws.String(status), Tags: l.ecsTagsOf(model.ClusterKey())}
		foldCluster(l)
		if s := l.inv.Handle(model.ClusterKey()).Status.String(); s != want {
			t.Errorf("%s is %s", status, s)
		}
	}
}
