package apply_test

import (
	"context"
	"net/netip"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"berth/internal/config"
	"berth/internal/model"
	"berth/internal/plan"
)

func TestAWholeClusterStandsAfterOneRun(t *testing.T) {
	a := newAccount(t, nil)
	if n := len(a.group("default").Instances); n != 2 {
		t.Errorf("%d instances", n)
	}
	if n := len(a.group("batch").Instances); n != 0 {
		t.Errorf("%d instances of a group without any", n)
	}
}

func TestAWholeClusterGoesAfterOneRun(t *testing.T) {
	a := newAccount(t, nil)
	p, err := plan.Make(model.Set{}, a.have)
	a.must(err)
	a.carryOut(p)
	a.look()
	for r := range a.have.All() {
		if k := r.Key(); k.Kind != model.KindServiceRole {
			t.Errorf("%s is still there", k)
		}
	}
}

func TestAClusterChangedBehindTheBackIsMended(t *testing.T) {
	a := newAccount(t, nil)
	h := a.have.Handle(model.ClusterKey())
	a.mends(model.ClusterKey(), func() {
		do(a, a.cloud.ECS.UpdateClusterSettings, &ecs.UpdateClusterSettingsInput{Cluster: aws.String(h.ID), Settings: []types.ClusterSetting{
			{Name: types.ClusterSettingNameContainerInsights, Value: aws.String("disabled")},
		}})
		do(a, a.cloud.ECS.TagResource, &ecs.TagResourceInput{ResourceArn: aws.String(h.ARN), Tags: []types.Tag{{Key: aws.String("team"), Value: aws.String("x")}}})
	}, "container_insights", "tags.team")
	a.mends(model.ClusterKey(), func() {
		do(a, a.cloud.ECS.UntagResource, &ecs.UntagResourceInput{ResourceArn: aws.String(h.ARN), TagKeys: []string{model.TagKey}})
	}, "tags.berth:key")
}

func TestAUsersTagThatLeavesTheFileLeavesTheCluster(t *testing.T) {
	a := newAccount(t, nil)
	a.file.Tags = nil
	a.settle()
	found, _ := model.Find[model.Cluster](&a.have.Set, model.ClusterKey())
	if _, there := found.Tags.Lookup("team"); there {
		t.Errorf("tags %v", found.Tags)
	}
}

func TestAClusterOfOthersStandsInTheWay(t *testing.T) {
	a := emptyAccount(t)
	do(a, a.cloud.ECS.CreateCluster, &ecs.CreateClusterInput{ClusterName: aws.String("shop")})
	a.look()
	if _, err := plan.Make(a.want(), a.have); err == nil || !strings.Contains(err.Error(), "ECS cluster shop is in the place of cluster") {
		t.Errorf("the plan says %v", err)
	}
}

func TestADeletedClusterIsMadeAgain(t *testing.T) {
	a := emptyAccount(t)
	do(a, a.cloud.ECS.CreateCluster, &ecs.CreateClusterInput{ClusterName: aws.String("shop")})
	do(a, a.cloud.ECS.DeleteCluster, &ecs.DeleteClusterInput{Cluster: aws.String("shop")})
	out, err := a.cloud.ECS.DescribeClusters(context.Background(), &ecs.DescribeClustersInput{Clusters: []string{"shop"}})
	a.must(err)
	if len(out.Clusters) != 1 || aws.ToString(out.Clusters[0].Status) != "INACTIVE" {
		t.Fatalf("AWS shows %+v", out.Clusters)
	}
	a.settle()
}

func TestALookAsksAsOftenForThreeZonesAsForTwo(t *testing.T) {
	asked := func(edit func(*config.Config)) int {
		a := newAccount(t, edit)
		before := a.calls
		a.look()
		return a.calls - before
	}
	two := asked(nil)
	three := asked(func(c *config.Config) {
		c.NAT = config.PerAZ
		c.Zones = append(c.Zones, config.Zone{
			Name: "eu-west-1c", PublicCIDR: netip.MustParsePrefix("10.0.2.0/24"), PrivateCIDR: netip.MustParsePrefix("10.0.52.0/24"),
		})
	})
	if two != three || two == 0 {
		t.Errorf("%d calls for two zones, %d for three", two, three)
	}
	t.Logf("%d calls", two)
}
