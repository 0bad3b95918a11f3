package network

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"berth/internal/sim/wire"
	"berth/internal/sim/world"
)

// site is a region to build networks in.
type site struct {
	*world.Call
	t testing.TB
}

func newSite(t testing.TB) *site {
	w := world.New(1)
	w.Attach(Handlers(), nil)
	return &site{Call: &world.Call{World: w, Region: w.Region("eu-west-1"), Service: "ec2", Operation: "Test"}, t: t}
}

// ok calls an operation that must succeed.
func ok[I, O any](s *site, f func(*world.Call, *I) (*O, error), in *I) *O {
	s.t.Helper()
	out, err := f(s.Call, in)
	if err != nil {
		s.t.Fatalf("%T: %v", in, err)
	}
	return out
}

// refused calls an operation that must answer the code, and a message that holds the words.
func refused[I, O any](s *site, f func(*world.Call, *I) (*O, error), in *I, code, words string) {
	s.t.Helper()
	_, err := f(s.Call, in)
	var e *wire.Error
	if !errors.As(err, &e) || e.Code != code || !strings.Contains(e.Message, words) {
		s.t.Errorf("%T: got %v, want %s: …%s…", in, err, code, words)
	}
}

func (s *site) vpc(cidr string) string {
	s.t.Helper()
	out := ok(s, CreateVpc, &ec2.CreateVpcInput{CidrBlock: &cidr})
	s.Advance(2 * time.Second)
	return *out.Vpc.VpcId
}

func (s *site) subnet(vpc, cidr, zone string) string {
	s.t.Helper()
	return *ok(s, CreateSubnet, &ec2.CreateSubnetInput{VpcId: &vpc, CidrBlock: &cidr, AvailabilityZone: &zone}).Subnet.SubnetId
}

// gateway makes an internet gateway and attaches it.
func (s *site) gateway(vpc string) string {
	s.t.Helper()
	id := *ok(s, CreateInternetGateway, &ec2.CreateInternetGatewayInput{}).InternetGateway.InternetGatewayId
	ok(s, AttachInternetGateway, &ec2.AttachInternetGatewayInput{InternetGatewayId: &id, VpcId: &vpc})
	return id
}

// table makes a route table and ties it to the subnets.
func (s *site) table(vpc string, subnets ...string) string {
	s.t.Helper()
	id := *ok(s, CreateRouteTable, &ec2.CreateRouteTableInput{VpcId: &vpc}).RouteTable.RouteTableId
	for _, x := range subnets {
		ok(s, AssociateRouteTable, &ec2.AssociateRouteTableInput{RouteTableId: &id, SubnetId: &x})
	}
	return id
}

func (s *site) address() string {
	s.t.Helper()
	return *ok(s, AllocateAddress, &ec2.AllocateAddressInput{Domain: types.DomainTypeVpc}).AllocationId
}

func (s *site) nat(subnet, address string) string {
	s.t.Helper()
	return *ok(s, CreateNatGateway, &ec2.CreateNatGatewayInput{SubnetId: &subnet, AllocationId: &address}).NatGateway.NatGatewayId
}

func (s *site) natGateway(id string) types.NatGateway {
	s.t.Helper()
	return ok(s, DescribeNatGateways, &ec2.DescribeNatGatewaysInput{NatGatewayIds: []string{id}}).NatGateways[0]
}

func (s *site) group(vpc, name string) string {
	s.t.Helper()
	return *ok(s, CreateSecurityGroup, &ec2.CreateSecurityGroupInput{VpcId: &vpc, GroupName: &name, Description: &name}).GroupId
}

// iface puts an interface into a subnet as a service would.
func (s *site) iface(spec world.Interface) *world.Interface {
	s.t.Helper()
	i, err := NewInterface(s.World, s.Region, spec)
	if err != nil {
		s.t.Fatal(err)
	}
	return i
}

func filters(pairs ...string) []types.Filter {
	var out []types.Filter
	for p := range slices.Chunk(pairs, 2) {
		out = append(out, types.Filter{Name: aws.String(p[0]), Values: []string{p[1]}})
	}
	return out
}

func tagged(resource types.ResourceType, pairs ...string) []types.TagSpecification {
	var tags []types.Tag
	for p := range slices.Chunk(pairs, 2) {
		tags = append(tags, types.Tag{Key: aws.String(p[0]), Value: aws.String(p[1])})
	}
	return []types.TagSpecification{{ResourceType: resource, Tags: tags}}
}
