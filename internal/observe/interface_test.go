package observe

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"berth/internal/model"
)

func TestInterfacesAreGatheredByTheirLoadBalancer(t *testing.T) {
	l := lookFor("")
	public := node("ELB app/prod-shop/1f", "eni-2", "subnet-b")
	public.Association = &types.NetworkInterfaceAssociation{PublicIp: aws.String("54.1.2.3")}
	forged := node("ELB forged", "eni-4", "subnet-a")
	forged.RequesterManaged = nil
	l.interfaces = []types.NetworkInterface{
		node("ELB app/prod-shop/1f", "eni-1", "subnet-a"), node("ELB legacy", "eni-3", "subnet-x"), public, forged,
		node("Interface for NAT Gateway nat-1", "eni-5", "subnet-a"),
		{NetworkInterfaceId: aws.String("eni-6")},
	}
	got := l.fronts()
	if len(got) != 2 || got[0].front != "app/prod-shop/1f" || got[1].front != "legacy" {
		t.Fatalf("load balancers: %+v", got)
	}
	expect(t, "subnets", got[0].subnets, []model.Key{model.SubnetKey(model.Public, "a"), model.SubnetKey(model.Public, "b")})
	expect(t, "foreign subnet", got[1].subnets, []model.Key{model.Foreign("subnet-x")})
	expect(t, "groups", got[0].groups, []model.Key{model.BalancerGroupKey("")})
	if got[0].scheme != "internet-facing" || got[1].scheme != "internal" {
		t.Errorf("schemes: %s, %s", got[0].scheme, got[1].scheme)
	}
}
