package network

import (
	"bytes"
	"reflect"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
)

// build makes one of everything.
func build(t *testing.T) *site {
	s := newSite(t)
	vpc := s.vpc("10.0.0.0/16")
	public, private := s.subnet(vpc, "10.0.1.0/24", "eu-west-1a"), s.subnet(vpc, "10.0.2.0/24", "eu-west-1a")
	gateway, out, in := s.gateway(vpc), s.table(vpc, public), s.table(vpc, private)
	ok(s, CreateRoute, &ec2.CreateRouteInput{RouteTableId: &out, DestinationCidrBlock: aws.String("0.0.0.0/0"), GatewayId: &gateway})
	ok(s, CreateVpcEndpoint, &ec2.CreateVpcEndpointInput{VpcId: &vpc, ServiceName: aws.String(s3), RouteTableIds: []string{in}})
	nat := s.nat(public, s.address())
	ok(s, CreateRoute, &ec2.CreateRouteInput{RouteTableId: &in, DestinationCidrBlock: aws.String("0.0.0.0/0"), NatGatewayId: &nat})
	s.group(vpc, "web")
	return s
}

func save(t *testing.T, s *site) []byte {
	b, err := s.Save()
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestSameCallsMakeTheSameWorld(t *testing.T) {
	if !bytes.Equal(save(t, build(t)), save(t, build(t))) {
		t.Error("two worlds differ")
	}
}

func TestForkedWorldGoesOnLikeTheFirst(t *testing.T) {
	s := build(t)
	f, err := s.Fork()
	if err != nil {
		t.Fatal(err)
	}
	s.Advance(10 * time.Minute)
	f.Advance(10 * time.Minute)
	b, err := f.Save()
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(save(t, s), b) {
		t.Error("the fork went another way")
	}
	for g := range f.Region("eu-west-1").EC2.NATGateways.Rows() {
		if g.State != natAvailable {
			t.Errorf("NAT gateway of the fork: %s", g.State)
		}
	}
}

// TestReadsChangeNothing asks everything.
func TestReadsChangeNothing(t *testing.T) {
	s := build(t)
	before := save(t, s)
	for name, op := range reads() { // unordered: reads change nothing
		if name == "DescribeVpcAttribute" || name == "GetManagedPrefixListEntries" { // have required parameters
			continue
		}
		if _, err := op.Run(s.Call, reflect.New(op.In).Interface()); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	if !bytes.Equal(before, save(t, s)) {
		t.Error("a read changed the world")
	}
}
