package network

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"

	"berth/internal/sim/world"
)

func TestGatewayAndVPCAreAPair(t *testing.T) {
	s := newSite(t)
	vpc, other := s.vpc("10.0.0.0/16"), s.vpc("10.1.0.0/16")
	id := s.gateway(vpc)
	refused(s, AttachInternetGateway, &ec2.AttachInternetGatewayInput{InternetGatewayId: &id, VpcId: &other},
		"Resource.AlreadyAssociated", "resource "+id+" is already attached to network "+vpc)
	second := *ok(s, CreateInternetGateway, &ec2.CreateInternetGatewayInput{}).InternetGateway.InternetGatewayId
	refused(s, AttachInternetGateway, &ec2.AttachInternetGatewayInput{InternetGatewayId: &second, VpcId: &vpc},
		"InvalidParameterValue", "already has an internet gateway attached")
	refused(s, DetachInternetGateway, &ec2.DetachInternetGatewayInput{InternetGatewayId: &second, VpcId: &vpc}, "Gateway.NotAttached", second)
	refused(s, DeleteInternetGateway, &ec2.DeleteInternetGatewayInput{InternetGatewayId: &id}, "DependencyViolation", "The internetGateway '"+id+"' has dependencies")

	got := ok(s, DescribeInternetGateways, &ec2.DescribeInternetGatewaysInput{Filters: filters("attachment.vpc-id", vpc)}).InternetGateways
	if len(got) != 1 || got[0].Attachments[0].State != "available" || *got[0].InternetGatewayId != id {
		t.Errorf("got %+v", got)
	}
}

func TestGatewayQuotaHolds(t *testing.T) {
	s := newSite(t)
	for range 5 {
		ok(s, CreateInternetGateway, &ec2.CreateInternetGatewayInput{})
	}
	refused(s, CreateInternetGateway, &ec2.CreateInternetGatewayInput{}, "InternetGatewayLimitExceeded", "")
}

func TestMappedPublicAddressKeepsTheGatewayAttached(t *testing.T) {
	s := newSite(t)
	vpc := s.vpc("10.0.0.0/16")
	subnet, gateway := s.subnet(vpc, "10.0.1.0/24", "eu-west-1a"), s.gateway(vpc)
	i := s.iface(world.Interface{SubnetID: subnet, PublicIP: NewPublicIP(s.World), RequesterID: "amazon-elb", RequesterManaged: true, AttachOwner: "amazon-elb"})
	detach := &ec2.DetachInternetGatewayInput{InternetGatewayId: &gateway, VpcId: aws.String(vpc)}
	refused(s, DetachInternetGateway, detach, "DependencyViolation",
		"Network "+vpc+" has some mapped public address(es). Please unmap those public address(es) before detaching the gateway.")
	DeleteInterface(s.World, s.Region, i.ID)
	ok(s, DetachInternetGateway, detach)
}
