package shape

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"berth/internal/model"
)

func TestInterfacesAreGatheredByTheirLoadBalancer(t *testing.T) {
	key := keys(map[string]model.Key{
		"subnet-a": model.SubnetKey(model.Public, "a"), "subnet-b": model.SubnetKey(model.Public, "b"), "sg-1": model.BalancerGroupKey(""),
	})
	public := node("ELB app/prod-shop/1f", "eni-2", "subnet-b")
	public.Association = &types.NetworkInterfaceAssociation{PublicIp: aws.String("54.1.2.3")}
	forged := node("ELB forged", "eni-4", "subnet-a")
	forged.RequesterManaged = nil
	interfaces := []types.NetworkInterface{
		node("ELB app/prod-shop/1f", "eni-1", "subnet-a"), node("ELB legacy", "eni-3", "subnet-x"), public, forged,
		node("Interface for NAT Gateway nat-1", "eni-5", "subnet-a"),
		{NetworkInterfaceId: aws.String("eni-6")},
	}
	got := Fronts(key, interfaces)
	if len(got) != 2 || got[0].Front != "app/prod-shop/1f" || got[1].Front != "legacy" {
		t.Fatalf("load balancers: %+v", got)
	}
	expect(t, "subnets", got[0].Subnets, []model.Key{model.SubnetKey(model.Public, "a"), model.SubnetKey(model.Public, "b")})
	expect(t, "foreign subnet", got[1].Subnets, []model.Key{model.Foreign("subnet-x")})
	expect(t, "groups", got[0].Groups, []model.Key{model.BalancerGroupKey("")})
	if got[0].Scheme != "internet-facing" || got[1].Scheme != "internal" {
		t.Errorf("schemes: %s, %s", got[0].Scheme, got[1].Scheme)
	}
}

func node(description, id, subnet string) types.NetworkInterface {
	return types.NetworkInterface{
		NetworkInterfaceId: aws.String(id), Description: aws.String(description), RequesterManaged: aws.Bool(true),
		OwnerId: aws.String("123456789012"), SubnetId: aws.String(subnet), Groups: []types.GroupIdentifier{{GroupId: aws.String("sg-1")}},
	}
}
