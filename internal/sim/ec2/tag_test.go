package ec2

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"berth/internal/sim/ec2/network"
	"berth/internal/sim/wire"
	"berth/internal/sim/world"
)

// tagSite is a region with a VPC and a security group in it.
func tagSite(t *testing.T) (c *world.Call, vpc, group string) {
	t.Helper()
	w := world.New(1)
	w.Attach(Handlers(), nil)
	c = &world.Call{World: w, Region: w.Region("eu-west-1"), Service: "ec2", Operation: "Test"}
	v, err := network.CreateVpc(c, &ec2.CreateVpcInput{CidrBlock: aws.String("10.0.0.0/16")})
	if err != nil {
		t.Fatal(err)
	}
	g, err := network.CreateSecurityGroup(c, &ec2.CreateSecurityGroupInput{VpcId: v.Vpc.VpcId, GroupName: aws.String("g"), Description: aws.String("g")})
	if err != nil {
		t.Fatal(err)
	}
	w.Advance(time.Minute)
	return c, *v.Vpc.VpcId, *g.GroupId
}

func pairs(kv ...string) []types.Tag {
	var out []types.Tag
	for i := 0; i < len(kv); i += 2 {
		out = append(out, types.Tag{Key: aws.String(kv[i]), Value: aws.String(kv[i+1])})
	}
	return out
}

func wantTags(t *testing.T, c *world.Call, want string, filters ...types.Filter) {
	t.Helper()
	out, err := DescribeTags(c, &ec2.DescribeTagsInput{Filters: filters})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, x := range out.Tags {
		got = append(got, string(x.ResourceType)+":"+*x.Key+"="+*x.Value)
	}
	if strings.Join(got, " ") != want {
		t.Errorf("tags: %v, want %s", got, want)
	}
}

func wantRefusal(t *testing.T, err error, code string) {
	t.Helper()
	if e, ok := errors.AsType[*wire.Error](err); !ok || e.Code != code {
		t.Errorf("got %v, want %s", err, code)
	}
}

func TestTagsAreSetChangedAndTakenOff(t *testing.T) {
	c, vpc, group := tagSite(t)
	set := func(kv ...string) {
		t.Helper()
		if _, err := CreateTags(c, &ec2.CreateTagsInput{Resources: []string{vpc, group}, Tags: pairs(kv...)}); err != nil {
			t.Fatal(err)
		}
	}
	set("Name", "a", "team", "x")
	set("Name", "b")
	wantTags(t, c, "security-group:Name=b security-group:team=x vpc:Name=b vpc:team=x")
	byVPC := types.Filter{Name: aws.String("resource-id"), Values: []string{vpc}}
	wantTags(t, c, "vpc:Name=b vpc:team=x", byVPC)
	wantTags(t, c, "vpc:team=x", byVPC, types.Filter{Name: aws.String("key"), Values: []string{"te*"}})
	wantTags(t, c, "vpc:team=x", types.Filter{Name: aws.String("resource-type"), Values: []string{"vpc"}}, types.Filter{Name: aws.String("value"), Values: []string{"x"}})

	off := func(id string, tags []types.Tag) {
		t.Helper()
		if _, err := DeleteTags(c, &ec2.DeleteTagsInput{Resources: []string{id}, Tags: tags}); err != nil {
			t.Fatal(err)
		}
	}
	off(vpc, pairs("Name", "other"))
	wantTags(t, c, "vpc:Name=b vpc:team=x", byVPC)
	off(vpc, []types.Tag{{Key: aws.String("Name")}, {Key: aws.String("none")}})
	wantTags(t, c, "vpc:team=x", byVPC)
	off(group, nil)
	wantTags(t, c, "vpc:team=x")
}

func TestTagsThatAWSSetStay(t *testing.T) {
	c, vpc, _ := tagSite(t)
	v, _ := c.Region.EC2.VPCs.Get(vpc)
	v.Tags = v.Tags.Set(world.Tag{Key: "aws:made-by", Value: "x"}, world.Tag{Key: "k", Value: "v"})
	if _, err := DeleteTags(c, &ec2.DeleteTagsInput{Resources: []string{vpc}}); err != nil {
		t.Fatal(err)
	}
	wantTags(t, c, "vpc:aws:made-by=x")
	_, err := DeleteTags(c, &ec2.DeleteTagsInput{Resources: []string{vpc}, Tags: pairs("aws:made-by", "x")})
	wantRefusal(t, err, "InvalidParameterValue")
}

func TestTaggingIsAllOrNothing(t *testing.T) {
	c, vpc, _ := tagSite(t)
	for _, x := range []struct{ id, code string }{
		{"subnet-0123456789abcdef0", "InvalidSubnetID.NotFound"},
		{"vpc-0123456789abcdef0", "InvalidVpcID.NotFound"},
		{"i-0123456789abcdef0", "InvalidInstanceID.NotFound"},
		{"xyz-1", "InvalidID"},
	} {
		_, err := CreateTags(c, &ec2.CreateTagsInput{Resources: []string{vpc, x.id}, Tags: pairs("a", "b")})
		wantRefusal(t, err, x.code)
	}
	_, err := CreateTags(c, &ec2.CreateTagsInput{Resources: []string{vpc}, Tags: pairs("aws:a", "b")})
	wantRefusal(t, err, "InvalidParameterValue")
	_, err = CreateTags(c, &ec2.CreateTagsInput{Resources: []string{vpc}})
	wantRefusal(t, err, "MissingParameter")
	var many []string
	for i := range 51 {
		many = append(many, "k"+strings.Repeat("x", i), "")
	}
	_, err = CreateTags(c, &ec2.CreateTagsInput{Resources: []string{vpc}, Tags: pairs(many[:100]...)})
	if err != nil {
		t.Fatal(err)
	}
	_, err = CreateTags(c, &ec2.CreateTagsInput{Resources: []string{vpc}, Tags: pairs(many[100:]...)})
	wantRefusal(t, err, "TagLimitExceeded")
}

func TestDryRunChangesNothing(t *testing.T) {
	c, vpc, _ := tagSite(t)
	for _, dry := range []bool{true, false} {
		_, err := Operations()["CreateTags"].Run(c, &ec2.CreateTagsInput{Resources: []string{vpc}, Tags: pairs("a", "b"), DryRun: &dry})
		if !dry && err != nil {
			t.Fatal(err)
		}
		if dry {
			wantRefusal(t, err, "DryRunOperation")
			wantTags(t, c, "")
		}
	}
	wantTags(t, c, "vpc:a=b")
}

// TestEveryKindOfResourceHasItsOwnPrefix: two kinds with one prefix would hide each other from the tag operations.
func TestEveryKindOfResourceHasItsOwnPrefix(t *testing.T) {
	for _, id := range []string{
		"vpc-", "subnet-", "rtb-", "igw-", "eipalloc-", "nat-", "sg-", "sgr-", "vpce-", "eni-", "acl-", "dopt-", "i-", "vol-", "key-", "lt-",
	} {
		owners := 0
		for _, k := range taggables() {
			if k.Owns(id + "0123456789abcdef0") {
				owners++
			}
		}
		if owners != 1 {
			t.Errorf("%s: %d kinds", id, owners)
		}
	}
}
