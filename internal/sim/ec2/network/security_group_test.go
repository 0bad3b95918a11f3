package network

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"berth/internal/sim/world"
)

func TestNewGroupLetsNothingInAndEverythingOut(t *testing.T) {
	s := newSite(t)
	id := s.group(s.vpc("10.0.0.0/16"), "web")
	got := ok(s, DescribeSecurityGroups, &ec2.DescribeSecurityGroupsInput{GroupIds: []string{id}}).SecurityGroups[0]
	if len(got.IpPermissions) != 0 || len(got.IpPermissionsEgress) != 1 || *got.IpPermissionsEgress[0].IpRanges[0].CidrIp != "0.0.0.0/0" ||
		got.IpPermissionsEgress[0].FromPort != nil || *got.SecurityGroupArn != "arn:aws:ec2:eu-west-1:123456789012:security-group/"+id {
		t.Errorf("got %+v", got)
	}
}

func TestGroupNamesAreChecked(t *testing.T) {
	s := newSite(t)
	vpc, other := s.vpc("10.0.0.0/16"), s.vpc("10.1.0.0/16")
	s.group(vpc, "web")
	s.group(other, "web")
	for _, x := range []struct{ name, text, code, words string }{
		{"web", "d", "InvalidGroup.Duplicate", "The security group 'web' already exists for VPC '" + vpc + "'"},
		{"default", "d", "InvalidGroup.Reserved", "default"},
		{"sg-web", "d", "InvalidParameterValue", "sg-*"},
		{"wéb", "d", "InvalidParameterValue", "groupName"},
		{"new", "ü", "InvalidParameterValue", "GroupDescription"},
		{"new", "", "MissingParameter", "GroupDescription"},
		{"", "d", "MissingParameter", "GroupName"},
	} {
		refused(s, CreateSecurityGroup, &ec2.CreateSecurityGroupInput{VpcId: &vpc, GroupName: &x.name, Description: &x.text}, x.code, x.words)
	}
	refused(s, CreateSecurityGroup, &ec2.CreateSecurityGroupInput{GroupName: aws.String("new"), Description: aws.String("d")}, "VPCIdNotSpecified", "")
}

func TestGroupIsDeletedOnlyWhenNothingNeedsIt(t *testing.T) {
	s := newSite(t)
	vpc := s.vpc("10.0.0.0/16")
	subnet := s.subnet(vpc, "10.0.1.0/24", "eu-west-1a")
	web, db := s.group(vpc, "web"), s.group(vpc, "db")
	from := func(group string) []types.IpPermission {
		return []types.IpPermission{{IpProtocol: aws.String("tcp"), FromPort: aws.Int32(5432), ToPort: aws.Int32(5432), UserIdGroupPairs: []types.UserIdGroupPair{{GroupId: &group}}}}
	}
	ok(s, AuthorizeSecurityGroupIngress, &ec2.AuthorizeSecurityGroupIngressInput{GroupId: &db, IpPermissions: from(web)})
	ok(s, AuthorizeSecurityGroupIngress, &ec2.AuthorizeSecurityGroupIngressInput{GroupId: &web, IpPermissions: from(web)})
	in := &ec2.DeleteSecurityGroupInput{GroupId: &web}
	refused(s, DeleteSecurityGroup, in, "DependencyViolation", "resource "+web+" has a dependent object")
	ok(s, RevokeSecurityGroupIngress, &ec2.RevokeSecurityGroupIngressInput{GroupId: &db, IpPermissions: from(web)})
	i := s.iface(world.Interface{SubnetID: subnet, Groups: []string{web}})
	refused(s, DeleteSecurityGroup, in, "DependencyViolation", "")
	DeleteInterface(s.World, s.Region, i.ID)
	ok(s, DeleteSecurityGroup, in)
	refused(s, DeleteSecurityGroup, in, "InvalidGroup.NotFound", "The security group '"+web+"' does not exist")

	born := defaultGroup(&s.Region.EC2.Network, vpc)
	refused(s, DeleteSecurityGroup, &ec2.DeleteSecurityGroupInput{GroupId: &born}, "CannotDelete", "cannot be deleted by a user")
}

func TestGroupsAreFoundByTheirRules(t *testing.T) {
	s := newSite(t)
	vpc := s.vpc("10.0.0.0/16")
	web := s.group(vpc, "web")
	s.group(vpc, "other")
	ok(s, AuthorizeSecurityGroupIngress, &ec2.AuthorizeSecurityGroupIngressInput{
		GroupId: &web, IpProtocol: aws.String("tcp"), FromPort: aws.Int32(80), ToPort: aws.Int32(80), CidrIp: aws.String("192.0.2.0/24"),
	})
	for _, f := range [][]types.Filter{
		filters("ip-permission.cidr", "192.0.2.0/24"), filters("ip-permission.from-port", "80"), filters("ip-permission.protocol", "tcp"),
		filters("group-name", "w?b", "vpc-id", vpc),
	} {
		got := ok(s, DescribeSecurityGroups, &ec2.DescribeSecurityGroupsInput{Filters: f}).SecurityGroups
		if len(got) != 1 || *got[0].GroupId != web {
			t.Errorf("%s: %d groups", *f[0].Name, len(got))
		}
	}
	refused(s, DescribeSecurityGroups, &ec2.DescribeSecurityGroupsInput{Filters: filters("group", "x")}, "InvalidParameterValue", "The filter 'group' is invalid")
	refused(s, DescribeSecurityGroups, &ec2.DescribeSecurityGroupsInput{GroupNames: []string{"web"}}, "InvalidGroup.NotFound", "default VPC")
}
